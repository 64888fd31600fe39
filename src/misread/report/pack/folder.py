"""From the folder of a run to a pack, and back from a pack to what is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from misread.deployment import digest
from misread.errors import MisreadError, Problem
from misread.evidence import catalogue, plain
from misread.report.pack.archive import LIMIT, altered, read_archive, read_json, write_archive
from misread.report.pack.outputs import DEPLOYMENT, FINDINGS, PDF, REPORT, RUN, STRESS, TABLE
from misread.report.pack.own import FOLDER, reread, strangers
from misread.report.pack.record import Record, read_record
from misread.report.pack.versions import lock_of, pins
from misread.report.words.sources import EVIDENCE_ID
from misread.version import __version__

EVIDENCE, PINS, LOCK = "evidence.json", "requirements.txt", "requirements.lock"
NEEDED = (RUN, DEPLOYMENT, FINDINGS, TABLE, REPORT)
"""Files that every run writes."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What is in a pack.

    Attributes
    ----------
    file : str
        The pack, or the folder it is made of, as the user named it.
    members : mapping of str to bytes
        Name → content.
    record : Record
        What its run.json says.
    """

    file: str
    members: Mapping[str, bytes]
    record: Record

    @property
    def text(self) -> str:
        """The text of deployment.toml."""
        return self.members[DEPLOYMENT].decode("utf-8", errors="replace")

    @property
    def own(self) -> dict[str, bytes]:
        """Files of the author's own evidence, and audits."""
        return {n: c for n, c in self.members.items() if n.startswith(f"{FOLDER}/")}


def pack_folder(folder: Path) -> bytes:
    """The pack of a run.

    Parameters
    ----------
    folder : Path
        What `misread run --out` named.

    Returns
    -------
    bytes
        A zip file; the same folder gives the same bytes.

    Raises
    ------
    MisreadError
        If the folder is no complete run, or its files do not belong together.
    """
    file = str(folder)
    record = read_record(_content(folder, RUN), RUN, file)
    found = {name: _content(folder, name) for name in (*NEEDED, *sorted(record.files))}
    run = Pack(file, found, record)
    _belongs(run)
    members = {RUN: found[RUN], DEPLOYMENT: found[DEPLOYMENT], EVIDENCE: cited(run.text), **run.own}
    members |= {name: found[name] for name in (FINDINGS, TABLE, REPORT, STRESS, PDF) if name in found}
    members[PINS] = pins(record.version, record.python, record.packages).encode()
    if (lock := lock_of(record.packages)) is not None:
        members[LOCK] = lock.encode()
    data = write_archive(members)
    # Nothing leaves that would not be taken back.
    read_archive(data, file)
    return data


def _content(folder: Path, name: str) -> bytes:
    path, mend = folder / name, "name the folder that `misread run … --out` wrote, with all that is in it."
    expected = f"a folder with {', '.join(NEEDED)}."
    if not folder.is_dir():
        raise MisreadError(Problem("There is no such folder.", expected, mend, str(folder)))
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise _mixed(str(folder), f"{RUN} names `{name}`, which is no file of a run.")
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise MisreadError(Problem(f"It has no {name}.", expected, mend, str(folder))) from error
    except OSError as error:
        raise MisreadError(Problem(f"It cannot be read: {error.strerror or error}.", "", mend, str(path))) from error
    if len(content) > LIMIT:
        raise MisreadError(Problem(f"It has more than {LIMIT:,} bytes.", "a file of a run.", mend, str(path)))
    return content


def _belongs(run: Pack) -> None:
    """Refuse files of several runs, and files that somebody changed."""
    if run.record.version != __version__:
        what = f"The run was made by misread {run.record.version}; this is {__version__}."
        mend = "pack it with that version, or run it again with this one."
        raise MisreadError(Problem(what, "one version for both.", mend, run.file))
    if unnamed := [name for name in NEEDED if name != RUN and name not in run.record.files]:
        raise _mixed(run.file, f"{RUN} does not name {', '.join(unnamed)}.")
    head = read_json(run.members[FINDINGS], FINDINGS, run.file).get("deployment")
    said = head.get("sha256") if isinstance(head, dict) else None
    _refuse_strangers(run)
    with reread(run.text, run.own, {}, run.file) as deployment:
        if digest(deployment) != said:
            raise _mixed(run.file, f"The findings are not those of {DEPLOYMENT}: the digests differ.")
    for name, is_ in run.record.files.items():
        if sha256(run.members[name]).hexdigest() != is_:
            raise _mixed(run.file, f"{name} is not the file that the run wrote.")


def _refuse_strangers(run: Pack) -> None:
    for source in strangers(run.text, run.own):
        what = f"Its deployment takes a profile from {source[:200]!r}, which is not in it."
        raise MisreadError(Problem(what, "evidence that lies beside it.", "ask whoever made it.", run.file))


def _mixed(file: str, what: str) -> MisreadError:
    mend = "run it again, into a folder of its own."
    return MisreadError(Problem(what, "the files of one run, as it wrote them.", mend, file))


def cited(text: str) -> bytes:
    """The entries of the catalogue that a deployment names, in its values or in its author's comments, as JSON.

    Parameters
    ----------
    text : str
        The text of deployment.toml.
    """
    known = catalogue()
    rows = [plain(known[id]) for id in sorted(set(EVIDENCE_ID.findall(text))) if id in known]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


def read_pack(path: Path) -> Pack:
    """What is in a pack, in memory; only its deployment is read from a temporary folder, to see that it is valid.

    Parameters
    ----------
    path : Path
        A file of `misread pack`, from anybody.

    Raises
    ------
    MisreadError
        If it is no pack, was altered, or lacks something, or if its deployment is not valid here.
    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT + 1)
    except OSError as error:
        mend = "name a file that `misread pack` wrote."
        raise MisreadError(Problem(f"It cannot be read: {error.strerror or error}.", "", mend, file)) from error
    members = read_archive(data, file)
    for name in (*NEEDED, EVIDENCE, PINS):
        if name not in members:
            raise altered(file, f"`{name}` is missing.")
    known = {*NEEDED, EVIDENCE, PINS, LOCK, PDF, STRESS}
    for name in members:
        if name not in known and not re.fullmatch(rf"{FOLDER}/[\w.-]+\.(?:toml|json)", name, re.ASCII):
            raise altered(file, f"`{name}` is nothing that a pack holds.")
    pack = Pack(file, members, read_record(members[RUN], RUN, file))
    _refuse_strangers(pack)
    with reread(pack.text, pack.own, {}, file):
        return pack
