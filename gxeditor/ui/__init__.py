"""The window and everything in it.

Everything that imports PySide6, save the start of the program and its self-test, lives here. The widgets
draw what the session holds and hand every edit back to it. It deliberately knows no file format and keeps
no report, no finding and no rule of its own: those are values of the core, read and written elsewhere.
`session` is the one door for edits; `shell` puts the rooms together, which know each other only downwards.
"""
