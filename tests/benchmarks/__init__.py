"""What things cost, as ratios of medians within one interleaved run. Run by ``make bench``; nothing here is a test."""
