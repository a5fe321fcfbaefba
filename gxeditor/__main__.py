"""python -m gxeditor, and the entry point of the installed program."""

from __future__ import annotations

import sys


def main() -> int:
    """The program, or its child process (`worker`), which loads no command line."""
    if sys.argv[1:] == ["--worker"]:
        from gxeditor.worker import serve

        return serve()
    from gxeditor.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
