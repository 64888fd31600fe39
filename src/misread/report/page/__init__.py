"""The report of one run: the page itself, and the stories that it and the PDF tell."""
