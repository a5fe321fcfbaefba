"""What can be said of a report: rules, the findings they give, where each points, and what was looked at.

`check` evaluates, `findings` holds what came of it, `anchors` says where in a report something is, `rule_file` reads
the rules. Knows no screen, no paper and no file.
"""
