"""A ledger of requests (台账): what each request is, when it is due, and what table three and four count of it.

Knows no file, no clock and no window. What a ledger's columns and words are is in resources/ledger, the days on which
offices work in resources/calendar.
"""
