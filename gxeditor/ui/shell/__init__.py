"""The window itself: its frame, commands, start page, questions, and the conversation about files and undo."""
