"""“Audit”: what a model's answers get wrong, and for whom, from a file that is read in memory; what a sentence means.

Nothing that is sent is stored. A file is read, counted and let go of; what is to be taken away is in the answer itself.
"""
