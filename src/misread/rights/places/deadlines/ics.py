"""Dates as a calendar file (RFC 5545): whole days, nothing but text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

OCTETS = 75
"""The longest line, without its end (section 3.1)."""


@dataclass(frozen=True)
class Event:
    """A day in a calendar.

    Attributes
    ----------
    day : date
        The whole day.
    title : str
        In a few words.
    text : str
        What to know about it.
    """

    day: date
    title: str
    text: str = ""

    @property
    def uid(self) -> str:
        """The same for the same day and title, so that a file taken in twice makes one entry."""
        return hashlib.sha256(f"{self.day}\n{self.title}".encode()).hexdigest()[:32] + "@misread.invalid"


def calendar_file(events: Iterable[Event], written: datetime) -> str:
    """A calendar file.

    Parameters
    ----------
    events : iterable of Event
        Its days.
    written : datetime
        When it was made, with its time zone.

    Returns
    -------
    str
        Lines of at most 75 octets, each ended by CR and LF.
    """
    stamp = written.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//misread//rights//EN"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"SUMMARY:{_escaped(event.title)}",
            *([f"DESCRIPTION:{_escaped(event.text)}"] if event.text else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    """Text as section 3.3.11 wants it; control characters, which it forbids, are left out."""
    said = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        said = said.replace(sign, f"\\{sign}")
    return "".join(c for c in said if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127)).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A long line in several, none of which breaks a character: all but the first begin with a space."""
    lines, now = [], b""
    for sign in line:
        if len(now) + len(part := sign.encode()) > OCTETS:
            lines.append(now)
            now = b" "
        now += part
    return "\r\n".join(part.decode() for part in [*lines, now])
