"""Detectors with boxes: networks, their targets and losses, their data and their training."""
