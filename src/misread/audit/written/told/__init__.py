"""What is told of an audit: in words, as a table, as a section of a model card."""
