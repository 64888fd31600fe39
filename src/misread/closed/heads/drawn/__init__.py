"""What is ours on a head: the picture on its skin, its colours, eyeballs, hair and collar."""
