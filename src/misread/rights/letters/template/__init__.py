"""Templates of letters: Markdown with a head, read and checked before anything is written from them."""

from misread.rights.letters.template.load import choose, read_template, templates
from misread.rights.letters.template.model import Fact, Head, Template

__all__ = ["Fact", "Head", "Template", "choose", "read_template", "templates"]
