"""The window itself: its frame, menus, start page, dialogs, and the conversation about files and undo."""
