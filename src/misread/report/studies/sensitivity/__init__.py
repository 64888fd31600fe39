"""Which inputs a finding hangs on: the page, and its words and charts."""

from misread.report.studies.sensitivity.page import render_sensitivity
from misread.report.studies.sensitivity.words import ends, input_words, repeat_options, sentences

__all__ = ["ends", "input_words", "render_sensitivity", "repeat_options", "sentences"]
