"""Which cell of a foreign workbook is which cell of the report, and what a person corrects in that.

May be called: `placement.map_template` (a workbook → `TemplateMap`), `placement.to_json` and `from_json` (a map as it
is handed on), `corrections` (a map → a map). Fills nothing and reads no report.
"""
