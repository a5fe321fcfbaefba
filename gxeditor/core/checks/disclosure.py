"""What must not become public: numbers of persons and accounts, names of applicants, what a web page left behind.

Each check takes a report, a rule that names it in `test`, and what else a report is checked with. Knows how such numbers
are built; whether one may be published is for a person to say, so each is asked about and none is taken out.
"""

from __future__ import annotations

TESTS: dict[str, object] = {}
