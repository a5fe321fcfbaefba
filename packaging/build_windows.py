"""Builds the Windows program on any host: its folder, the installer and the portable zip.

    python packaging/build_windows.py        (Linux; `make windows`)
    py -3.11 packaging\\build_windows.py      (Windows)

Knows how the folder is laid out and from what it is put together; packaging/windows.toml says what is taken from
where, packaging/requirements-windows.txt pins it, packaging/installer.nsi lays it on a disk. Needs Python 3.11, a
mingw compiler with windres, and makensis. Nothing is fetched that the lock file does not pin, and nothing twice.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import windows_runtime
from bundle import (
    EXECUTABLES,
    TIME,
    Bundle,
    Part,
    digest,
    listing,
    missing_dlls,
    missing_modules,
    summary,
    write,
)
from wheels import WINDOWS, BuildError, download, entries, fetch, is_kept, pinned
from windows_runtime import LIBRARY

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
LOCK = HERE / "requirements-windows.txt"
NAME = "政府信息公开年报编辑器"
PUBLISHER = "gxeditor contributors"
PROGRAM = "program"  # the folder beside the two .exe, in which everything else lies as in a checkout
PACKAGES = "packages.zip"
SOURCE = "gxeditor"
LIMIT = 45_000_000  # bytes of the installer

Sources = dict[str, tuple[bytes, bool]]


# --- what it is made of ---------------------------------------------------------------------------------------


def version() -> str:
    """The version, which stands in pyproject.toml and nowhere else."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def make_lock() -> None:
    """Write the lock file: of each package in requirements.txt the one wheel that Windows takes, and the carrier."""
    carrier = entries(LOCK)["panda3d"]
    wanted = entries(PROJECT / "requirements.txt")
    with tempfile.TemporaryDirectory() as folder:
        download(PROJECT / "requirements.txt", WINDOWS, Path(folder))
        lines = [
            "# Wheels for Windows (amd64, CPython 3.11) of what requirements.txt names, by build_windows.py --lock."
        ]
        for path in sorted(Path(folder).glob("*.whl"), key=lambda path: path.name.lower()):
            name = path.name.split("-")[0].lower().replace("_", "-")
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{pinned(wanted[name])} \\\n    --hash=sha256:{sha256}")
    lines.append("# Carries CPython for Windows; the rest of it is not used.")
    LOCK.write_text("\n".join([*lines, carrier]) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Tools:
    """The programs that the build calls; `sign` signs a file in place, or is empty."""

    compiler: str
    windres: str
    makensis: str
    sign: tuple[str, ...]


def find_tools() -> Tools:
    """Raises `BuildError`, which says what to install."""
    nsis = [str(Path(root) / "NSIS" / "makensis") for root in _program_folders()]
    tools = {
        "compiler": ("x86_64-w64-mingw32-gcc", "gcc"),
        "windres": ("x86_64-w64-mingw32-windres", "windres"),
        "makensis": ("makensis", *nsis),
    }
    found = {
        key: next((path for name in names if (path := shutil.which(name))), "")
        for key, names in tools.items()
    }
    if missing := [tools[key][0] for key, path in found.items() if not path]:
        raise BuildError(
            f"Not found: {', '.join(missing)}. On Debian: apt-get install gcc-mingw-w64-x86-64 nsis; "
            "on Windows: a mingw-w64 toolchain on PATH, and NSIS 3."
        )
    return Tools(**found, sign=tuple(shlex.split(os.environ.get("GXEDITOR_SIGN", ""), posix=os.name != "nt")))


def _program_folders() -> list[str]:
    return [os.environ[key] for key in ("ProgramFiles(x86)", "ProgramFiles") if key in os.environ]


# --- the folder -----------------------------------------------------------------------------------------------


def assemble(tools: Tools, embed_zip: Path | None = None) -> Bundle:
    """The whole program. Raises `BuildError` where something is missing that it needs."""
    host = windows_runtime.check_python()
    choice = tomllib.loads((HERE / "windows.toml").read_text(encoding="utf-8"))
    found = fetch(LOCK, WINDOWS)
    runtime = choice["runtime"]
    carrier = found[runtime["wheel"]]
    bundle = windows_runtime.runtime(runtime, embed_zip or carrier, embed_zip is not None, tools.compiler)
    with ZipFile(found[choice["c_runtime"]["wheel"]]) as files:
        for name in choice["c_runtime"]["files"]:
            bundle[name] = Part(files.read(f"shiboken6/{name}"), found["shiboken6"].name)

    library = windows_runtime.standard_library(choice["standard_library"])
    if embed_zip is None:
        modules, origin = windows_runtime.compiled_modules(library), f"standard library of CPython {host}"
    else:
        modules = windows_runtime.embedded_library(embed_zip, choice["standard_library"])
        origin = "standard library, python.org"
    bundle[LIBRARY] = Part(windows_runtime.library_zip(modules), origin)

    sources = dict(library)
    loose, zipped = _packages(choice["wheels"], found, sources)
    pillow = (HERE / "no_pillow.py").read_bytes()
    stand_in = {"PIL": (b"", True), "PIL.Image": (pillow, False), "PIL.ImageDraw": (pillow, False)}
    sources |= stand_in
    zipped |= windows_runtime.compiled_modules(stand_in)
    bundle |= loose
    bundle[PACKAGES] = Part(windows_runtime.library_zip(zipped), "pure Python wheels")
    own = dict(_own_sources())
    sources |= own
    for path, data in windows_runtime.compiled_modules(own).items():
        bundle[path] = Part(data, SOURCE)
    for file in sorted((PROJECT / "resources").rglob("*")):
        if file.is_file():
            bundle[file.relative_to(PROJECT).as_posix()] = Part(file.read_bytes(), "resources")
    about = f'[project]\nname = "gxeditor"\nversion = "{version()}"\n'
    bundle["pyproject.toml"] = Part(about.encode(), SOURCE)
    bundle["python311._pth"] = Part(f"{LIBRARY}\r\n{PACKAGES}\r\n.\r\n".encode(), SOURCE)

    bundle |= _prepared(bundle)

    _check_modules(bundle, sources, choice["standard_library"]["built_in"])
    bundle = {f"{PROGRAM}/{name}": part for name, part in bundle.items()}
    bundle |= launchers(tools)
    sign_own(tools, bundle)
    bundle |= _licences(choice["wheels"], found)
    if missing := missing_dlls(bundle, choice["windows"]["dlls"]):
        told = "; ".join(f"{dll} for {', '.join(users[:3])}" for dll, users in sorted(missing.items()))
        raise BuildError(f"Neither in the bundle nor in Windows 10 1809: {told}.")
    return bundle


def _packages(
    choice: dict[str, Any], found: dict[str, Path], sources: Sources
) -> tuple[Bundle, dict[str, bytes]]:
    """What is kept of the wheels: those with DLLs as files, the others as modules for one zip. Adds to `sources`."""
    loose: Bundle = {}
    zipped: dict[str, bytes] = {}
    for name, wanted in choice.items():
        wheel = found[name.lower().replace("_", "-")]
        with ZipFile(wheel) as files:
            names = [entry for entry in sorted(files.namelist()) if is_kept(entry, wanted)]
            for pattern in wanted["keep"]:
                if not any(fnmatchcase(entry, pattern) for entry in names):
                    raise BuildError(f"{wheel.name} has no {pattern}.")
            modules = {}
            for entry in names:
                if entry.endswith(".py"):
                    path = PurePosixPath(entry)
                    is_package = path.stem == "__init__"
                    modules[".".join(path.parent.parts if is_package else path.with_suffix("").parts)] = (
                        files.read(entry),
                        is_package,
                    )
                elif entry.endswith(".gz"):  # unpacked inside: the installer packs better by itself
                    data = gzip.compress(gzip.decompress(files.read(entry)), 0, mtime=0)
                    loose[entry] = Part(data, f"{wheel.name}, packed anew")
                else:
                    loose[entry] = Part(files.read(entry), wheel.name)
        sources |= modules
        compiled = windows_runtime.compiled_modules(modules)
        if len(names) == len(modules):
            zipped |= compiled
        else:
            loose |= {path: Part(data, wheel.name) for path, data in compiled.items()}
    return loose, zipped


def _prepared(bundle: Bundle) -> Bundle:
    """Form, rules and notes ready-made, as the modules and resources in the bundle make them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, part in bundle.items():
            if path.startswith(("gxeditor/", "resources/")) or path == "pyproject.toml":
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(part.data)
        _run(
            [sys.executable, "-c", "from gxeditor.resources import keep_prepared; keep_prepared()"],
            folder,
            {"PYTHONPATH": name, "PYTHONHASHSEED": "0"},  # sets are kept in the same order each time
        )
        return {
            path.relative_to(folder).as_posix(): Part(path.read_bytes(), SOURCE)
            for path in sorted((folder / "gxeditor").glob("*.prepared"))
        }


def _own_sources() -> Iterator[tuple[str, tuple[bytes, bool]]]:
    for path in sorted((PROJECT / "gxeditor").rglob("*.py")):
        parts = path.relative_to(PROJECT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        yield ".".join(parts[:-1] if is_package else parts), (path.read_bytes(), is_package)


def _check_modules(bundle: Bundle, sources: Sources, built_in: Sequence[str]) -> None:
    extensions = {name.split(".")[0].replace("/", ".") for name in bundle if name.endswith(".pyd")}
    if missing := missing_modules(sources, {*built_in, *extensions}):
        told = "; ".join(f"{name} for {', '.join(users[:3])}" for name, users in sorted(missing.items()))
        raise BuildError(f"These modules are imported and not kept in windows.toml: {told}.")


def _licences(choice: dict[str, Any], found: dict[str, Path]) -> Bundle:
    """The licence of everything that is shipped; those of the fonts lie beside them."""
    bundle: Bundle = {"licenses/gxeditor.txt": Part((PROJECT / "LICENSE").read_bytes(), SOURCE)}
    for path in sorted((HERE / "licenses").iterdir()):
        bundle[f"licenses/{path.name}"] = Part(path.read_bytes(), SOURCE)
    for name in choice:
        wheel = found[name.lower().replace("_", "-")]
        if text := licence(wheel):
            bundle[f"licenses/{name}.txt"] = Part(text, wheel.name)
    return bundle


def licence(wheel: Path) -> bytes:
    """All that a wheel says of the rights in it and in what was built into it; empty if nothing."""
    told = re.compile(r"\.dist-info/(?:licenses/(.*[^/])|(LICEN[CS]E[^/]*))$")
    with ZipFile(wheel) as files:
        found = [
            (match[1] or match[2], files.read(entry))
            for entry in sorted(files.namelist())
            if (match := told.search(entry))
        ]
    if len(found) < 2:
        return b"".join(text for _, text in found)
    return b"\n\n".join(f"======== {name}\n\n".encode() + text for name, text in found)


def launchers(tools: Tools, *, for_tests: bool = False) -> Bundle:
    """gxeditor.exe and gxeditor-cli.exe, unsigned; for tests python.exe instead."""
    kinds = {"gxeditor.exe": ["-mwindows"], "gxeditor-cli.exe": ["-mconsole", "-DCONSOLE"]}
    if for_tests:
        kinds = {"python.exe": ["-mconsole", "-DPYTHON"]}
    numbers = ",".join(_four(version()))
    flags = ["-O2", "-s", "-municode", "-Wall", "-Wl,--no-insert-timestamp", "-Wl,--dynamicbase,--nxcompat"]
    bundle: Bundle = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for source in (HERE / "launcher").iterdir():
            shutil.copy(source, folder)
        for name, options in kinds.items():
            description = NAME if "-DCONSOLE" not in options else f"{NAME}（命令行）"
            defines = {
                "PUBLISHER": PUBLISHER,
                "DESCRIPTION": description,
                "VERSION": version(),
                "ORIGINAL_NAME": name,
            }
            lines = [f'#define {key} "{value}"' for key, value in defines.items()]
            text = "\n".join([*lines, f"#define NUMBERS {numbers}", ""])
            (folder / "version.h").write_text(text, encoding="utf-8")
            resources = [
                "--codepage=65001",
                "--input=launcher.rc",
                "--output=resources.o",
                "--output-format=coff",
            ]
            _run([tools.windres, *resources], folder)
            _run([tools.compiler, *flags, *options, "launcher.c", "resources.o", "-o", name], folder)
            bundle[name] = Part((folder / name).read_bytes(), SOURCE)
    return bundle


def _four(number: str) -> list[str]:
    """A version as the four numbers that Windows wants."""
    return (re.findall(r"\d+", number) + ["0"] * 4)[:4]


def sign_own(tools: Tools, bundle: Bundle) -> None:
    """Sign every executable of ours with the command in GXEDITOR_SIGN; nothing without one."""
    own = [name for name, part in bundle.items() if part.origin == SOURCE and name.endswith(EXECUTABLES)]
    for name in own if tools.sign else ():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / PurePosixPath(name).name
            path.write_bytes(bundle[name].data)
            _run([*tools.sign, str(path)], path.parent)
            bundle[name] = Part(path.read_bytes(), SOURCE)


def _run(command: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, env={**os.environ, **(environment or {})})
    except subprocess.CalledProcessError as error:
        raise BuildError(f"{Path(command[0]).name} failed; what it said stands above.") from error


# --- what is handed out ---------------------------------------------------------------------------------------


def make_zip(bundle: Bundle, path: Path) -> None:
    """The portable zip: one folder with the program and the file that makes it keep its settings beside itself."""
    note = (HERE / "launcher" / "portable.txt").read_bytes()
    files = {**bundle, "portable.txt": Part(note, SOURCE)}
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in sorted(files.items()):
            entry = ZipInfo(f"{NAME}/{name}", time.gmtime(TIME)[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, part.data)


def make_installer(
    tools: Tools, bundle: Bundle, folder: Path, path: Path, number: str, *, fast: bool
) -> None:
    """The installer of the bundle that lies in `folder`, with `number` as its version; `fast` packs loosely."""
    names = sorted(bundle)
    folders = sorted({str(parent) for name in names for parent in PurePosixPath(name).parents} - {"."})
    install = folder.parent / "install.nsh"
    remove = folder.parent / "remove.nsh"
    lines = []
    for directory in [".", *folders]:
        inside = [name for name in names if str(PurePosixPath(name).parent) == directory]
        if inside:
            lines.append(f'SetOutPath "$INSTDIR{_backslashed(directory)}"')
            lines += [f'File "{folder / name}"' for name in inside]
    install.write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [f'Delete "$INSTDIR{_backslashed(name)}"' for name in names]
    lines += [f'RMDir "$INSTDIR{_backslashed(name)}"' for name in reversed(folders)]
    remove.write_text("\n".join(lines) + "\n", encoding="utf-8")

    size = sum(len(part.data) for part in bundle.values())
    defines = {
        "NAME": NAME,
        "VERSION": number,
        "NUMBERS": ".".join(_four(number)),
        "PUBLISHER": PUBLISHER,
        "OUTPUT": str(path),
        "INSTALL": str(install),
        "REMOVE": str(remove),
        "ICON": str(HERE / "launcher" / "gxeditor.ico"),
        "PICTURE": str(HERE / "launcher" / "wizard.bmp"),
        "KILOBYTES": str(size // 1024),
    }
    if fast:
        defines["FAST"] = "1"
    if os.name != "nt":  # Debian's NSIS brings the 64-bit stub, which a Wine without 32 bits can run
        defines["TARGET"] = "amd64-unicode"
    if tools.sign:
        defines["SIGN"] = shlex.join(tools.sign) if os.name != "nt" else subprocess.list2cmdline(tools.sign)
    options = ["-V2", "-INPUTCHARSET", "UTF8", *(f"-D{key}={value}" for key, value in defines.items())]
    # Without a UTF-8 locale makensis cannot open files with Chinese names; the time goes into the file's header.
    environment = {"LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(TIME)}
    _run([tools.makensis, *options, str(HERE / "installer.nsi")], folder.parent, environment)


def _backslashed(name: str) -> str:
    return "" if name == "." else "\\" + name.replace("/", "\\")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Builds the Windows installer and the portable zip.")
    arguments.add_argument("--output", type=Path, default=PROJECT / "dist", help="folder of the results")
    arguments.add_argument(
        "--work", type=Path, default=PROJECT / "build" / "windows", help="folder to work in"
    )
    arguments.add_argument("--embed-zip", type=Path, help="python.org's embeddable zip instead of the wheel")
    arguments.add_argument("--fast", action="store_true", help="pack loosely and make no zip, for tests")
    arguments.add_argument("--only-bundle", action="store_true", help="put the folder together and stop")
    arguments.add_argument("--lock", action="store_true", help=f"make {LOCK.name} anew from requirements.txt")
    options = arguments.parse_args()
    try:
        if options.lock:
            make_lock()
        else:
            build(options.work.resolve(), options.output.resolve(), options)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def build(work: Path, output: Path, options: argparse.Namespace) -> None:
    """The whole build, with a line for each result. Raises `BuildError`."""
    started = time.monotonic()
    tools = find_tools()
    bundle = assemble(tools, options.embed_zip)
    folder = work / "bundle"
    write(bundle, folder)
    output.mkdir(parents=True, exist_ok=True)
    contents = output / f"gxeditor-{version()}-windows-contents.txt"
    contents.write_text(f"bundle sha256 {digest(bundle)}\n{listing(bundle)}", encoding="utf-8")
    print(summary(bundle))
    print(f"bundle sha256 {digest(bundle)}, {time.monotonic() - started:.0f} s; every file: {contents.name}")
    if options.only_bundle:
        return
    installer = output / f"{NAME}-安装程序-{version()}.exe"
    make_installer(tools, bundle, folder, installer, version(), fast=options.fast)
    print(f"{installer.name}: {installer.stat().st_size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s")
    if options.fast:
        return
    if installer.stat().st_size > LIMIT:
        raise BuildError(f"The installer is larger than {LIMIT / 1e6:.0f} MB.")
    portable = output / f"{NAME}-便携版-{version()}.zip"
    make_zip(bundle, portable)
    print(f"{portable.name}: {portable.stat().st_size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
