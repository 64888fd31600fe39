"""The answers that schools give, as data; and how a text is read as words, and signs as patterns over them."""
