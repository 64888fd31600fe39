"""What is refused, what is said, and pictures that occur twice."""
