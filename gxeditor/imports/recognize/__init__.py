"""A source → a report with notes on all that is doubtful or went nowhere.

`report` is the face and puts everything together. Behind it: `text` (sections, signature), `front` (title, agency,
year), `wrapping` (lines of a PDF), `tables` and `order` (figures by columns, or by the order of the labels), `notes`
(what a person is told).
"""
