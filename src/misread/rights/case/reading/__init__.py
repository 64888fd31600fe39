"""Reading a reply: which of the known answers it holds, with the sentence that says so, and which law it names.

>>> from misread.rights.case.reading import read_reply
>>> [hit.module.id for hit in read_reply("Thank you. We do not store any images of pupils.").hits]
['no-images-are-stored']
"""

from __future__ import annotations

from misread.rights.case.reading.citations import Citation, Fit
from misread.rights.case.reading.read import Hit, Read, read_reply

__all__ = ["Citation", "Fit", "Hit", "Read", "read_reply"]
