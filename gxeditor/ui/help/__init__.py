"""The manual inside the program: `manual` is what it says, `view` shows it. `shell.helping` decides where it stands."""
