"""What is told of a record: its gaps and its story, as papers."""
