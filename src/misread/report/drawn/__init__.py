"""How figures are drawn: the standard charts, and what the signature pictures show."""
