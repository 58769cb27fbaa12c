"""YOLOv1: one look, one grid, one dense layer (Redmon et al. 2016), and its smallest relative with a single cell."""
