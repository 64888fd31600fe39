"""What is measured: definitions, values with intervals, and their file format."""
