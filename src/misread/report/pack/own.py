"""A deployment with evidence and audits of its author's own, carried along under names that lie within a folder."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path as File
from pathlib import PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from misread.deployment import Deployment, load
from misread.deployment.model import ProfileFrom
from misread.deployment.origin import Path
from misread.deployment.profiles.audited import beside, file_of, is_audit, parts
from misread.errors import MisreadError

FOLDER = "evidence"
"""Where files of one's own lie, beside deployment.toml."""
PREFIX, AUDIT, MARK = "evidence:", "audit:", "#"
ENDINGS = {PREFIX: ".toml", AUDIT: ".json"}


def carried(deployment: Deployment) -> tuple[Deployment, dict[str, bytes]]:
    """The deployment with its own evidence and audits named by where they lie in the folder of a run, and those files.

    Parameters
    ----------
    deployment : Deployment
        As `misread.load` returns it.

    Returns
    -------
    Deployment
        To be written by `to_toml`; with nothing of one's own, the deployment as it is.
    dict of str to bytes
        Name within the folder → the file as it is.
    """
    names: dict[File, str] = {}
    renamed: dict[str, str] = {}
    for profile, kind, file, rest in _own(deployment):
        name = names.setdefault(file, _free(file, ENDINGS[kind], names.values()))
        renamed[profile] = f"{kind}{name}{rest}"
    if not renamed:
        return deployment, {}
    contents = {name: file.read_bytes() for file, name in names.items()}
    return _renamed(deployment, renamed), {name: contents[name] for name in sorted(contents)}


def _own(deployment: Deployment) -> Iterator[tuple[str, str, File, str]]:
    """Profile, kind, file, and what follows the file, for each profile from a file of one's own."""
    for profile, spec in deployment.classifier.confusion.items():
        if not isinstance(spec, ProfileFrom):
            continue
        source, key = spec.source, ("classifier", "confusion", profile, "from")
        if source.startswith(PREFIX) and MARK in source:
            file, _, id = source.removeprefix(PREFIX).rpartition(MARK)
            yield profile, PREFIX, (beside(deployment.origin, key) / file).resolve(), f"{MARK}{id}"
        elif is_audit(source):
            _, mark, levels = source.partition(MARK)
            yield profile, AUDIT, file_of(deployment.origin, key, source).resolve(), mark + levels


def _free(file: File, ending: str, taken: Any) -> str:
    """A name that every file system takes, and that no other file has."""
    plain = re.sub(r"[^\w.-]+", "-", file.stem, flags=re.ASCII).strip("-.")[:60] or "study"
    name, n = f"{FOLDER}/{plain}{ending}", 2
    while name in taken:
        name, n = f"{FOLDER}/{plain}-{n}{ending}", n + 1
    return name


def _renamed(deployment: Deployment, sources: Mapping[str, str]) -> Deployment:
    """The deployment with other sources of some profiles."""
    specs = dict(deployment.classifier.confusion)
    data = copy.deepcopy(dict(deployment.origin.data))
    for profile, source in sources.items():
        specs[profile] = specs[profile].model_copy(update={"source": source})
        if data:
            data["classifier"]["confusion"][profile]["from"] = source
    classifier = deployment.classifier.model_copy(update={"confusion": specs})
    other = deployment.model_copy(update={"classifier": classifier})
    other._origin = replace(deployment.origin, data=data)
    return other


@contextmanager
def reread(text: str, own: Mapping[str, bytes], changed: Mapping[Path, str], called: str) -> Iterator[Deployment]:
    """The deployment that a folder or a pack holds, read from a temporary folder that goes when it is done with.

    Parameters
    ----------
    text : str
        The text of deployment.toml.
    own : mapping of str to bytes
        Files of one's own evidence, and audits, by their names beside it; each a plain name in `FOLDER`.
    changed : mapping of Path to str
        Keys that a policy or a setting gave → its file or option.
    called : str
        What messages call the folder.

    Raises
    ------
    MisreadError
        If the deployment is not valid.
    """
    with TemporaryDirectory(prefix="misread-") as name:
        folder = File(name)
        for member, content in {"deployment.toml": text.encode(), **own}.items():
            (folder / member).parent.mkdir(exist_ok=True)
            (folder / member).write_bytes(content)
        try:
            deployment = load(folder / "deployment.toml")
        except MisreadError as error:
            told = [replace(p, file=p.file.replace(f"{folder}/", f"{called}: ")) for p in error.problems]
            raise MisreadError(told) from None
        deployment._origin = replace(deployment.origin, changed=dict(changed))
        yield deployment


def strangers(text: str, own: Mapping[str, bytes]) -> tuple[str, ...]:
    """Sources of profiles that a deployment names outside the catalogue and the files that come with it.

    Parameters
    ----------
    text : str
        The text of deployment.toml, from anybody.
    own : mapping of str to bytes
        The files that come with it.
    """
    try:
        confusion = tomllib.loads(text).get("classifier", {}).get("confusion", {})
        sources = [spec.get("from") for spec in confusion.values() if isinstance(spec, dict)]
    except (ValueError, AttributeError, RecursionError):
        # No deployment: reading it says what is wrong.
        return ()
    return tuple(s for s in sources if isinstance(s, str) and not _at_home(s, own))


def _at_home(source: str, own: Mapping[str, bytes]) -> bool:
    if is_audit(source):
        file, mark = parts(source)[0], MARK
    elif source.startswith(PREFIX):
        file, mark, _ = source.removeprefix(PREFIX).rpartition(MARK)
    else:
        return True
    return not mark or (file in own and PurePosixPath(file).parent == PurePosixPath(FOLDER))
