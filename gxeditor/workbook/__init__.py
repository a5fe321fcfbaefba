"""Any Excel workbook, without knowing what a report is.

May be called: `read.open_workbook` (bytes → `Workbook`), `splice` (which bytes of a sheet change), `formulas` (what its
formulas give). A workbook is never written anew: single cells are patched, everything else keeps its bytes.
"""
