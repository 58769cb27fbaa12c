"""Classifiers: what is on a picture. Folders of pictures by class in, a weights file out."""
