"""Class lists of the public data sets that foreign files are trained on, in their usual order."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


COCO = _names("""person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign,
    parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase,
    frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass,
    cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch,
    potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink,
    refrigerator, book, clock, vase, scissors, teddy bear, hair drier, toothbrush""")
"""The 80 classes of COCO 2017 (Lin et al. 2014, arXiv 1405.0312)."""
VOC = _names("""aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog, horse, motorbike, person,
    pottedplant, sheep, sofa, train, tvmonitor""")
"""The 20 classes of Pascal VOC 2007 and 2012 (Everingham et al. 2010)."""
FACE = ("face",)
DATA_SETS = {"COCO": COCO, "Pascal VOC": VOC}


def usual_names(count: int) -> tuple[tuple[str, ...], str]:
    """Names for ``count`` classes and the data set that they are of; numbered ones and "" when no usual set has so many."""
    for data_set, names in DATA_SETS.items():
        if len(names) == count:
            return names, data_set
    return numbered(count), ""


def numbered(count: int) -> tuple[str, ...]:
    """``class 0``, ``class 1``, …: names that nobody gave."""
    return tuple(f"class {number}" for number in range(count))
