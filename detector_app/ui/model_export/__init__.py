"""Exporting a trained model from the window: a form over what the exporter offers, and the exporter as a child process."""
