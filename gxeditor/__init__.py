"""Offline editor for the annual report on open government information（政府信息公开工作年度报告）.

Knows its own version and nothing else; importing it costs nothing and registers nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """Look `__version__` up when it is asked for: a start of the editor does not need it.

        In a checkout pyproject.toml says it, whatever version may be installed besides; else the
        installation does.
        """
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from pathlib import Path

        project = Path(__file__).parents[1] / "pyproject.toml"
        if project.is_file():
            import tomllib

            return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
        from importlib.metadata import version

        return version("gxeditor")
