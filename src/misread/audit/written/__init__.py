"""What is written of an audit: one JSON file with counts and statistics, tables, a section of a model card."""
