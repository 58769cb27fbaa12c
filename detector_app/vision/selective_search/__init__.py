"""Selective search: regions of a picture that may hold an object, without any learning.

Uijlings et al. 2013, "Selective Search for Object Recognition" (IJCV 104), section 3: a picture falls into small segments
(`segments`), each is described by its colours, textures, size and bounds (`regions`), the two neighbours that are most alike
(`similarity`) become one, again and again until one region is left (`grouping`), and the bounds of every region that existed
on the way are proposals (`proposing`). What R-CNN's network sees of a proposal is cut out by `warping`, in training as in the app.

Of the paper's ways to diversify, the scale of the first segments is the one that is left open. Colours are those of HSV,
the best single space of its table 4; the measures of likeness are all four.
"""

from detector_app.vision.selective_search.proposing import propose
from detector_app.vision.selective_search.warping import warp

__all__ = ["propose", "warp"]
