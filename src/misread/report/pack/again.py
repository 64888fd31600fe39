"""A pack run again: what is the same byte for byte, and the first thing that is not."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from misread.deployment import Deployment
from misread.engine.exact.day import Progress
from misread.errors import MisreadError, Problem
from misread.findings.about import KEYS
from misread.report.pack.archive import read_json
from misread.report.pack.folder import EVIDENCE, PINS, Pack, cited
from misread.report.pack.outputs import DEPLOYMENT, FINDINGS, PDF, REPORT, STRESS, TABLE, outputs
from misread.report.pack.own import reread
from misread.report.pack.record import MOST_SEED
from misread.report.pack.versions import pins
from misread.study.engines.both import Hands
from misread.study.engines.both import run as run_again
from misread.study.stress import MOST_EFFORT, Stress, stressed
from misread.version import __version__

ORDER = (DEPLOYMENT, EVIDENCE, FINDINGS, TABLE, REPORT, STRESS, PDF, PINS)
"""What is made again, causes before consequences."""
ABOUT = ("rule", "group", *KEYS)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference in one file.

    Attributes
    ----------
    file : str
        The file.
    where : str
        Line, finding or byte.
    packed, here : str
        What the pack says, and what running it again gave.
    """

    file: str
    where: str
    packed: str
    here: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running a pack again gave.

    Attributes
    ----------
    same : tuple of str
        Files that came out the same, byte for byte.
    differences : tuple of Difference
        The first difference of each file that did not, causes before consequences.
    versions : tuple of (str, str, str)
        What has another version here: its name, the version in the pack, and the one here.
    left_out : tuple of str
        What was not made again, and why.
    findings : int
        How many findings the pack has.
    changed_findings : int
        How many of them have another value or interval, or are missing here.
    largest : float
        The largest relative difference of a value or an end of an interval, of those that are numbers in both.
    """

    same: tuple[str, ...]
    differences: tuple[Difference, ...]
    versions: tuple[tuple[str, str, str], ...]
    left_out: tuple[str, ...]
    findings: int
    changed_findings: int
    largest: float

    @property
    def holds(self) -> bool:
        """Whether all that was made again is the same."""
        return not self.differences


def verify(pack: Pack, progress: Progress | None = None) -> Verdict:
    """Run a pack again, with its own draws and seed, and compare the bytes.

    Parameters
    ----------
    pack : Pack
        As `read_pack` gives it.
    progress : callable, optional
        Called with (work done, work in all) now and then.

    Raises
    ------
    MisreadError
        If its deployment is not valid here, or would not fit.
    """
    record = pack.record
    pdf = PDF in pack.members and find_spec("typst") is not None
    with reread(pack.text, pack.own, record.changed, pack.file) as deployment:
        run = run_again(deployment, record.way, Hands(counting=progress, drawing=progress))
        tried = _stressed(pack, deployment)
        made = outputs(run, command=record.command, pdf=pdf, stressed=tried)
    made[EVIDENCE] = cited(pack.text)
    made[PINS] = pins(record.version, record.python, record.packages).encode()
    names = [*(n for n in ORDER if n in made), *sorted(made.keys() - set(ORDER))]
    unlike = [n for n in names if pack.members.get(n) != made[n]]
    left_out = (f"{PDF}: the extra `pdf` is not installed",) if PDF in pack.members and not pdf else ()
    before, after = (_rows(content, pack.file) for content in (pack.members[FINDINGS], made[FINDINGS]))
    changed, largest = _compared(before, after)
    return Verdict(
        same=tuple(n for n in names if n not in unlike),
        differences=tuple(_first(n, pack.members.get(n, b""), made[n]) for n in unlike),
        versions=tuple(_versions(pack)),
        left_out=left_out,
        findings=len(before),
        changed_findings=changed,
        largest=largest,
    )


def _stressed(pack: Pack, deployment: Deployment) -> Stress | None:
    """The claims tried again as the pack says they were, if it says so."""
    if STRESS not in pack.members:
        return None
    said = read_json(pack.members[STRESS], STRESS, pack.file)
    effort, seed = said.get("effort"), said.get("seed")
    if not (
        isinstance(effort, int) and 1 <= effort <= MOST_EFFORT and isinstance(seed, int) and 0 <= seed <= MOST_SEED
    ):
        raise MisreadError(
            Problem(
                f"{STRESS} does not say how hard was searched.",
                f"an effort from 1 to {MOST_EFFORT} and a seed.",
                "ask whoever made the pack.",
                pack.file,
            )
        )
    return stressed(deployment, effort=effort, seed=seed)


def _versions(pack: Pack) -> Iterator[tuple[str, str, str]]:
    record = pack.record
    said = {"misread": record.version, "Python": record.python, **record.packages}
    here = {"misread": __version__, "Python": platform.python_version()}
    for name, packed in said.items():
        there = here.get(name) or _installed(name)
        if there != packed:
            yield name, packed, there


def _installed(name: str) -> str:
    try:
        return version(name)
    except (PackageNotFoundError, ValueError):
        return "not installed"


def _rows(content: bytes, file: str) -> list[dict[str, Any]]:
    found = read_json(content, FINDINGS, file).get("findings")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _compared(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[int, float]:
    changed, largest = abs(len(before) - len(after)), 0.0
    for old, new in zip(before, after, strict=False):
        changed += old != new
        for key in ("value", "low", "high"):
            largest = max(largest, _relative(old.get(key), new.get(key)))
    return changed, largest


def _relative(a: object, b: object) -> float:
    if not isinstance(a, int | float) or not isinstance(b, int | float) or a == b:
        return 0.0
    scale = max(abs(a), abs(b))
    return abs(a - b) / scale if math.isfinite(scale) else math.inf


def _first(name: str, packed: bytes, here: bytes) -> Difference:
    """The first difference in a file."""
    if name == FINDINGS:
        found = _in_findings(packed, here)
        if found is not None:
            return Difference(name, *found)
    if name == PDF:
        at = next(
            (i for i, (a, b) in enumerate(zip(packed, here, strict=False)) if a != b), min(map(len, (packed, here)))
        )
        return Difference(name, f"byte {at + 1:,}", f"{len(packed):,} bytes", f"{len(here):,} bytes")
    return Difference(name, *_in_lines(packed, here))


def _in_lines(packed: bytes, here: bytes) -> tuple[str, str, str]:
    a, b = (content.decode("utf-8", errors="replace").split("\n") for content in (packed, here))
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    old, new = (lines[at] if at < len(lines) else "(the file ends)" for lines in (a, b))
    # Where long lines begin alike, what differs is shown, not what does not.
    start = next((i for i, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), 0)
    start = max(0, start - LONGEST // 4) if max(len(old), len(new)) > LONGEST else 0
    return f"line {at + 1:,}", old[start : start + LONGEST], new[start : start + LONGEST]


def _in_findings(packed: bytes, here: bytes) -> tuple[str, str, str] | None:
    """The first key of the head, or finding, that differs; nothing where only the writing does."""
    a, b = (json.loads(content) for content in (packed, here))
    rows_a, rows_b = a.pop("findings", None), b.pop("findings")
    if a != b:
        key = next(k for k in dict.fromkeys([*b, *a]) if a.get(k) != b.get(k))
        return f"`{key}`", _shown(a.get(key)), _shown(b.get(key))
    rows_a = rows_a if isinstance(rows_a, list) else []
    for i, new in enumerate(rows_b):
        old = rows_a[i] if i < len(rows_a) else None
        if not isinstance(old, dict):
            return f"finding {i + 1:,} ({_about(new)})", "missing" if old is None else _shown(old), "present"
        if old != new:
            key = next(k for k in dict.fromkeys([*new, *old]) if old.get(k) != new.get(k))
            return f"finding {i + 1:,} ({_about(new)}), `{key}`", _shown(old.get(key)), _shown(new.get(key))
    if len(rows_a) > len(rows_b):
        return f"finding {len(rows_b) + 1:,}", "present", "missing"
    return None


def _about(row: Mapping[str, Any]) -> str:
    return ", ".join([str(row["id"]), *(f"{k} “{row[k]}”" for k in ABOUT if row.get(k) is not None)])


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:LONGEST]
