"""The commands of `detector-app`, one module each."""
