"""The window of a roll-up: its units, sums, checks and letters; loaded when a roll-up is first opened."""
