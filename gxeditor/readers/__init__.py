"""Foreign reports in: a reader per file format makes a `Source`, `recognize` makes a report of it.

`sources.read_source` is the door for files, `recognize.recognize_table` the one for pasted tables.
"""
