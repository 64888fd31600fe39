"""The server: who is answered, which address shows what, where it is computed."""
