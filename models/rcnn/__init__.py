"""The family of detectors that judge regions: R-CNN, Fast R-CNN and Faster R-CNN, each part in a file of its own."""
