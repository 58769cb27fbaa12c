"""Networks layer by layer: sizes, parameters, multiply-adds, receptive fields."""
