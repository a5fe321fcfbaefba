"""What the prose says in numbers, and whether the tables say the same (正文与表).

`figures` finds the numbers, `reading` what they speak of (`words_of` for the rule file), `comparing` what the tables
say of that: `compared` for a check, `bindable` for numbers that can follow a cell.
"""
