"""What is told of studies: comparisons, what inputs matter, claims put to the test, short movements."""
