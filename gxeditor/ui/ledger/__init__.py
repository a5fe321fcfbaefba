"""The window of a ledger of requests: its grid, deadlines, checks and counts; loaded when a ledger is first opened."""
