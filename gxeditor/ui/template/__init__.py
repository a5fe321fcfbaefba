"""Filling foreign templates: the conversation, the page of what goes where. `filling.Templates` is the face."""
