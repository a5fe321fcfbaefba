"""Pages on the screen, to the printer and into files. `output.Output` is the face for the window."""
