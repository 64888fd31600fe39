"""The sections of the further tables in the PDF: the same sentences and pictures as on the page."""

from misread.report.pdf.further.sections import after_the_story, of_the_file

__all__ = ["after_the_story", "of_the_file"]
