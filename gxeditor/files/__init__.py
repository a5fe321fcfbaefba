"""The disk: the door for everything that is read, own or foreign, and for everything that is written.

`reading` opens nothing but regular files and reads no more than it was told; `atomic` writes a file whole or not at
all; `aside` moves what cannot be read out of the way, never away, and says so; `names` makes and compares names of
files; `package` is an Office file as parts.
"""
