"""The law of places as dated data: what applies where, since when, how sure that is, and by when somebody answers."""
