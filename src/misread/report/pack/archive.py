"""One zip file: always the same bytes for the same members, and read without trusting a single one of them."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from misread.errors import MisreadError, Problem

FORMAT = "misread-pack/1"
MANIFEST = "manifest.json"
LIMIT = 64_000_000
"""Bytes, of the file and of all that is in it. A run of a shipped deployment takes 600,000."""
MEMBERS = 64
RATIO = 10
"""A member that claims to unpack to more than so many times what it takes is no text of ours."""
END = struct.Struct("<4s4H2LH")
SAFE = re.compile(r"(?:evidence/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """Members and a manifest of them as a zip file.

    Parameters
    ----------
    members : mapping of str to bytes
        Name → content, in the order in which they are to lie.

    Returns
    -------
    bytes
        Stored rather than compressed, since what a compressor writes depends on its version; one date for all.
    """
    content = {
        "format": FORMAT,
        "members": [{"name": n, "bytes": len(c), "sha256": sha256(c).hexdigest()} for n, c in members.items()],
    }
    return _zip({MANIFEST: (json.dumps(content, indent=1) + "\n").encode(), **members})


def _zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            file.writestr(info, content)
    return out.getvalue()


def read_archive(data: bytes, file: str) -> dict[str, bytes]:
    """The members of a pack, in memory, or the first thing that is wrong with it.

    Parameters
    ----------
    data : bytes
        The file.
    file : str
        What messages call it.

    Returns
    -------
    dict of str to bytes
        Name → content, the manifest left out.

    Raises
    ------
    MisreadError
        If it is no pack, or was altered in any byte.
    """
    try:
        _refuse_many(data, file)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            for problem in _wrong(infos, file):
                raise MisreadError(problem)
            found = _read(archive, infos, file)
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        struct.error,
    ) as error:
        raise altered(file, f"It cannot be read as a zip file: {error}.") from error
    manifest = found.pop(MANIFEST, None)
    if manifest is None:
        raise altered(file, f"It has no {MANIFEST}.")
    _check_manifest(manifest, found, file)
    if _zip({MANIFEST: manifest, **found}) != data:
        raise altered(file, "It is not laid out as `misread pack` does: something was added between its members.")
    return found


def altered(file: str, what: str) -> MisreadError:
    """A pack that is not as it was written."""
    expected = "a file as `misread pack` wrote it, not packed again by another program."
    return MisreadError(Problem(what, expected, "ask whoever made it for the file itself.", file))


def _refuse_many(data: bytes, file: str) -> None:
    """Refuse a directory that is larger than any of ours, before anything reads it."""
    if len(data) > LIMIT:
        raise altered(file, f"It has {len(data):,} bytes; a pack has at most {LIMIT:,}.")
    if len(data) < END.size or data[-END.size :][:4] != b"PK\x05\x06":
        raise altered(file, "It is no zip file, or something was added at its end.")
    _, _, _, here, entries, size, _, comment = END.unpack(data[-END.size :])
    if entries > MEMBERS or here != entries or size > MEMBERS * 256 or comment:
        raise altered(file, f"It holds {entries:,} files, or a directory of {size:,} bytes: no pack does.")


def _wrong(infos: list[zipfile.ZipInfo], file: str) -> Iterator[Problem]:
    """What is wrong with what the members say of themselves."""
    names = [info.filename for info in infos]
    total = sum(info.file_size for info in infos)
    expected, mend = "a file as `misread pack` wrote it.", "do not open it with other programs; ask who made it."
    for info in infos:
        large = info.file_size > RATIO * max(info.compress_size, 1) and info.compress_type != zipfile.ZIP_STORED
        if total > LIMIT or large:
            what = f"It is a zip bomb: `{info.filename}` would unpack to {info.file_size:,} bytes"
            yield Problem(f"{what}, all of it to {total:,}.", expected, mend, file)
        elif info.flag_bits & 0x1:
            yield Problem(f"`{info.filename}` is encrypted.", expected, mend, file)
        elif not SAFE.fullmatch(info.filename) or ".." in info.filename or info.is_dir():
            yield Problem(f"`{info.filename}` is no name of a file in a pack.", expected, mend, file)
        elif names.count(info.filename) > 1:
            yield Problem(f"`{info.filename}` is in it twice.", expected, mend, file)
        elif info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            yield Problem(f"`{info.filename}` is compressed, which no file of a pack is.", expected, mend, file)


def _read(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file: str) -> dict[str, bytes]:
    """What is in the members: never more than the limit, whatever they say of themselves."""
    found, left = {}, LIMIT
    for info in infos:
        with archive.open(info) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise altered(file, f"It is a zip bomb: it holds more than {LIMIT:,} bytes.")
        found[info.filename] = content
    return found


def _check_manifest(manifest: bytes, members: Mapping[str, bytes], file: str) -> None:
    content = read_json(manifest, MANIFEST, file)
    if content.get("format") != FORMAT:
        said = repr(content.get("format"))[:60]
        what = f"Its format is {said}, which this version of misread does not know."
        raise MisreadError(Problem(what, f"the format {FORMAT}.", "verify it with the version that made it.", file))
    rows = content.get("members")
    rows = [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []
    listed = [str(row.get("name")) for row in rows]
    for name in listed:
        if name not in members:
            raise altered(file, f"`{name}` is missing: the manifest has it.")
    for name in members:
        if name not in listed:
            raise altered(file, f"`{name}` was added: the manifest does not have it.")
    for row in rows:
        content_of = members[row["name"]]
        if row.get("sha256") != sha256(content_of).hexdigest() or row.get("bytes") != len(content_of):
            raise altered(file, f"`{row['name']}` was altered: it is not what the manifest says.")


def read_json(content: bytes, name: str, file: str) -> dict[str, Any]:
    """A member that is one JSON object."""
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise altered(file, f"`{name}` is no JSON: {str(error)[:100]}.") from error
    if not isinstance(found, dict):
        raise altered(file, f"`{name}` is no JSON object.")
    return found
