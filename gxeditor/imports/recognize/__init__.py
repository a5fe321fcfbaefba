"""A source → a report with notes on all that is doubtful or went nowhere.

`report.recognize` is the face. Behind it: `front` (title, agency, year), `wrapping` (lines of a PDF), `tables` and
`order` (figures by columns, or by the order of the labels).
"""
