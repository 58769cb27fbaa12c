"""The parts of the window that are about people."""
