"""How well ledgers of any layout are read: part of `make accuracy`.

Prints for each layout the cells of 表三 and 表四 that came out wrong, the rows to be looked at that were not listed,
and those listed for nothing. A wrong cell or an unlisted row fails.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from gxeditor.core.ledger.counting import count
from gxeditor.ledger.reading import LedgerRead, read_ledger
from gxeditor.resources import load_form, load_vocabulary
from tests.ledgers import LAYOUTS, YEAR, Made, composed

SEED = 16
UNSEEN = range(100, 105)
"""Seeds that nothing was tuned by."""
_WIDTH = 34


@dataclass(frozen=True)
class Result:
    name: str
    read: LedgerRead
    wrong: tuple[str, ...]
    missed: tuple[tuple[str, int], ...]
    needless: tuple[tuple[str, int], ...]
    milliseconds: float

    @property
    def holds(self) -> bool:
        return not self.wrong and not self.missed


def measure(made: Made, folder: Path) -> Result:
    """Reads a ledger and compares its counts, and the rows that it lists, with the truth."""
    form = load_form()
    vocabulary = load_vocabulary(form)
    path = folder / made.name
    path.write_bytes(made.data)
    start = time.perf_counter()
    read = read_ledger(path, YEAR, kept=folder / "maps")
    spent = (time.perf_counter() - start) * 1000
    counts = count(read.ledger, YEAR, form, vocabulary).cells
    truth = count(made.truth, YEAR, form, vocabulary).cells
    listed = {(doubt.sheet, doubt.row) for doubt in read.doubts}
    return Result(
        made.name,
        read,
        tuple(cell for cell in truth if truth[cell] != counts[cell]),
        tuple(sorted(made.doubtful - listed)),
        tuple(sorted(listed - made.doubtful)),
        spent,
    )


def main() -> int:
    status = 0
    print(f"\n台账：{len(LAYOUTS)} 种版式，每种 190 格")
    for name in LAYOUTS:
        for seed in (SEED, *UNSEEN):
            with tempfile.TemporaryDirectory() as folder:
                made = composed(name, seed)
                result = measure(made, Path(folder))
            told = (
                f"{len(result.read.ledger.requests):4} 件，错 {len(result.wrong)} 格，"
                f"该列未列 {len(result.missed)} 行，多列 {len(result.needless)} 行，{result.milliseconds:.0f} ms"
            )
            if seed == SEED or not result.holds:
                print(f"  {name:{_WIDTH}} {told}" + ("" if seed == SEED else f"（种子 {seed}）"))
            status = status if result.holds else 1
    return status


if __name__ == "__main__":
    sys.exit(main())
