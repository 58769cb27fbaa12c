"""Ground truth on the picture: what is right, wrong and missed, and the curve that thresholds move on."""
