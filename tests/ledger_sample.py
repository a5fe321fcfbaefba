"""A ledger to try things on: 松塘县自然资源局 with 87 requests, of which 86 belong to the report of 2025.

The office, its applicants and their requests are invented. What it counts is agreed upon: `COUNTED` says how many
requests of each kind of applicant have which outcome in 2025. `many` makes a ledger of any size for what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from types import MappingProxyType

from gxeditor.core.ledger.request import Ledger, Request, Value
from gxeditor.resources import load_calendar

AGENCY = "松塘县自然资源局"
TODAY = date(2026, 1, 12)

COUNTED: dict[str, dict[str, int]] = {
    "C1": {
        "G1": 12, "P1": 2, "D1": 2, "D3": 1, "D4": 4, "D5": 1, "D6": 3, "D7": 1, "D8": 11,
        "U1": 9, "U3": 2, "U4": 1, "N1": 7, "N2": 3, "N4": 1, "O3": 2,
    },
    "C2": {"G1": 1, "P1": 1, "D4": 1, "U1": 1, "N1": 1},
    "C3": {"N4": 1},
    "C4": {"G1": 1, "O3": 1},
    "C5": {"G1": 2, "D4": 1, "N2": 1},
    "C6": {"D4": 1, "U1": 1},
}  # fmt: skip
"""Requests answered in 2025, by kind of applicant and outcome; ten more are open at the end of the year."""

_NAMES = {
    "C1": ("周立新", "李明芳", "吴国平", "何敏敏", "郑晓", "钱一鸣", "孙长河", "赵秀兰", "冯树林", "陈海燕"),
    "C2": ("青禾农业开发公司", "云栈物流公司", "石桥建材公司"),
    "C3": ("松塘县农业科学研究所",),
    "C4": ("松岭登山协会", "河湾护水协会"),
    "C5": ("临原正衡律师事务所", "松塘明理律师事务所"),
    "C6": ("河湾镇东溪村民委员会",),
}
_SUBJECTS = (
    "某村 2021 年宅基地确权登记表", "城关街道危房改造用地批复", "某采石场 2020 年采矿许可证",
    "2023 年度国有土地出让清单", "某水库库区不动产登记资料", "青渡镇土地利用现状图",
    "2024 年度土地征收补偿方案", "某地块规划条件通知书", "工业园一期用地批准书", "某村集体土地所有权登记信息",
)  # fmt: skip
_CHANNELS = ("wl", "wl", "dm", "wl", "xh", "wl", "px", "dm")
_BASES = {"dm": "submitted", "xh": "signed", "px": "confirmed", "wl": "agreed"}


def request(
    number: str, received: date, name: str, kind: str, channel: str, subject: str, **more: Value
) -> Request:
    """One request; its id is made of its number."""
    values: dict[str, Value] = {
        "reg_no": number,
        "received_on": received,
        "received_basis": _BASES[channel],
        "channel": channel,
        "applicant": name,
        "applicant_type": kind,
        "subject": subject,
        **more,
    }
    return Request(f"r{number.replace('-', '')}", MappingProxyType(values))


def sample_ledger() -> Ledger:
    """The 87 requests, in the order of their numbers; the last sixteen are those that picture 21 shows."""
    return Ledger(agency=AGENCY, requests=(*_answered(), *_last()))


def _left() -> Iterator[tuple[str, str]]:
    """(kind, outcome) of the 71 answered requests that stand before the last sixteen, well mixed."""
    taken = {("C1", "G1"): 1, ("C1", "N1"): 1, ("C1", "U1"): 1, ("C2", "P1"): 1, ("C5", "D4"): 1}
    piles = [
        [(kind, code)] * (number - taken.get((kind, code), 0))
        for kind, outcomes in COUNTED.items()
        for code, number in outcomes.items()
    ]
    while any(piles):
        for pile in piles:
            if pile:
                yield pile.pop()


def _answered() -> list[Request]:
    calendar = load_calendar()
    left = list(_left())
    brought: list[tuple[str, str]] = [("C1", "G1"), ("C1", "U1"), ("C2", "U1"), ("C1", "D8")]
    for one in brought:
        left.remove(one)
    found = []
    seen: dict[str, int] = {}
    for place, (kind, code) in enumerate([*brought, *left]):
        early = place < len(brought)
        number = f"24-{61 + place:03d}" if early else f"25-{place - 3:03d}"
        day = (
            date(2024, 12, 16 + 2 * place)
            if early
            else date(2025, 1, 6) + timedelta(days=(place - 4) * 319 // 67)
        )
        received = day if calendar.works(day) else calendar.after(day, 1).day
        channel = _CHANNELS[place % len(_CHANNELS)]
        names = _NAMES[kind]
        seen[kind] = seen.get(kind, -1) + 1
        answered = calendar.after(received, 12 + place % 7).day
        more: dict[str, Value] = {
            "outcome": code,
            "answered_on": answered,
            "answer_no": f"松自然资告〔2025〕{place + 1}号",
        }
        if code == "U4":
            back = calendar.after(received, 8).day
            more |= {
                "correction_sent_on": calendar.after(received, 3).day,
                "correction_back_on": back,
                "answered_on": calendar.after(back, 10).day,
            }
        elif code == "D4":
            back = calendar.after(received, 9).day
            more |= {"third_party_sent_on": calendar.after(received, 2).day, "third_party_back_on": back}
        elif code == "N4":
            more["reason_asked_on"] = calendar.after(received, 3).day
        found.append(
            request(
                number, received, names[seen[kind] % len(names)], kind, channel, _SUBJECTS[place % 10], **more
            )
        )
    return found


def _last() -> tuple[Request, ...]:
    return (
        request("25-068", date(2025, 11, 24), "周立新", "C1", "wl", "2024 年度河湾镇土地征收补偿安置方案",
                answered_on=date(2025, 12, 18), outcome="G1"),
        request("25-069", date(2025, 11, 24), "青禾农业开发公司", "C2", "dm", "工业园二期用地规划许可证及附图",
                third_party_sent_on=date(2025, 11, 27), third_party_back_on=date(2025, 12, 5),
                answered_on=date(2025, 12, 26), outcome="P1"),
        request("25-070", date(2025, 12, 1), "李明芳", "C1", "xh", "本人信访事项的调查材料",
                answered_on=date(2025, 12, 15), outcome="N1"),
        request("25-071", date(2025, 12, 1), "吴国平", "C1", "wl", "某地块 2023 年土地评估报告",
                answered_on=date(2025, 12, 24), outcome="U1"),
        request("25-072", date(2025, 12, 4), "何敏敏", "C1", "dm", "东溪街道某地块出让合同及补充协议",
                third_party_sent_on=date(2025, 12, 12), third_party_back_on=date(2025, 12, 24)),
        request("25-073", date(2025, 12, 8), "临原正衡律师事务所", "C5", "wl", "土地储备计划的内部讨论稿",
                answered_on=date(2025, 12, 31), outcome="D4"),
        request("25-074", date(2025, 12, 9), "何敏敏", "C1", "xh", "某安置小区土地使用权证"),
        request("25-075", date(2025, 12, 11), "郑晓", "C1", "wl", "（内容不明确）",
                correction_sent_on=date(2025, 12, 16)),
        request("25-076", date(2025, 12, 12), "吴国平", "C1", "wl", "某地块征收前期踏勘记录"),
        request("25-077", date(2025, 12, 17), "松岭登山协会", "C4", "dm", "2024 年度自然保护地边界图"),
        request("25-078", date(2025, 12, 19), "钱一鸣", "C1", "px", "不动产登记收费依据"),
        request("25-079", date(2025, 12, 22), "云栈物流公司", "C2", "wl", "国土空间规划物流用地布点",
                extended_on=date(2026, 1, 9)),
        request("25-080", date(2025, 12, 25), "孙长河", "C1", "xh", "城关小学扩建用地批复",
                answered_on=date(2026, 1, 7), outcome="G1"),
        request("25-081", date(2025, 12, 26), "赵秀兰", "C1", "dm", "某路段拓宽征地范围图"),
        request("25-082", date(2025, 12, 31), "冯树林", "C1", "xh", "县城东片区控制性详细规划"),
        request("26-001", date(2026, 1, 5), "青禾农业开发公司", "C2", "wl", "工业园三期用地预审意见"),
    )  # fmt: skip


def many(count: int = 5000) -> Ledger:
    """A ledger of so many requests: those of the sample over and over, with numbers of their own."""
    rows = sample_ledger().requests
    return Ledger(
        agency=AGENCY,
        requests=tuple(
            Request(f"m{i}", MappingProxyType({**rows[i % len(rows)].values, "reg_no": f"25-{i:05d}"}))
            for i in range(count)
        ),
    )
