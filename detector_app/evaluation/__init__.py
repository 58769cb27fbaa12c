"""How good a detector is on annotated pictures: COCO's average precision and the curves behind it."""
