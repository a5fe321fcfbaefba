"""How well numbers in prose are understood: labelled sentences, and reports made to agree with them and to differ.

`make accuracy` prints it: the share of number statements understood, of alarms that are right, of faults that are
found, apart. Exits with 1 if less is understood than is known to be.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from gxeditor.core.checks.check import check
from gxeditor.core.checks.findings import Claimed, Findings
from gxeditor.core.form import Form
from gxeditor.core.report import AgencyKind, Entry, Report, blank_report
from gxeditor.resources import load_form, load_rules

SENTENCES = Path(__file__).parent / "claims_sentences.tsv"
YEAR = 2024
KINDS = {
    "a": "labelled sentences",
    "b": "labelled sentences, written late",
    "c": "labelled sentences, written later",
    "d": "labelled sentences, written last",
    "e": "labelled sentences, written blind",
    "f": "the same, a second time",
    "g": "the same, a third time",
    "h": "the same, a fourth time",
}
"""The sets, by their letter."""
PRECISION, RECALL = 0.99, 0.90
"""What of a labelled set is to be understood."""

_ROWS = {
    "N": ("received",),
    "B": ("brought_forward",),
    "C": ("carried_forward",),
    "T": ("handled.total",),
    "G": ("handled.granted",),
    "P": ("handled.partially_granted",),
    "N+B": ("received", "brought_forward"),
    "GP": ("handled.granted", "handled.partially_granted"),
}
_GROUPS = {
    "D": (
        "denied",
        "state_secret",
        "prohibited_by_law",
        "security_and_stability",
        "third_party_rights",
        "internal_affairs",
        "process_information",
        "enforcement_files",
        "administrative_inquiry",
    ),
    "U": ("unable_to_provide", "not_held", "to_be_created", "still_unclear"),
    "H": ("not_handled", "petition", "duplicate", "publication", "excessive", "reconfirmation"),
    "O": ("other", "not_corrected", "fee_not_paid", "other_reasons"),
}
for _code, (_group, *_details) in _GROUPS.items():
    _ROWS[_code] = tuple(f"handled.{_group}.{detail}" for detail in _details)
    for _number, _detail in enumerate(_details, 1):
        _ROWS[f"{_code}{_number}"] = (f"handled.{_group}.{_detail}",)
_ROWS["H+O"] = (*_ROWS["H"], *_ROWS["O"])
_EITHER = {
    "NB": ("N", "N+B"),
    "NBT": ("N", "N+B", "T"),
    "TH": ("T", "N", "N+B"),
    "TA": ("T", "T-O"),
}
_ROWS["T-O"] = tuple(row for code in "GPDUH" for row in _ROWS[code])
_COLUMNS = {
    "a": ("natural_person",),
    "b": ("company",),
    "r": ("research",),
    "p": ("public_interest",),
    "w": ("legal_service",),
    "o": ("other_organization",),
    "l": ("company", "research", "public_interest", "legal_service", "other_organization"),
}
_DISPUTES: dict[str, tuple[str, ...]] = {
    "FY": ("reconsideration",),
    "S1": ("direct_suit",),
    "S2": ("suit_after_reconsideration",),
}
_DISPUTES["SS"] = (*_DISPUTES["S1"], *_DISPUTES["S2"])
_DISPUTES["FYSS"] = (*_DISPUTES["FY"], *_DISPUTES["SS"])
_OUTCOMES = ("total", "upheld", "corrected", "other", "pending")
_PROACTIVE = {
    **{
        f"GF{s}": f"normative_documents.{w}"
        for s, w in zip("+-=", ("issued", "repealed", "in_force"), strict=True)
    },
    **{
        f"GZ{s}": f"government_rules.{w}"
        for s, w in zip("+-=", ("issued", "repealed", "in_force"), strict=True)
    },
    "XK": "licensing.decisions",
    "CF": "penalties.decisions",
    "QZ": "compulsion.decisions",
    "SF": "fees.amount",
}


def sums(code: str) -> tuple[frozenset[str], ...]:
    """The sums of cells that a label stands for: one of them is meant. NB.a is 自然人 of either."""
    code = code.rstrip("'?")
    rows, _, column = code.partition(".")
    if code in _PROACTIVE:
        return (frozenset((f"proactive.{_PROACTIVE[code]}",)),)
    for name in sorted(_DISPUTES, key=len, reverse=True):
        if code == f"{name}x":  # all but 维持
            return (frozenset(f"disputes.{g}.{part}" for g in _DISPUTES[name] for part in _OUTCOMES[2:]),)
        if code.startswith(name) and code.removeprefix(name) in ("", "1", "2", "3", "4"):
            part = _OUTCOMES[int(code.removeprefix(name) or 0)]
            return (frozenset(f"disputes.{group}.{part}" for group in _DISPUTES[name]),)
    columns = _COLUMNS[column] if column else ("total",)
    return tuple(
        frozenset(f"requests.{row}.{col}" for row in _ROWS[one] for col in columns)
        for one in _EITHER.get(rows, (rows,))
    )


@dataclass(frozen=True)
class Label:
    """What a number is labelled with: nothing of the form (`none`), not to be judged (`any`), no alarm (`weak`)."""

    said: str
    code: str

    @property
    def none(self) -> bool:
        return self.code == "-"

    @property
    def any(self) -> bool:
        return self.code in ("?", "%") or self.code.endswith("'")

    @property
    def weak(self) -> bool:
        return self.code.endswith("?")


@dataclass(frozen=True)
class Sentence:
    kind: str
    text: str
    labels: tuple[Label, ...]


@cache
def sentences() -> tuple[Sentence, ...]:
    found = []
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, text, *rest = line.split("\t")
        labels = (one.rpartition(":") for one in (rest[0].split() if rest else ()))
        found.append(Sentence(kind, text, tuple(Label(said, code) for said, _, code in labels)))
    return tuple(found)


def report_of(text: str, form: Form | None = None) -> Report:
    form = form or load_form()
    return (
        blank_report(form, YEAR)
        .with_fields(kind=AgencyKind.GOVERNMENT, agency="甲县人民政府")
        .with_section("overview", text)
    )


def found_in(report: Report) -> Findings:
    return check(report, load_rules(report.form))


def matched(sentence: Sentence, claims: tuple[Claimed, ...]) -> list[tuple[Label | None, Claimed | None]]:
    """Labels and claims side by side, in order; what one side has alone stands beside None."""
    pairs: list[tuple[Label | None, Claimed | None]] = []
    left = list(claims)
    for label in sentence.labels:
        at = next((n for n, claim in enumerate(left) if claim.text == label.said), None)
        if at is None:
            pairs.append((label, None))
            continue
        pairs.extend((None, claim) for claim in left[:at])
        pairs.append((label, left[at]))
        del left[: at + 1]
    pairs.extend((None, claim) for claim in left)
    return pairs


@dataclass
class Score:
    """Counts over a set of sentences; `slips` name what went wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    nothing: int = 0
    alarms: int = 0
    false_alarms: int = 0
    faults: int = 0
    found: int = 0
    slips: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def understood(kind: str) -> Score:
    """How the numbers of a set are read: right if the labelled sum is among the readings."""
    score = Score()
    for sentence in sentences():
        if sentence.kind != kind:
            continue
        for label, claim in matched(sentence, found_in(report_of(sentence.text)).claims):
            readings = [frozenset(one.cells) for one in claim.readings] if claim is not None else []
            if label is not None and label.any:
                continue
            if label is None or label.none:
                score.nothing += 1
                if readings:
                    score.wrong += 1
                    score.slips.append(f"read for nothing: {claim and claim.text} in {sentence.text}")
                continue
            if any(one in readings for one in sums(label.code)):
                score.right += 1
            else:
                score.missed += 1
                if readings:
                    score.wrong += 1
                what = f"{claim.code} {[r.name for r in claim.readings]}" if claim is not None else "nothing"
                score.slips.append(f"{label.said}:{label.code} read as {what} in {sentence.text}")
    return score


_HUGE = 7_000_000  # what stands in cells of which a sentence says nothing: no number of the set is near it


def agreeing(sentence: Sentence, form: Form) -> dict[str, Entry] | None:
    """Figures that agree with every label of a sentence, and with no other number of it; None if labels exclude it."""
    values: dict[str, Entry] = {
        cell: _HUGE + 37 * number for number, cell in enumerate(form.cells) if form.cells[cell].decimals == 0
    }
    values["proactive.fees.amount"] = Decimal("98765.4321")
    fixed: set[str] = set()
    wanted = []
    for label in sentence.labels:
        if label.none or label.any:
            continue
        wanted.append((min(sums(label.code), key=len), value_of(label, sentence)))
    for cells, value in sorted(wanted, key=lambda pair: len(pair[0])):
        if value is None:
            return None
        free = sorted(cells - fixed)
        held = (values[cell] for cell in cells & fixed)
        rest = Decimal(value) - sum(Decimal(one) for one in held)
        if not free:
            if rest:
                return None
            continue
        if rest < 0:
            return None
        for cell in free:
            values[cell] = 0
        values[free[0]] = int(rest) if rest == int(rest) else rest
        fixed |= cells
    return values


def value_of(label: Label, sentence: Sentence) -> int | Decimal | None:
    """The figure of a label, as its cell would hold it."""
    claims = found_in(report_of(sentence.text)).claims
    claim = next((one for one in claims if one.text == label.said), None)
    if claim is None:
        return None
    if label.code == "SF" and f"{label.said}元" in sentence.text.replace(" ", ""):
        return Decimal(claim.value) / 10000
    return claim.value


def alarmed(kind: str) -> Score:
    """What is alarmed in reports that agree with a sentence, and in those that differ in one of its numbers."""
    score = Score()
    form = load_form()
    for sentence in sentences():
        if sentence.kind != kind:
            continue
        values = agreeing(sentence, form)
        if values is None:
            continue
        report = report_of(sentence.text, form).with_entries(values)
        based = any(one.code in ("T", "TA", "NB", "N") for one in sentence.labels)
        for finding in found_in(report).findings:
            if finding.rule.code == "P-11" and not based:
                continue  # the whole is a figure of which the sentence says nothing
            if finding.rule.group.value == "prose":
                score.false_alarms += 1
                score.slips.append(f"alarm: {finding.message} in {sentence.text}")
        for label in sentence.labels:
            if label.none or label.any or label.weak:
                continue
            changed = dict(values)
            for cell in set().union(*sums(label.code)):
                changed[cell] = _HUGE
            other = found_in(report_of(sentence.text, form).with_entries(changed)).findings
            score.faults += 1
            if any(f.rule.group.value == "prose" and f.quoted == label.said for f in other):
                score.found += 1
            else:
                score.slips.append(f"not found: {label.said}:{label.code} in {sentence.text}")
    return score


def main() -> int:
    holds = True
    print(f"{'sentences':<34}{'of':>9}{'right':>9}{'wrong':>9}{'missed':>9}{'precision':>11}{'recall':>9}")
    for kind, title in KINDS.items():
        score = understood(kind)
        of = score.right + score.missed
        print(
            f"{title:<34}{of:>9}{score.right:>9}{score.wrong:>9}{score.missed:>9}"
            f"{score.precision:>11.3f}{score.recall:>9.3f}"
        )
        holds = holds and score.precision >= PRECISION and score.recall >= RECALL
        alarms = alarmed(kind)
        print(
            f"    alarms in reports that agree: {alarms.false_alarms}; faults found: {alarms.found} of {alarms.faults}"
        )
        holds = holds and not alarms.false_alarms
        if "-v" in sys.argv:
            for slip in (*score.slips, *alarms.slips):
                print("   ", slip)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
