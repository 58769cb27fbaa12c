"""Trained PyTorch models to verified ONNX files with a model card."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as in detector_app.pipelines, and for the same reason
