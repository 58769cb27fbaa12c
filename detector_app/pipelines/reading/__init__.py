"""How a file without a card is to be read: what its graph states, what can be guessed from it and why, and what must be asked for."""
