"""A report on pages, set once: preview, printer and file take the same bytes.

May be called: `pdf.make_pdf` (report → PDF/A-2b with the places of its cells), `layouts` (what may be chosen about the
page), `raster` (pages as pictures), `faces` (which fonts there are). Knows no window.
"""
