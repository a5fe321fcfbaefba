"""Merging two copies of one report: the conversation, and the page of what both changed."""
