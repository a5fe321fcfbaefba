"""Stands in the Windows program for `socket`, which `email.utils` and `platform` load to ask for the computer's name.

It has none, as where there is no network: the program ships no module that could open a connection.
"""


def gethostname() -> str:
    raise OSError("no network")
