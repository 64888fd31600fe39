"""What a school gave back, read on the family's own machine: what it stored, beside what was said about it.

Nothing here judges a child. No rule and no profile is run on what is read, and nothing of it is written anywhere.
"""
