"""Foreign reports in: bytes of some format → `Source` → report with notes.

`doors` is the face. `source` is the one intermediate; a format is one file in `formats` that makes it, and one row of
`doors.FORMATS`; `recognize` makes a report of it and says what it could not place. Formats and recognition do not know
each other. Pasted tables come in by `doors.pasted_table` and `recognize.report.recognize_table`.
"""
