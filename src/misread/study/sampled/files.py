"""One Parquet file a range of schools, and what a folder of them already holds."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from misread.errors import MisreadError, Problem
from misread.study.sampled.job import Job, Span

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "files"
"""Folder of the Parquet files, in that of the run."""
FORMAT = "misread-schools/1"
FACTS, TALLIES = b"misread", b"misread.tallies"
"""Keys of a file's metadata: whose file it is, and what it adds to the findings."""
LEFTOVER = re.compile(r"\.schools-\d{6,}-\d{6,}\.parquet\..{8}")
"""What `misread.files.write_whole` leaves behind if it is killed."""
NAMED = 3
"""Foreign files that one message names."""


def path_of(out: Path, span: Span) -> Path:
    """Where a range's file lies in the folder of a run; schools counted from 1."""
    return out / FOLDER / f"schools-{span.first + 1:06}-{span.end:06}.parquet"


def facts_of(job: Job, span: Span) -> dict[str, object]:
    """Everything that can change a number of a range's file."""
    return {
        "format": FORMAT,
        "deployment": job.sha256,
        "tables": job.tables,
        "layout": job.layout,
        "seed": job.seed,
        "step": job.step,
        "version": job.version,
        "schools": [span.first + 1, span.end],
    }


def as_parquet(table: pa.Table, tallies: NDArray[np.float64], job: Job, span: Span) -> bytes:
    """The bytes of a range's file: the same for the same rows, whoever writes it.

    Parameters
    ----------
    table : pyarrow.Table
        A row a pupil and school year.
    tallies : ndarray, shape (schools of the range, columns)
        What the findings are made of; kept so that a run taken up again draws nothing twice.
    job, span : Job and Span
        Whose file it is.
    """
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    # Arrow's own copy of the schema is left out: it would hold the metadata twice.
    with pq.ParquetWriter(buffer, table.schema, version="2.6", compression="zstd", store_schema=False) as writer:
        writer.write_table(table, row_group_size=max(len(table), 1))
        writer.add_key_value_metadata(
            {FACTS: json.dumps(facts_of(job, span), sort_keys=True).encode(), TALLIES: _packed(tallies)}
        )
    return buffer.getvalue()


def _packed(tallies: NDArray[np.float64]) -> bytes:
    """A matrix as an .npy file, compressed, in letters: metadata of Parquet are text."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, tallies, version=(1, 0), allow_pickle=False)
    return base64.b64encode(zlib.compress(buffer.getvalue()))


def _unpacked(text: bytes) -> NDArray[np.float64]:
    buffer = io.BytesIO(zlib.decompress(base64.b64decode(text, validate=True)))
    return np.asarray(np.lib.format.read_array(buffer, allow_pickle=False), dtype=np.float64)


def kept(spans: Sequence[Span], out: Path) -> Iterator[tuple[Span, NDArray[np.float64]]]:
    """Ranges whose files are already there, with their tallies.

    Raises
    ------
    MisreadError
        If a file cannot be read, or holds less than it says.
    """
    for span in spans:
        if (path := path_of(out, span)).exists():
            metadata = _metadata(path)
            try:
                tallies = _unpacked(metadata[TALLIES])
            except (KeyError, ValueError, zlib.error) as error:
                raise MisreadError(_foreign(path, "Its tallies cannot be read.")) from error
            yield span, tallies


def refuse_foreign(job: Job, spans: Sequence[Span], out: Path) -> None:
    """Refuse a folder that holds what is not of this run; nothing in it is touched.

    Raises
    ------
    MisreadError
        Naming the files, and what they belong to.
    """
    folder = out / FOLDER
    for place in (out, folder):
        if place.exists() and not place.is_dir():
            raise MisreadError(Problem("It is a file.", "a folder.", "name another place with --out.", file=str(place)))
    ours = {path_of(out, span): facts_of(job, span) for span in spans}
    found: list[Problem] = []
    for path in sorted(folder.glob("*.parquet")):
        if why := _difference(_facts(path), ours.get(path)):
            found.append(_foreign(path, why))
    if found:
        more = [Problem(f"So are {len(found) - NAMED:,} more files there.")] if len(found) > NAMED else []
        raise MisreadError([*found[:NAMED], *more])


def remove_leftovers(out: Path) -> None:
    """Remove what a killed run was writing."""
    for path in (out / FOLDER).glob(".schools-*"):
        if LEFTOVER.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _facts(path: Path) -> dict[str, object] | None:
    """What a file says it is; None if it is none of ours."""
    try:
        facts = json.loads(_metadata(path)[FACTS])
    except (KeyError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def _metadata(path: Path) -> dict[bytes, bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return dict(pq.read_metadata(path).metadata or {})
    except (OSError, pa.ArrowException) as error:
        raise MisreadError(_foreign(path, "It cannot be read as Parquet.")) from error


def _difference(theirs: dict[str, object] | None, ours: dict[str, object] | None) -> str:
    """Why a file is not of this run; empty if it is."""
    if theirs is None:
        return "It was not written by misread."
    if ours is None:
        return "It holds schools that this run does not put into one file."
    names = {"deployment": "deployment", "seed": "seed", "version": "version of misread", "step": "step"}
    for key, name in names.items():
        if theirs.get(key) != ours[key]:
            there, here = (_short(facts.get(key)) for facts in (theirs, ours))
            return f"It belongs to another {name}: {there} there, {here} here."
    if theirs != ours:
        return "It was made with other packages, or on a machine that rounds otherwise."
    return ""


def _short(value: object) -> str:
    """A digest's beginning; anything else as it is."""
    text = str(value)
    return text[:12] if len(text) == 64 else text


def _foreign(path: Path, why: str) -> Problem:
    return Problem(
        why,
        expected="files of this very run, or none.",
        mend="name another folder with --out, or remove the file if nobody needs it.",
        file=str(path),
    )
