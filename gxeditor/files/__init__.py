"""The door to the disk for everything that is read, own or foreign, and the place for what turns out odd.

`reading` opens nothing but regular files and reads no more than it was told; `aside` moves what cannot be read out of
the way, never away, and says so.
"""
