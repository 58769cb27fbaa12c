"""The page of the public models: to look through, to get, to open, and to remove."""
