"""Where results go: annotated video, JSON lines, CSV, COCO, pictures."""
