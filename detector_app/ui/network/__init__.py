"""What a network computes inside, shown beside the picture."""
