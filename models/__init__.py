"""PyTorch networks, their losses, data and training; knows nothing of the app that runs what is exported."""
