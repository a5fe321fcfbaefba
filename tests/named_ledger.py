"""A ledger with names that stand nowhere else, so that they can be searched for in whatever the program writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from gxeditor.core.ledger.request import Ledger, Origin, Request, Settled, Value
from gxeditor.core.report import Explanation


def request_of(number: str, unsettled: Mapping[str, str] | None = None, **values: Value) -> Request:
    """A request with these values under its columns."""
    return Request(number, MappingProxyType(values), MappingProxyType(dict(unsettled or {})))


def named_ledger() -> Ledger:
    """Five requests of 松塘县自然资源局: answered, open, in doubt, answered late, and one entered by mistake."""
    return Ledger(
        agency="松塘县自然资源局",
        requests=(
            request_of(
                "r1",
                serial=1,
                applicant="黎霁川",
                applicant_type="C1",
                id_no="320722198803127731",
                contact="0518-88637102",
                received_on=date(2025, 11, 24),
                subject="河湾镇土地征收补偿安置方案",
                answered_on=date(2025, 12, 18),
                outcome="G1",
            ),
            request_of(
                "r2",
                applicant="澜汐农业科技有限公司",
                applicant_type="C2",
                agent="Zbigniew",
                received_on=date(2025, 12, 4),
                subject="黎霁川承包地块的出让合同",
                fee_amount=Decimal("40.00"),
            ),
            Request(
                "r3",
                MappingProxyType({"applicant": "闾丘砚秋", "applicant_type": "C1"}),
                MappingProxyType({"received_on": "2月30日"}),
                MappingProxyType({"received_on": "2月30日没有这一天。"}),
                Origin("2025年台账.xlsx", "2025", 7),
            ),
            request_of(
                "r4",
                applicant="虞疏桐、殷折柳",
                applicant_type="C1",
                received_on=date(2024, 12, 20),
                answered_on=date(2025, 3, 3),
                outcome="U1",
            ),
            request_of("r5", applicant="误登人甲乙", outcome="VOID"),
        ),
        settled=(Settled("outcome", "查无此件", "U1", 1),),
        none_in=(2023,),
        explanations=MappingProxyType({"L-09 r4": Explanation("同一批", ("3",))}),
    )


_SURNAMES = ("黎", "虞", "殷", "闾丘", "尉迟", "鄢", "蔺", "郗")
_GIVEN = ("霁川", "疏桐", "折柳", "砚秋", "漱石", "晏如", "鹤汀", "沅芷")
_FIRMS = ("澜汐农业科技有限公司", "砺锋建材厂", "溯光律师事务所", "听澜环境保护协会")
_FOREIGN = (
    "Zbigniew Wojciechowski",
    "Przemek",
    "Xochitl Quetzalli",
    "买合木提·阿不都热依木",
    "澜沧（连云港）种业有限公司（筹）",
    "Ｎｇũｇĩ O'Neill-Šimić",
)


def many_names(count: int = 60) -> Ledger:
    """A ledger of requests by people whose names, numbers and addresses stand in no other file."""
    people = [f"{surname}{given}" for given in _GIVEN for surname in _SURNAMES]
    requests = []
    for i in range(count):
        firm = i % 7 == 3
        name = _FIRMS[i % 4] if firm else _FOREIGN[i % 6] if i % 11 == 5 else people[i % len(people)]
        values: dict[str, Value] = {
            "reg_no": f"25-{i:03d}",
            "applicant": name,
            "applicant_type": ("C2", "C2", "C5", "C4")[i % 4] if firm else "C1",
            "id_no": f"3207221988{i:08d}",
            "contact": f"0518-88{i:06d}",
            "received_on": date(2025, 1 + i % 12, 1 + i % 27),
            "subject": "河湾镇土地征收补偿安置方案",
            "fee_amount": Decimal("40.00"),
        }
        if firm:
            values["agent"] = people[-1 - i % 9]
        if i % 5:
            values |= {"answered_on": date(2025, 12, 1 + i % 27), "outcome": "G1"}
        requests.append(Request(f"r{i}", MappingProxyType(values)))
    return Ledger(agency="松塘县自然资源局", requests=tuple(requests))
