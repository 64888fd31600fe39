"""What an entry of the catalogue holds, and how its files are read."""
