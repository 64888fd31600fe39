"""What `benchmarks/audit.py` measures: made-up answers, and what is done with them in processes of their own."""
