"""Networks described by a Darknet .cfg and filled from a .weights file, as PyTorch modules.

Darknet (pjreddie) and its fork by AlexeyAB are where YOLOv2, v3 and v4 were trained; the reference for each layer is what those programs do
at inference. Layers and keys that change the result and are not built here are refused by name, never skipped.
"""
