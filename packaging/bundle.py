"""The program's folder as a value: what is in it, where each file came from, and whether anything is missing.

Knows sourceless compilation, the digest by which two builds are compared, and the two closure checks: no DLL and no
module may be imported that is neither in the bundle nor on every Windows the program supports. Wine brings a C++
runtime of its own and would hide the first; a Python with all its library would hide the second. Does not know what
belongs into a bundle.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import marshal
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import CodeType

from pe import parse

EXECUTABLES = (".exe", ".dll", ".pyd")
# 2020-01-01, the time of every file: a build says nothing about when it was made.
TIME = 1_577_836_800


@dataclass(frozen=True)
class Part:
    """One file of the bundle; `origin` names the wheel or the tool it came from."""

    data: bytes
    origin: str


Bundle = dict[str, Part]  # by path from the bundle's root, with forward slashes


# --- compiled modules -----------------------------------------------------------------------------------------


def compiled(source: bytes, shown_as: str) -> bytes:
    """A .pyc to stand in place of its source; `shown_as` is the path in tracebacks. Same source, same bytes.

    It carries the hash of its source instead of a time and is not checked against one (PEP 552).
    """
    code = compile(source, shown_as.replace("/", "\\"), "exec", dont_inherit=True, optimize=0)
    # marshal marks an object that has a second reference, and who else holds a string depends on what else this
    # process has done. Here everything has one.
    held = list(_objects(code))
    # So does whether a string of one letter, of which a process has one only, is marked as interned. Here all are.
    for one in held:
        if isinstance(one, str) and len(one) == 1:
            sys.intern(one)
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(source)
    data = head + marshal.dumps(code)
    del held
    return data


def _objects(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, CodeType):
        for name in dir(value):
            if name.startswith("co_") and name not in ("co_lines", "co_positions", "co_code", "co_lnotab"):
                yield from _objects(getattr(value, name))
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from _objects(item)


def unguarded_imports(source: bytes, module: str, is_package: bool) -> set[str]:
    """The modules without which `module` cannot be imported: not those in a try, `with suppress`, if or function."""
    package = module if is_package else module.rpartition(".")[0]
    found: set[str] = set()
    pending: list[ast.stmt] = list(ast.parse(source).body)
    for node in pending:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            found.add(".".join([*base, *([node.module] if node.module else [])]))
        elif isinstance(node, ast.ClassDef) or (isinstance(node, ast.With) and not _suppresses(node)):
            pending.extend(node.body)
    return found


def _suppresses(node: ast.With) -> bool:
    """Whether it reads `with suppress(…)`."""
    calls = [item.context_expr.func for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(getattr(call, "attr", getattr(call, "id", "")) == "suppress" for call in calls)


def missing_modules(
    sources: Mapping[str, tuple[bytes, bool]], others: Collection[str]
) -> dict[str, list[str]]:
    """What the modules import and nobody provides, with who asks for it.

    `sources` are the modules of the bundle by dotted name, each with whether it is a package; `others` are the
    built-in modules and those in .pyd files.
    """
    missing: dict[str, list[str]] = {}
    for module, (source, is_package) in sorted(sources.items()):
        for name in unguarded_imports(source, module, is_package):
            parts = name.split(".")
            wanted = [".".join(parts[: n + 1]) for n in range(len(parts))]
            if any(item not in sources and item not in others for item in wanted):
                missing.setdefault(name, []).append(module)
    return missing


# --- the bundle -----------------------------------------------------------------------------------------------


def missing_dlls(bundle: Bundle, system: Collection[str]) -> dict[str, list[str]]:
    """The DLLs that are imported but neither in the bundle nor among `system`, with who needs them.

    `system` names what Windows itself has, in small letters; api-ms-win-* and ext-ms-* stand for parts of it.
    """
    present = {PurePosixPath(name).name.lower() for name in bundle}
    missing: dict[str, list[str]] = {}
    for name, part in sorted(bundle.items()):
        if not name.lower().endswith(EXECUTABLES):
            continue
        for dll in parse(part.data).imports():
            if dll not in present and dll not in system and not dll.startswith(("api-ms-win-", "ext-ms-")):
                missing.setdefault(dll, []).append(name)
    return missing


def digest(bundle: Bundle) -> str:
    """SHA-256 over names and contents: two bundles with the same one are the same."""
    total = hashlib.sha256()
    for name, part in sorted(bundle.items()):
        total.update(f"{hashlib.sha256(part.data).hexdigest()} {name}\n".encode())
    return total.hexdigest()


def listing(bundle: Bundle) -> str:
    """One line per file: SHA-256, size in bytes, path, origin; for whoever must know what is on their disks."""
    return "".join(
        f"{hashlib.sha256(part.data).hexdigest()}  {len(part.data):>9}  {name}  ({part.origin})\n"
        for name, part in sorted(bundle.items())
    )


def summary(bundle: Bundle) -> str:
    """The size by origin, largest first."""
    sizes: dict[str, tuple[int, int]] = {}
    for part in bundle.values():
        count, size = sizes.get(part.origin, (0, 0))
        sizes[part.origin] = count + 1, size + len(part.data)
    lines = [
        f"{size / 1e6:9.2f} MB {count:5} files  {origin}"
        for origin, (count, size) in sorted(sizes.items(), key=lambda item: -item[1][1])
    ]
    total = sum(len(part.data) for part in bundle.values())
    return "\n".join([*lines, f"{total / 1e6:9.2f} MB {len(bundle):5} files  in all"])


def write(bundle: Bundle, folder: Path) -> None:
    """Make `folder` hold the bundle and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, part in sorted(bundle.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(part.data)
        os.utime(path, (TIME, TIME))
