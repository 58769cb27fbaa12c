"""Things followed through a video: trails, lines and zones drawn on the picture, and who they count."""
