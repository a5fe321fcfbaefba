"""Ledgers of requests that offices keep elsewhere: read from any layout, and what they come to for a script.

Lies above the documents: it reads files of every format through their doors and gives a `core.ledger` value.
"""
