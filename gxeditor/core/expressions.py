"""Regular expressions that are compiled when they are first used: hundreds of them would delay the start by a fifth.

Knows nothing of what they look for.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, source: str, flags: re.RegexFlag) -> None:
        self.pattern = source
        self.how = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.how)
        # From now on these are attributes, found without coming here.
        for method in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def expression(source: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A regular expression, compiled when first used.

    It is equal only to itself, so that it is a quick key of what was found by it; a compiled one is hashed anew, all of
    it, each time it is one.
    """
    return cast("re.Pattern[str]", _Later(source, flags))
