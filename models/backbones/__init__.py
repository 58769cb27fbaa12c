"""Classification networks as their papers have them: one registry, cut at named layers, weights of others' checkpoints."""
