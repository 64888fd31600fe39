"""What a file of law holds, and how it is read."""
