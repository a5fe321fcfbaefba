"""What the formulas of a workbook give once figures have been written into it: `calculate.calculate`.

`parser` reads a formula, `functions` are what it may call, `values` what they work on. What is not known for sure is
said and never guessed. Knows no form and writes nothing.
"""
