"""Commands that show something in a browser."""
