"""What a ledger of 5,000 requests costs: reading, counting, checking, the board of what is due, the likely causes."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from gxeditor.core.ledger.request import Ledger, Request, Value
from tests.bench.figures import PROJECT, Figure, timed

REQUESTS = 5_000
ROUNDS = 5
OPENED, MEMORY = 1_500.0, 150.0
"""Milliseconds, and megabytes of the process that reads: what the specification grants."""
_PEAK = (
    "import resource, sys; from pathlib import Path; from gxeditor.ledger.reading import read_ledger; "
    "read_ledger(Path(sys.argv[1]), 2025, kept=Path(sys.argv[1]).parent); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def ledger(requests: int = REQUESTS, seed: int = 1, applicants: int = 1_200) -> Ledger:
    """A ledger of made-up requests over two years; some applicants ask often, and some words come again."""
    dice = random.Random(seed)
    outcomes = ["G1", "G2", "P1", "D4", "D6", "U1", "U2", "N1", "N2", "O1", "O3"]
    texts = [
        "号地块的征收补偿安置方案",
        "号楼的规划许可证及附图",
        "年度危房改造补助发放明细",
        "批次建设用地的批复",
    ]
    made = []
    for i in range(requests):
        received = date(2024, 10, 1) + timedelta(dice.randrange(450))
        values: dict[str, Value] = {
            "reg_no": f"25-{i:04}",
            "received_on": received,
            "received_basis": dice.choice(("submitted", "signed", "agreed")),
            "channel": dice.choice(("dm", "xh", "wl")),
            "applicant": f"申请人{int(applicants * dice.random() ** 2)}",
            "applicant_type": dice.choice(("C1", "C1", "C1", "C2", "C5")),
            "subject": f"请求公开东溪街道第{dice.randrange(40)}{dice.choice(texts)}",
        }
        if dice.random() < 0.2:
            values["third_party_sent_on"] = received + timedelta(3)
            values["third_party_back_on"] = received + timedelta(12)
        if dice.random() < 0.1:
            values["correction_sent_on"] = received + timedelta(4)
            values["correction_back_on"] = received + timedelta(15)
        if dice.random() < 0.05:
            values["fee_amount"] = Decimal(100)
        if dice.random() < 0.95:
            values |= {
                "answered_on": received + timedelta(dice.randrange(50)),
                "outcome": dice.choice(outcomes),
            }
        made.append(Request(str(i), values))
    return Ledger(requests=tuple(made))


def ledgers() -> list[Figure]:
    """Counting and checking of 5,000 requests, each at most half a second, and what stands beside them."""
    from gxeditor.core.ledger.checks import check
    from gxeditor.core.ledger.comparing import adopt, causes
    from gxeditor.core.ledger.counting import count
    from gxeditor.core.ledger.duty import board
    from gxeditor.core.report import blank_report
    from gxeditor.resources import load_calendar, load_form, load_ledger_checks, load_vocabulary

    form = load_form()
    words, checks, calendar = load_vocabulary(form), load_ledger_checks(form), load_calendar()
    today = date(2026, 1, 12)
    made = ledger()
    one_applicant = ledger(applicants=1)
    counts = count(made, 2025, form, words)
    report = adopt(blank_report(form, 2025), counts)
    cell = "requests.handled.granted.natural_person"
    apart = report.with_entries(
        {
            cell: counts.cells[cell] + 1,
            "requests.carried_forward.natural_person": counts.cells["requests.carried_forward.natural_person"]
            - 1,
        }
    )

    def checked(one: Ledger) -> None:
        check(one, checks, calendar, words, today, counts=counts, report=apart)

    return [
        Figure("5,000 requests counted", timed(lambda: count(made, 2025, form, words), ROUNDS), "ms", 500),
        Figure("5,000 requests checked", timed(lambda: checked(made), ROUNDS), "ms", 500),
        Figure(
            "5,000 requests of one applicant checked",
            timed(lambda: checked(one_applicant), ROUNDS),
            "ms",
            1000,
        ),
        Figure("board of 5,000 requests", timed(lambda: board(made, calendar, today), ROUNDS), "ms", 500),
        Figure(
            "likely causes of a difference",
            timed(lambda: causes(apart, made, counts, words), ROUNDS),
            "ms",
            500,
        ),
    ]


def readings(report: Path) -> list[Figure]:
    """Read in this process, where the library is loaded; the memory is that of a process of its own."""
    from openpyxl import Workbook

    from gxeditor.ledger.reading import read_ledger
    from tests.ledgers import FIELDS, HEADS, requests

    path = report.with_name("台账.xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([HEADS[field][0] for field in FIELDS])
    for _, said in requests(random.Random(REQUESTS), REQUESTS):
        sheet.append([said.get(field, "") for field in FIELDS])
    book.save(path)
    opened = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        read = read_ledger(path, 2025, kept=path.parent)
        opened.append((time.perf_counter() - begun) * 1000)
        assert len(read.ledger.requests) == REQUESTS
    peak = float(
        subprocess.check_output([sys.executable, "-c", _PEAK, path], cwd=PROJECT, text=True, encoding="utf-8")
    )
    return [
        Figure(f"ledger of {REQUESTS} requests: read", opened, "ms", OPENED),
        Figure(f"ledger of {REQUESTS} requests: memory", [peak], "MB", MEMORY),
    ]
