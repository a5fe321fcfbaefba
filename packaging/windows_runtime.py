"""CPython for Windows and its standard library, as parts of a bundle.

Knows where the official files come from (a wheel that carries them, or the zip that python.org publishes), that each
is signed by the Python Software Foundation, which modules of the standard library are kept, and how to stand in for
python3.dll, which the wheel lacks. Runs nothing of what it handles; the forwarding DLL is made by the C compiler.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import authenticode
from bundle import Bundle, Part, compiled
from pe import parse
from wheels import BuildError

VERSION = (3, 11)
LIBRARY = "python311.zip"
STAND_INS = {
    "importlib.metadata": Path(__file__).with_name("no_metadata.py"),
    "socket": Path(__file__).with_name("no_socket.py"),
}
"""Modules of ours in the place of some of the standard library, by dotted name."""


def runtime(choice: Mapping[str, Any], archive: Path, embedded: bool, compiler: str) -> Bundle:
    """python311.dll, python3.dll and the extension modules, every one with its signature checked.

    `archive` is the wheel that carries them, or python.org's zip where `embedded` is true.
    """
    if embedded and hashlib.sha256(archive.read_bytes()).hexdigest() != choice["embed_zip_sha256"]:
        raise BuildError(f"{archive.name} is not the zip of CPython {choice['version']} that is expected.")
    prefix = "" if embedded else f"{choice['folder']}/"
    origin = f"CPython {choice['version']}, {'python.org' if embedded else archive.name}"
    bundle: Bundle = {}
    with ZipFile(archive) as files:
        for name in [*choice["files"], *(["python3.dll"] if embedded else [])]:
            data = files.read(prefix + name)
            try:
                authenticode.check(data, choice["signed_by"], choice["authorities"])
            except authenticode.BadSignature as error:
                raise BuildError(
                    f"{name} in {archive.name} is not as its makers signed it: {error}."
                ) from error
            bundle[name] = Part(data, origin)
    if not embedded:
        bundle["python3.dll"] = Part(_forwarder(bundle["python311.dll"].data, compiler), "gxeditor")
    return bundle


def _forwarder(python: bytes, compiler: str) -> bytes:
    """python3.dll: every name of python311.dll, sent on to it. Qt's modules are linked against this one."""
    names = parse(python).exports()
    with tempfile.TemporaryDirectory() as folder:
        definition, library = Path(folder) / "python3.def", Path(folder) / "python3.dll"
        lines = ["LIBRARY python3.dll", "EXPORTS", *(f"  {name} = python311.{name}" for name in names)]
        definition.write_text("\n".join(lines) + "\n", encoding="ascii")
        # Left alone, the linker takes the time and the name of this folder into the file.
        fixed = ["-Wl,--no-insert-timestamp", "-Wl,--image-base=0x180000000"]
        options = ["-shared", "-nostdlib", "-s", "-Wl,--entry=0", *fixed]
        subprocess.run([compiler, *options, "-o", str(library), str(definition)], check=True)
        return library.read_bytes()


def library_folder() -> Path:
    """Where the Python that runs this has its standard library."""
    return Path(sysconfig.get_path("stdlib"))


def standard_library(choice: Mapping[str, Any]) -> dict[str, tuple[bytes, bool]]:
    """The kept modules by dotted name: source, and whether it is a package; from the Python that runs this."""
    folder = library_folder()
    kept: dict[str, tuple[bytes, bool]] = {}
    for path in sorted(_sources(folder)):
        parts = path.relative_to(folder).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        if _is_kept(name, is_package, choice["modules"], choice["left_out"]):
            kept[name] = path.read_bytes(), is_package
    kept |= _stand_ins()
    missing = [name for name in choice["modules"] if name not in kept]
    if missing:
        raise BuildError(f"The standard library in {folder} lacks {', '.join(missing)}.")
    return kept


def _stand_ins() -> dict[str, tuple[bytes, bool]]:
    return {name: (path.read_bytes(), False) for name, path in STAND_INS.items()}


def _sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.suffix == ".py":
            yield entry
        elif entry.is_dir() and entry.name not in ("site-packages", "dist-packages", "test"):
            yield from entry.rglob("*.py")


def embedded_library(archive: Path, choice: Mapping[str, Any]) -> dict[str, bytes]:
    """The kept modules of python.org's own compiled library: .pyc by path in its zip."""
    kept: dict[str, bytes] = {}
    with ZipFile(archive) as outer, ZipFile(io.BytesIO(outer.read(LIBRARY))) as files:
        for entry in sorted(files.namelist()):
            path = PurePosixPath(entry)
            if path.suffix != ".pyc":
                continue
            is_package = path.stem == "__init__"
            name = ".".join(path.parent.parts if is_package else path.with_suffix("").parts)
            if _is_kept(name, is_package, choice["modules"], choice["left_out"]):
                kept[entry] = files.read(entry)
    return kept | compiled_modules(_stand_ins())


def _is_kept(name: str, is_package: bool, kept: list[str], left_out: list[str]) -> bool:
    """A name that is kept brings its submodules, and the packages it lies in without theirs."""
    if any(name == item or name.startswith(f"{item}.") for item in left_out):
        return False
    if any(name == item or name.startswith(f"{item}.") for item in kept):
        return True
    return is_package and any(item.startswith(f"{name}.") for item in kept)


def library_zip(modules: Mapping[str, bytes]) -> bytes:
    """Compiled modules as one zip, uncompressed: it starts quicker, and the installer packs better by itself."""
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_STORED) as files:
        for path, content in sorted(modules.items()):
            files.writestr(ZipInfo(path, (2020, 1, 1, 0, 0, 0)), content)
    return data.getvalue()


def compiled_modules(sources: Mapping[str, tuple[bytes, bool]]) -> dict[str, bytes]:
    """Path and .pyc of each module given by dotted name."""
    result = {}
    for name, (source, is_package) in sources.items():
        path = name.replace(".", "/") + ("/__init__" if is_package else "")
        result[f"{path}.pyc"] = compiled(source, f"{path}.py")
    return result


def check_python() -> str:
    """The version that runs the build; compiled modules fit one minor version of Python only."""
    if sys.version_info[:2] != VERSION:
        raise BuildError(
            "The build needs Python 3.11, whose compiled modules the program ships. "
            "On Debian 12: apt-get install python3.11; on Windows: py -3.11 packaging\\build_windows.py."
        )
    return sys.version.split()[0]
