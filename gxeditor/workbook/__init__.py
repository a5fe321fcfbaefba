"""Any Excel workbook, without knowing what a report is.

May be called: `read.open_workbook` (file → `Workbook`), `formulas.calculate` (what its formulas give), `write.written`
(`Changes` → the bytes of the changed workbook, verified), and the values of `cells`, `formats` and `changes`. A
workbook is never written anew: single cells are patched, everything else keeps its bytes.
"""
