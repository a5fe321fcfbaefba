"""Filling the province's own workbook: what goes where, and the filled file.

`shelf` is the face for window and command line: open, plan, write, keep maps. `plan` says cell by cell what would be
written and what is in doubt; it hands `workbook.write` a value of changes. The template itself is never written to.
"""
