"""One ONNX session wrapper, one pipeline per model family, and the loader that reads the model card."""

import os

# From 1.31 on onnxruntime writes a device id and usage events into the home folder and sends them to its makers.
# What people point cameras at is theirs: nothing leaves this machine. It must be said before onnxruntime is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
