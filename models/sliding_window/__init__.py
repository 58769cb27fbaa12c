"""A classifier slid over a picture, as one convolutional pass."""

from models.sliding_window.windows import SlidingWindow, slide

__all__ = ["SlidingWindow", "slide"]
