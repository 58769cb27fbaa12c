"""Pure functions and values over arrays: frames, boxes, detections, letterbox, NMS, drawing."""
