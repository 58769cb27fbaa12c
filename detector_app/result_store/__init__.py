"""What was found in a video, kept beside it, so that opening it again needs no inference."""
