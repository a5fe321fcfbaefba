#!/bin/bash
# Sets up this checkout and does nothing where it already is: packaging/setup.sh run|dev|windows
#
# Debian packages are installed only when one is missing and we are root; otherwise the apt line is printed.
# The locked Python packages go into .venv, which is stamped with the hash of the lock files and made anew when they
# change. `run` is what the program needs, `dev` what its tests and checks need besides, `windows` what building the
# Windows program and proving it in Wine needs besides that.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:?run, dev or windows}
venv=.venv

is_installed() { # PACKAGE
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# What Qt loads, for offscreen use and for a real window, and a Chinese face for its menus.
packages=(
    libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 fonts-noto-cjk
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
)
if [ "$level" != run ]; then
    packages+=(xvfb xauth poppler-utils)
    # LibreOffice reads our workbooks and Word files back. Its parts with and without a window exclude each other, and a
    # soffice on PATH may lack either part.
    without_window=-nogui
    ! is_installed libreoffice-core || without_window=
    packages+=("libreoffice-calc$without_window" "libreoffice-writer$without_window")
fi
if [ "$level" = windows ]; then
    packages+=(
        gcc-mingw-w64-x86-64 nsis osslsigncode openssl
        wine wine64 openbox xdotool wmctrl imagemagick locales
        tesseract-ocr tesseract-ocr-chi-sim
    )
fi

find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$candidate" -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
        then
            echo "$candidate"
            return
        fi
    done
}

missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ -n "$(find_python)" ] || missing+=(python3 python3-venv)
fi
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        export DEBIAN_FRONTEND=noninteractive
        echo "Installing the Debian packages ${missing[*]}" >&2
        # Another package manager at work is waited for; apt itself waits for dpkg, but not for the lists.
        for attempt in $(seq 60); do
            said=$(LC_ALL=C apt-get update -qq 2>&1) && break
            [[ $said == *"Could not get lock"* && $attempt != 60 ]] || { echo "$said" >&2; exit 1; }
            sleep 10
        done
        apt-get install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "Debian packages are missing. Install them and run make again:" >&2
        echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
fi

python=$(find_python)
if [ -z "$python" ]; then
    echo "Python 3.11, 3.12 or 3.13 with its venv module is needed, and none was found on PATH." >&2
    exit 1
fi

if [ "$level" = windows ]; then
    level=dev
    # The program ships compiled modules, and the CPython it carries is a 3.11.
    [ ! -x "$venv/bin/python" ] || python=$venv/bin/python
    if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
        echo "The Windows program is built with Python 3.11, and $python is $("$python" --version)." >&2
        echo "Put a python3 of version 3.11 first on PATH, remove $venv, and run make again." >&2
        exit 1
    fi
fi

lock=$(cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-16)
stamp=$venv/installed-$lock
# An environment for development holds the run-time packages too.
if [ -x "$venv/bin/python" ] && { [ -e "$stamp-$level" ] || [ -e "$stamp-dev" ]; }; then
    exit 0
fi
[ -x "$venv/bin/python" ] && [ -e "$stamp-run" ] || "$python" -m venv --clear "$venv"
requirements=requirements.txt
[ "$level" = run ] || requirements=requirements-dev.txt
echo "Installing $requirements into $venv" >&2
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
touch "$stamp-$level"
