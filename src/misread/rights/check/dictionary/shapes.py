"""What cells look like, whatever they are called: numbers, vectors, pictures, sounds."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

NUMBER = r"^[-+]?(\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?\s?%?$"
VECTOR_LENGTHS = frozenset({64, 128, 192, 256, 512, 768, 1024, 2048})
"""How many numbers networks describe a face or a voice with."""
LOOKED_AT = 200
"""Distinct texts that a shape is judged by: the first ones."""
ENOUGH = 0.9
_PICTURE = re.compile(r"\.(jpe?g|png|webp|bmp|gif|heic|mp4|avi|mov|mkv)(\?.*)?$", re.IGNORECASE)
_SOUND = re.compile(r"\.(wav|mp3|m4a|ogg|flac|aac|opus)(\?.*)?$", re.IGNORECASE)
_DATA = re.compile(r"^data:(image|video|audio)/", re.IGNORECASE)
# How JPEG, PNG, GIF and WebP begin in base64; RIFF is WebP's and WAV's.
_PICTURE_BEGINS = ("/9j/", "iVBORw0KGgo", "R0lGOD")
_SOUND_BEGINS = ("UklGR", "SUQz", "T2dnUw", "ZkxhQw")
LONG = 64
"""Fewer figures of base64 than this are no picture."""


def numeric(texts: pa.Array) -> bool:
    """Whether nearly all of some texts are numbers, with a decimal point or comma."""
    import pyarrow.compute as pc

    if not len(texts):
        return False
    return bool(pc.sum(pc.match_substring_regex(texts, NUMBER)).as_py() >= ENOUGH * len(texts))


def numbers(texts: pa.Array) -> NDArray[np.float64]:
    """Texts as numbers; NaN where a text is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(texts):
        return np.zeros(0)
    plain = pc.replace_substring(pc.replace_substring_regex(texts, r"\s?%$", ""), ",", ".")
    known = pc.if_else(pc.match_substring_regex(texts, NUMBER), plain, None)
    return np.asarray(known.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def seen_shape(texts: pa.Array) -> str:
    """The shape that tells a kind by itself: ``vector``, ``image``, ``audio``; empty if it is none of these."""
    words = [str(word) for word in texts[:LOOKED_AT].to_pylist()]
    if not words:
        return ""
    for shape, fits in _FITS.items():
        if sum(map(fits, words)) >= ENOUGH * len(words):
            return shape
    return ""


def _vector(word: str) -> bool:
    word = word.strip()
    if word[:1] in "[{(" and word[-1:] in "]})":
        try:
            values = json.loads(f"[{word[1:-1]}]")
        except (ValueError, RecursionError):
            return False
        return len(values) in VECTOR_LENGTHS and all(isinstance(v, int | float) for v in values)
    parts = re.split(r"[;,\s|]+", word) if len(word) > LONG else []
    if len(parts) in VECTOR_LENGTHS:
        return all(re.fullmatch(r"[-+]?\d*\.?\d+([eE][-+]?\d+)?", part) for part in parts)
    content = _base64(word)
    return content is not None and len(content) in {4 * n for n in VECTOR_LENGTHS} and not _image(word)


def _image(word: str) -> bool:
    if _DATA.match(word):
        return not word[5:11].lower().startswith("audio")
    return bool(_PICTURE.search(word)) or (len(word) >= LONG and word.startswith(_PICTURE_BEGINS))


def _audio(word: str) -> bool:
    if _DATA.match(word):
        return word[5:10].lower() == "audio"
    return bool(_SOUND.search(word)) or (len(word) >= LONG and word.startswith(_SOUND_BEGINS))


def _base64(word: str) -> bytes | None:
    if len(word) < LONG or len(word) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", word):
        return None
    try:
        return base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        return None


_FITS: Mapping[str, Callable[[str], bool]] = {"image": _image, "audio": _audio, "vector": _vector}

_ADDRESSES = {
    "e-mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    "web address": r"(https?|wss?|ftp)://",
    "number of a computer": r"\b(\d{1,3}\.){3}\d{1,3}\b",
    "key of an interface": r"\b(sk|pk|api|key|tok|ghp|AKIA|eyJ)[-_]?[A-Za-z0-9_-]{16,}",
}


def addresses(texts: pa.Array) -> Mapping[str, NDArray[np.bool_]]:
    """Which texts hold what points outside the school: kind → mask. What they are is not told."""
    import pyarrow.compute as pc

    found = {}
    for kind, pattern in _ADDRESSES.items():
        mask = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False).astype(bool)
        if mask.any():
            found[kind] = mask
    return found


_OFFSET = re.compile(
    r"^(?P<stem>.*?)\s*[+@]\s*(?P<minutes>\d+(?:[.,]\d+)?)\s*(?:min(?:ute)?s?|′|分钟|मिनट)\.?$", re.IGNORECASE
)


def beside(name: str) -> tuple[str, float] | None:
    """A column of looks that stand side by side: what they are called, and how many minutes after the row's time."""
    found = _OFFSET.match(name.strip())
    return (found["stem"], float(found["minutes"].replace(",", "."))) if found else None


_SINCE = re.compile(
    r"\b(?:ab|seit|from|since|after|depuis|après|desde|自|从)\s*(\d{1,2})(?:[:h.](\d{2}))?", re.IGNORECASE
)


def minutes_from(name: str) -> int | None:
    """From which minute of the day a column of minutes counts, where its name says it."""
    found = _SINCE.search(name)
    return int(found[1]) * 60 + int(found[2] or 0) if found else None
