"""Each function takes as many arguments as in Excel; what they give is shown in `test_calculate`, by whole formulas."""

from __future__ import annotations

import pytest

from gxeditor.workbook.formulas.functions import FUNCTIONS
from gxeditor.workbook.formulas.parser import parsed
from gxeditor.workbook.formulas.values import Uncalculable


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_takes_no_more_and_no_fewer_arguments_than_it_has(name: str) -> None:
    least, most, _ = FUNCTIONS[name]
    assert 0 <= least <= most <= 255
    for count in range(least, min(most, least + 3) + 1):
        if _is_in_pairs(name, count):
            parsed(f"{name}({','.join(['A1'] * count)})", 0, 0)
    with pytest.raises(Uncalculable, match=f"函数 {name} 的参数不对"):
        parsed(f"{name}({','.join(['A1'] * (most + 1))})", 0, 0)
    if least > 0:
        with pytest.raises(Uncalculable, match=f"函数 {name} 的参数不对"):
            parsed(f"{name}({','.join(['A1'] * (least - 1))})", 0, 0)


def _is_in_pairs(name: str, count: int) -> bool:
    """Whether ranges and conditions come in pairs: in SUMIFS after the first argument, in COUNTIFS from it on."""
    return not name.endswith("IFS") or count % 2 == (0 if name == "COUNTIFS" else 1)


def test_newer_functions_may_be_written_with_the_prefix_of_the_file_format() -> None:
    assert parsed("_xlfn.CONCAT(A1)", 0, 0).references
    assert parsed("iferror(A1,0)", 0, 0).references
