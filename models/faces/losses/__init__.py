"""What embeddings are trained to: distances between pictures, or a classifier of people that is dropped afterwards."""
