"""Detector App: real-time object detection that can be seen inside."""

__version__ = "0.1.0"
