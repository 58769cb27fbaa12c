"""Real servers on loopback, for tests of network streams."""
