"""A table of the form as a grid: how its cells look, its keys, selection and clipboard. `grid.GridView` is the face."""
