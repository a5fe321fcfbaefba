"""Stands in the Windows program for `socket`, which `email.utils` loads for a name that it never asks for here.

There is nothing in it: the program ships no module that could open a connection.
"""
