"""The command that does without the window what the window does."""
