"""The report and its rules, as values.

Knows the form, a report, the consistency rules and the history of a report. Uses the standard library only and
deliberately knows no file, no clock and no Qt: whatever is read or shown is handed in or taken out as a value.
"""
