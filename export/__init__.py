"""Trained PyTorch models to verified ONNX files with a model card."""
