"""The manual inside the program: `manual` is what it says, `view` shows it. Where it stands is decided by `shell.helping`."""
