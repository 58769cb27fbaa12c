"""One ONNX session wrapper, one pipeline per model family, and the loader that reads the model card."""
