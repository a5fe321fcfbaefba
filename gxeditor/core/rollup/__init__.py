"""A roll-up (汇总): the reports of an area's units in one value, what they add up to, and what does not agree.

Knows no file, no reader and no window: who reads the reports is `gxeditor.rollup`.
"""
