"""No file does anything: it is read, or refused in a sentence, whatever stands in it. `make fuzz` tries more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gxeditor import documents
from gxeditor.core.errors import GxError, Unfinished
from gxeditor.imports.doors import ONLY
from gxeditor.worker import Worker
from tests.crafted import CRAFTED
from tests.damage import SEEDS, effects, ended
from tests.waiting import PATIENCE

REACHING_OUT = [
    name for name in CRAFTED if name.split(".")[0] in ("links", "xxe", "laughs", "dtd", "font-path")
]
FORMATS = sorted({name.rpartition(".")[2] for name in REACHING_OUT})
DAMAGED = 100  # of each kind; `make fuzz` reads 2,000
QUICK = [
    name
    for name in CRAFTED
    if name.split(".")[0] in (
        "deep", "nested", "twice", "xfd", "formula", "spans", "skips", "nested-24", "lists", "repeats",
        "rows-1e6", "hidden-columns", "deltas", "delta-list", "page-cycle", "page-doubling",
        "page-tree-deep", "xref-stream", "xref-huge", "xref-cycle", "xref-chain", "object-stream-cycle",
        "dictionaries", "form-cycle", "form-doubling", "widths", "cmap", "truetype", "numbers", "box",
        "structure", "jbig2", "fat-cycle", "fat-self", "directory-cycle", "size-lies", "zeros",
        "difat-cycle", "fat-count", "sector-size", "far-cell", "lengths", "merges", "messages", "amount",
        "deep-objects", "number", "nested-tables-wide", "rowspans", "charset"
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.mark.parametrize("name", QUICK)
def test_a_crafted_file_is_read_or_refused_in_a_sentence_of_its_reader(
    name: str, worker: Worker, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(CRAFTED[name]())
    told = ""
    try:
        worker.run(documents.read, path, ONLY, doing="读", seconds=PATIENCE)
    except Unfinished:
        raise
    except GxError as error:
        told = error.what
    assert "\n" not in told
    assert len(told) < 120


@pytest.mark.parametrize("kind", SEEDS)
def test_damage_of_any_kind_ends_in_a_report_or_a_sentence(kind: str, worker: Worker, tmp_path: Path) -> None:
    assert worker.run(ended, kind, range(DAMAGED), str(tmp_path), doing="读", seconds=PATIENCE) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_entity_link_or_formula_of_a_file_has_any_effect(suffix: str, tmp_path: Path) -> None:
    paths = []
    for name in REACHING_OUT:
        if name.endswith(f".{suffix}"):
            (tmp_path / name).write_bytes(CRAFTED[name]())
            paths.append(str(tmp_path / name))
    warm = tmp_path / f"warm.{suffix}"
    warm.write_bytes(SEEDS[suffix][0]())
    worker = Worker()  # the hook stays with its process
    try:
        assert worker.run(effects, paths, str(warm), doing="读", seconds=PATIENCE) == []
    finally:
        worker.close()
