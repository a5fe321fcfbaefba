"""Foreign reports in: bytes of some format → `Source` → report with notes.

`source` is the one intermediate; a format is one file in `formats` that makes it; `recognize` makes a report of it and
says what it could not place. The door is `filing.read`; pasted tables come in by `recognize.report.recognize_table`.
"""
