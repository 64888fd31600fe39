"""run.json, read back: what it takes to run a run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from misread.deployment.origin import Path
from misread.errors import MisreadError, Problem
from misread.report.pack.archive import read_json
from misread.study.engines.both import Engine, Way

FORMAT = "misread-run/1"
MOST_DRAWS = 16_384
"""As many as `misread run` takes: whoever made a pack does not say how long verifying it may take."""
MOST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Record:
    """What a run says of itself.

    Attributes
    ----------
    command : str
        The command as it was typed; shown, never called.
    way : Way
        How it was run: engine, step, schools, draws, seed.
    sha256 : str
        Digest of the deployment.
    version, python : str
        Versions of misread and of Python.
    packages : mapping of str to str
        Distribution → version.
    changed : mapping of Path to str
        Keys that a policy or a setting gave → its file or option.
    files : mapping of str to str
        Name of each file of the run → its SHA-256.
    """

    command: str
    way: Way
    sha256: str
    version: str
    python: str
    packages: Mapping[str, str]
    changed: Mapping[Path, str]
    files: Mapping[str, str]


def read_record(content: bytes, name: str, file: str) -> Record:
    """Read run.json.

    Parameters
    ----------
    content : bytes
        Its content, from anybody.
    name, file : str
        What messages call it, and what it lies in.

    Raises
    ------
    MisreadError
        If it is not what a run writes.
    """
    data = read_json(content, name, file)
    if data.get("format") != FORMAT:
        raise _refused(file, f"The format of {name} is {str(data.get('format'))[:60]!r}.", f"{FORMAT}.")
    texts = {key: data.get(key) for key in ("command", "sha256", "version", "python")}
    numbers = {key: data.get(key) for key in ("draws", "seed")}
    missing = [key for key, value in texts.items() if not isinstance(value, str)]
    missing += [key for key, value in numbers.items() if not isinstance(value, int) or isinstance(value, bool)]
    missing += [key for key in ("packages", "files") if not _words(data.get(key))]
    if missing:
        raise _refused(file, f"{name} does not say its {', '.join(missing)}.", "what `misread run` writes.")
    draws, seed = int(data["draws"]), int(data["seed"])
    if not (0 <= draws <= MOST_DRAWS and 0 <= seed <= MOST_SEED):
        what = f"{name} asks for {draws:,} draws with the seed {seed:,}."
        raise _refused(file, what, f"at most {MOST_DRAWS:,} draws, and a seed from 0 to {MOST_SEED:,}.")
    return Record(
        **{key: str(value) for key, value in texts.items()},
        way=Way(*_engine(data, name, file), draws=draws, seed=seed, schools=_schools(data, name, file)),
        packages=data["packages"],
        changed=_changed(data.get("changed"), name, file),
        files=data["files"],
    )


def _engine(data: Mapping[str, Any], name: str, file: str) -> tuple[Engine, str | None]:
    engine, step = data.get("engine", "auto"), data.get("step")
    if engine not in get_args(Engine) or not (step is None or isinstance(step, str)):
        raise _refused(file, f"{name} names an engine or a step that there is not.", "what `misread run` writes.")
    return engine, step


def _schools(data: Mapping[str, Any], name: str, file: str) -> int | None:
    schools = data.get("schools")
    if schools is None or (isinstance(schools, int) and not isinstance(schools, bool) and schools > 0):
        return schools
    raise _refused(file, f"{name} does not say how many schools were sampled.", "a whole number from 1 up, or null.")


def _words(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _changed(rows: Any, name: str, file: str) -> dict[Path, str]:
    found: dict[Path, str] = {}
    for row in rows if isinstance(rows, list) else [None]:
        key, by = (row.get("key"), row.get("by")) if isinstance(row, dict) else (None, None)
        if not isinstance(key, list) or not isinstance(by, str) or not all(isinstance(p, str | int) for p in key):
            raise _refused(file, f"{name} does not say what changed the deployment.", "a list of keys, each with `by`.")
        found[tuple(key)] = by
    return found


def _refused(file: str, what: str, expected: str) -> MisreadError:
    mend = "run it again with this version: `misread run … --out`."
    return MisreadError(Problem(what, expected, mend, file))
