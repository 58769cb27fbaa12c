"""Who a face is: alignment, embeddings, the gallery of enrolled people. Everything stays on this machine."""
