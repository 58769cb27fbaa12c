"""Embeddings of faces: pictures of one person near each other, those of different people far apart."""
