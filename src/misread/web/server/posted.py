"""What a form sent, files among it, read in memory alone: what belongs to a family is never spooled to a disk.

Three ways to send the same: as forms do without files, as they do with files, and, by a script, one line of JSON with
the fields and after it the bytes of one file, which the browser reads from the disk as they are sent.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from misread.errors import MisreadError, Problem
from misread.language import gettext as _

RAW = "application/x-misread-file"
"""The type of a body that is one line of fields and then one file."""
FILE = "file"
"""The name of the field that a file is in."""
MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class File:
    """A file that was given.

    Attributes
    ----------
    name : str
        What it is called where it comes from.
    content : bytes
        All of it.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form sent.

    Attributes
    ----------
    fields : mapping
        Name → values, in their order.
    file : File or None
        The file; None where none was chosen.
    """

    fields: Mapping[str, tuple[str, ...]]
    file: File | None = None


async def posted(request: Request) -> Posted:
    """What a form sent.

    Parameters
    ----------
    request : starlette.requests.Request
        How long its body may be is watched by the guard, as it is read.

    Raises
    ------
    MisreadError
        If the body is none of the three ways.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == RAW:
        return _raw([piece async for piece in request.stream()])
    if kind == "multipart/form-data":
        return await _in_parts(request)
    return Posted(_gathered(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True)))


class _InMemory(MultiPartParser):
    """Keeps files in memory, however long: the guard has said how long that may be."""

    spool_max_size = 2**40


async def _in_parts(request: Request) -> Posted:
    async def pieces() -> AsyncIterator[bytes]:
        async for piece in request.stream():
            yield piece

    parser = _InMemory(
        request.headers,
        pieces(),  # type: ignore[arg-type]
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=2**30,
    )
    try:
        form = await parser.parse()
    except MultiPartException:
        raise _broken() from None
    try:
        texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        given = [value for _name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
        files = [File(one.filename or "", one.file.read()) for one in given]
    finally:
        await form.close()
    return Posted(_gathered(texts), files[0] if files else None)


def _raw(pieces: list[bytes]) -> Posted:
    """Fields and a file; the file is put together once, since it may be large."""
    head, newline = [], b""
    while pieces and not newline:
        part, newline, rest = pieces.pop(0).partition(b"\n")
        head.append(part)
        if rest:
            pieces.insert(0, rest)
    line, content = b"".join(head), b"".join(pieces)
    try:
        told = json.loads(line)
        fields = {str(name): tuple(map(str, values)) for name, values in told["fields"]}
        name = str(told["name"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _broken() from None
    return Posted(fields, File(name, content))


def _broken() -> MisreadError:
    return MisreadError(Problem(_("What was sent is not what a form of this page sends."), mend=_("send it again.")))


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    gathered: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        gathered[name] = (*gathered.get(name, ()), value)
    return gathered
