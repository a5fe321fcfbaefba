"""What the words of foreign files mean: labels of rows and columns, headings, and the paths they form.

Knows the printed wording of a form and the aliases in resources. Every reader and the mapping of templates ask here, so
a label is understood alike wherever it stands. Knows no file format.
"""
