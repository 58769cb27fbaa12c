"""The cascade of Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional Networks" (arXiv 1604.02878)."""
