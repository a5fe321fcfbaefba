"""python -m gxeditor, and the entry point of the installed program."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """The program, or its child process (`worker`), which loads no command line."""
    if sys.argv[1:2] == ["--worker"]:
        from gxeditor.worker import serve

        return serve(*sys.argv[2:3])
    if sys.argv[1:2] == ["convert"]:
        from gxeditor import worker

        worker.collect_rarely()
        if any(word.lower().endswith(".pdf") for word in sys.argv[3:]):
            worker.pages().warm(
                worker.VALIDATOR
            )  # before the command line is loaded, so that both are ready at the same time
    from gxeditor.cli import main as command_line

    code = command_line()
    gc.freeze()  # nothing is looked through for garbage that ends with the process
    return code


if __name__ == "__main__":
    sys.exit(main())
