"""The digests by which files and texts are known again: sha256, and blake2b where only this program compares.

Takes the functions of Python itself rather than those of OpenSSL, which `hashlib` loads whole: 3.5 MB of memory at
every start, for files of some kilobytes. Knows nothing of what is digested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b as blake2b
    from hashlib import sha256 as sha256
else:
    try:  # as `random` of the standard library does for itself
        from _blake2 import blake2b as blake2b
        from _sha256 import sha256 as sha256
    except ImportError:  # a Python that is put together otherwise
        from hashlib import blake2b as blake2b
        from hashlib import sha256 as sha256
