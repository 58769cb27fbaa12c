"""What lies between a network's input and its outputs: its nodes, its layers, feature maps, and what an activation can see."""
