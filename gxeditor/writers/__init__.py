"""Reports out: each writer draws from the form and its grids and knows one file format."""
