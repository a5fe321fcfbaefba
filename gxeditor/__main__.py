"""python -m gxeditor, and the entry point of the installed program."""

from __future__ import annotations

import sys

from gxeditor.cli import main

if __name__ == "__main__":
    sys.exit(main())
