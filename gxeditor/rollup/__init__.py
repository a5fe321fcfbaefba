"""A roll-up and its folder: lists of units read from files, reports read from the folder, everything that is written.

Works through `documents`, so it reads whatever the program reads. Knows no window.
"""
