"""The folder of an audit: which files, and where."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from misread.cli.support.output import folder_for, refuse_others, run_json

if TYPE_CHECKING:
    from misread.audit.result import Audit
    from misread.audit.written.model import Written

RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    Attributes
    ----------
    source : str
        The file that is audited.
    typed : tuple of str
        The command, word by word, without what changes no result.
    told : tuple of str
        The same, with files without their folders: so it stands in what may be handed on.
    deployment : str
        Whose words profile.toml speaks.
    for_publication : bool
        Whether tables for publication are written too.
    seed : int
        Of all that is drawn.
    started : datetime
        When.
    """

    source: str
    typed: tuple[str, ...]
    told: tuple[str, ...]
    deployment: str
    for_publication: bool
    seed: int
    started: datetime

    @property
    def command(self) -> str:
        """What to type to get the same again."""
        return shlex.join(self.typed)


def place(order: Order, out: str | None, digest: str) -> Path:
    """The folder that results go to.

    Raises
    ------
    MisreadError
        If nothing can be written there.
    """
    return folder_for(out, "audit", Path(order.source).stem, digest=digest)


def write_all(
    audit: Audit, written: Written, order: Order, out: str | None, progress: Callable[[int, int], object]
) -> tuple[tuple[Path, ...], str]:
    """Write everything, each file whole.

    Returns
    -------
    names : tuple of Path
        What was written, the report last.
    asks : str
        What profile.toml still asks for; empty where it is complete.

    Raises
    ------
    MisreadError
        If the folder holds results of something else, or cannot be written to.
    """
    from misread.files import write_folder
    from misread.report.audit.files import files

    digest = _digest(written, order)
    folder = place(order, out, digest)
    refuse_others(folder, order.command, digest, order.seed)
    found, asks = files(
        audit,
        written,
        command=shlex.join(order.told),
        deployment=order.deployment,
        for_publication=order.for_publication,
        progress=progress,
    )
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in found.items()}
    facts = {"seed": order.seed, "sha256": digest, "files": digests}
    write_folder(folder, {**found, RUN: run_json(order.command, order.started, **facts)})
    return tuple(folder / name for name in found), asks


def _digest(written: Written, order: Order) -> str:
    """Of everything that is told, and what was asked for beside it."""
    asked = json.dumps([order.deployment, order.for_publication])
    return hashlib.sha256((written.text() + asked).encode()).hexdigest()
