"""Law as dated data: what applies where, since when, how sure that is, and by when somebody has to answer.

>>> from datetime import date
>>> from misread import rights
>>> law = rights.at("eu", date(2026, 11, 23))
>>> law["eu.aia.5-1-f"].state
'applies'
"""

from __future__ import annotations

from misread.rights.places.deadlines.due import Answer, Circumstances, Counted, count, matters
from misread.rights.places.deadlines.ics import Event, calendar_file
from misread.rights.places.entries.load import json_schema, law, read
from misread.rights.places.entries.model import Deadline, Place, Provision
from misread.rights.places.known import Ground, Known, Law, Owed, Standing, at, standing

__all__ = [
    "Answer",
    "Circumstances",
    "Counted",
    "Deadline",
    "Event",
    "Ground",
    "Known",
    "Law",
    "Owed",
    "Place",
    "Provision",
    "Standing",
    "at",
    "calendar_file",
    "count",
    "json_schema",
    "law",
    "matters",
    "read",
    "standing",
]
