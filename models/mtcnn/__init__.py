"""MTCNN: three small networks that find faces and five landmarks in each (Zhang et al. 2016, arXiv 1604.02878)."""
