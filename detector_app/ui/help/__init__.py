"""Pages that explain how detectors work, each with an example that the app shows."""
