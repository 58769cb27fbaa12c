"""What was found when: the strip under the picture."""
