"""A report as a file of another format, one module each: report → bytes.

Each draws from the form and its grids. `documents.export` is the face for window and command line; blank workbooks are
in `blanks`. What is set on pages is in `paper`.
"""
