"""One deployment by the exact engine: as stated, and at points drawn from what is left open."""
