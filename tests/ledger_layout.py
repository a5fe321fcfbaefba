"""A register of requests as an office keeps it in Excel, after picture 23: two halves of a year and what was carried.

The office, its applicants and their requests are invented.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

HEADINGS = ("序号", "来件日期", "姓名/单位", "公民/法人", "申请事项", "渠道", "办结时间", "办理情况", "备注")
FIRST = (
    (1, "2025.1.6", "陈国平", "公民", "安居小区 2 号楼竣工验收备案表", "网上", "2025.1.24", "公开", ""),
    (2, "2025.1.9", "临原置业公司", "法人", "工业路改造工程中标通知书", "窗口", "2025.2.8", "部分给", ""),
    (3, 45679, "罗小满", "公民", "物业维修资金 2023 年使用明细", "信件", 45702, "答复给他了", ""),
    (4, "1月26日", "周立新", "公民", "某小区规划核实测绘报告", "网上", "2月25日", "没有这个", "急件"),
    ("", "1月小计", "", "", "4 件", "", "", "", ""),
    (5, "2025.2.30", "谢长河", "公民", "公租房轮候名册", "信件", "2025.3.12", "答复给他了", ""),
    (6, "2025.2.18", "松岭数据中心", "法人", "燃气安全检查通报", "网上", "2025.3.10", "公开", ""),
    (7, "2025.2.20", "方晓", "公民", "要求处理楼上漏水", "信件", "2025.2.27", "已转信访", ""),
    (8, "2025.2.24", "陈国平", "公民", "安居小区电梯检验报告", "网上", "#REF!", "没有这个", ""),
    ("", "2月小计", "", "", "4 件", "", "", "", ""),
    HEADINGS,
    (9, "2025.3.4", "汪海燕", "公民", "旧城改造房屋征收决定及附图", "窗口", "2025.3.28", "见告知书", ""),
)
SECOND = (
    (10, "2025.7.3", "松岭数据中心", "法人", "管网图", "网上", "2025.7.20", "公开", ""),
    (11, "2025.8.5", "青禾种植合作社", "法人", "招标文件", "信件", "2025.8.22", "答复给他了", ""),
    (12, "2025.9.9", "何敏", "公民", "验收记录", "网上", "2025.9.28", "打电话撤回", ""),
    (13, "2025.12.25", "孙长河", "公民", "登记资料", "网上", "", "", ""),
)
CARRIED = ((14, "2024.12.20", "李明芳", "公民", "危房鉴定", "网上", "2025.1.10", "公开", ""),)
NAMES = (
    "陈国平", "罗小满", "周立新", "谢长河", "方晓", "汪海燕", "何敏", "孙长河", "李明芳", "临原置业", "松岭数据",
    "青禾种植",
)  # fmt: skip
"""What stands in no picture of it, and is remembered nowhere."""


def write_register(path: Path, *, outcome: str = "办理情况") -> Path:
    """Writes it as a workbook; `outcome` is what the column of outcomes is called."""
    book = Workbook()
    sheets = (("上半年", FIRST), ("下半年", SECOND), ("2024结转", CARRIED))
    for at, (name, rows) in enumerate(sheets):
        sheet = book.active if at == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        sheet.append(["松塘县住房和城乡建设局依申请公开登记表"])
        sheet.append(["2025 年"])
        for row in (HEADINGS, *rows):
            sheet.append([outcome if cell == "办理情况" else cell if cell != "" else None for cell in row])
    told = book.create_sheet("说明")
    told.append(["本表由办公室填写"])
    book.save(path)
    return path
