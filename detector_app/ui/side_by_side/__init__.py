"""Two models on the same frames: wiped over each other or beside each other, counted by class, and where they differ."""
