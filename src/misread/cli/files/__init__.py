"""Commands about the deployment file: its text, its rules, its schema."""
