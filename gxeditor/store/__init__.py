"""Our own files: the report file and the journal, written so that any second may be the last.

Knows the formats and the disk. Deliberately knows no window and no foreign format; it asks nobody anything: a conflict
or a failure is raised in words for whoever can ask.
"""
