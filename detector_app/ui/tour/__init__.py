"""A short walk through the window at the first start."""
