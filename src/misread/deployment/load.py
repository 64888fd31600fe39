"""From a file, policies and settings to a valid deployment, or to everything that is wrong with it."""

from __future__ import annotations

import copy
import importlib.resources
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path as File
from typing import Any

from pydantic import TypeAdapter, ValidationError

from misread.deployment.checks import problems_of
from misread.deployment.checks.ends import problems_of_ranges
from misread.deployment.model import Deployment
from misread.deployment.origin import Origin
from misread.deployment.ranges import without_ranges
from misread.deployment.text.overlay import Merged
from misread.deployment.text.refusals import MOST, raw_path, refusals
from misread.deployment.text.schema import number_at
from misread.deployment.text.source import Document, near, read_document
from misread.errors import MisreadError, Problem


def load(source: str | File, *, policies: Sequence[str | File] = (), settings: Sequence[str] = ()) -> Deployment:
    """Read a deployment.

    Parameters
    ----------
    source : str or Path
        A file, or the name of a shipped deployment.
    policies : sequence of str or Path
        Overlays with only the keys they change, laid on one after the other: files, or names of shipped policies.
    settings : sequence of str
        Single keys, such as ``camera.observe_every_seconds=30``, laid on last.

    Returns
    -------
    Deployment

    Raises
    ------
    MisreadError
        With everything that is wrong.
    """
    return _laid(lambda: _document(source, shipped(), "deployment"), policies, settings)


def load_text(
    text: str, name: str = "deployment.toml", *, policies: Sequence[str | File] = (), settings: Sequence[str] = ()
) -> Deployment:
    """Read a deployment that stands in no file. Nothing that it names is read from a file either.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        What it is called in messages.
    policies, settings
        As for `load`.

    Returns
    -------
    Deployment

    Raises
    ------
    MisreadError
        With everything that is wrong.
    """
    return _laid(lambda: _written(text, name), policies, settings, files=False)


@lru_cache(maxsize=8)
def _written(text: str, name: str) -> Document:
    """A text as TOML; the same one is asked for again with other settings laid on it, which happens to a copy."""
    return read_document(name, text.encode("utf-8", "surrogatepass"))


def _laid(
    first: Callable[[], Document], policies: Sequence[str | File], settings: Sequence[str], *, files: bool = True
) -> Deployment:
    problems: list[Problem] = []
    documents: list[Document] = []
    readers: list[Callable[[], Document]] = [first]
    readers += [partial(_document, p, shipped_policies(), "policy") for p in policies]
    for read in readers:
        try:
            documents.append(read())
        except MisreadError as error:
            problems += error.problems
    if problems:
        raise MisreadError(problems)
    base, *overlays = documents
    merged = Merged(base)
    for overlay in overlays:
        merged.lay(overlay)
    for setting in settings:
        merged.set(setting)
    name = base.file if base.file in shipped() else File(base.file).stem
    laid = tuple(map(str, policies)), tuple(settings)
    origin = Origin(name, base.file, merged.data, merged.places, merged.changed, *laid)
    if not files and (named := tuple(_files_named(origin))):
        raise MisreadError(named)
    try:
        return _valid(origin, merged.problems)
    except MisreadError as error:
        if any(laid) and _sound(base, name):
            raise MisreadError(_blamed(p, origin) for p in error.problems) from None
        raise


def _files_named(origin: Origin) -> Iterator[Problem]:
    """Profiles that would be read from a file beside the deployment's, where it has none."""
    classifier = origin.data.get("classifier")
    profiles = classifier.get("confusion") if isinstance(classifier, Mapping) else None
    for name, profile in profiles.items() if isinstance(profiles, Mapping) else ():
        source = profile.get("from") if isinstance(profile, Mapping) else None
        if isinstance(source, str) and "#" in source:
            yield origin.problem(
                ("classifier", "confusion", name, "from"),
                "It names a file, and files are not read here.",
                "a matrix of the evidence, such as evidence:M14, or rows written out.",
                "write the rows into the deployment.",
            )


def _sound(document: Document, name: str) -> bool:
    """Whether a file is valid with nothing laid on it."""
    try:
        _valid(Origin(name, document.file, document.data, document.places), ())
    except MisreadError:
        return False
    return True


def _blamed(problem: Problem, origin: Origin) -> Problem:
    """A mistake that stands in the file only since something was laid on it, which is then named."""
    if problem.file != origin.file:
        return problem
    by = ", ".join([*(f"--with {p}" for p in origin.policies), *(f"--set {s}" for s in origin.settings)])
    return replace(problem, what=f"{problem.what} So it is with {by}; without, the file is valid.")


def load_all(first: str | File, others: Sequence[str | File]) -> list[Deployment]:
    """Read a deployment and others to compare it with: deployments, or policies on the first.

    Parameters
    ----------
    first : str or Path
        A file, or the name of a shipped deployment.
    others : sequence of str or Path
        The same; or policies, shipped ones too, which are laid on the first. A file with at most half of the
        tables that every deployment has is a policy.

    Returns
    -------
    list of Deployment
        The first, then the others. Policies are called ``FIRST + POLICY``.

    Raises
    ------
    MisreadError
        With everything that is wrong with the first file that is not valid.
    """
    base = load(first)
    found = [base]
    for other in others:
        document = _document(other, (*shipped(), *shipped_policies()), "deployment or policy")
        if len(_always_there() & document.data.keys()) * 2 > len(_always_there()):
            found.append(load(other))
            continue
        changed = load(first, policies=[other])
        name = f"{base.origin.name} + {File(document.file).stem}"
        changed._origin = replace(changed.origin, name=name)
        found.append(changed)
    return found


def _always_there() -> set[str]:
    """Tables that every deployment has."""
    return {name for name, info in Deployment.model_fields.items() if info.is_required()}


def shipped() -> tuple[str, ...]:
    """Names of the shipped deployments."""
    return tuple(sorted(_toml_files(_folder())))


def shipped_policies() -> tuple[str, ...]:
    """Names of the shipped policies, topic by topic."""
    return tuple(name for names in policies_by_topic().values() for name in names)


def policies_by_topic() -> dict[str, tuple[str, ...]]:
    """Topic → names of the shipped policies about it; both in alphabetical order."""
    folders = sorted((f for f in (_folder() / "policies").iterdir() if f.is_dir()), key=lambda f: f.name)
    found = {f.name: tuple(sorted(_toml_files(f))) for f in folders}
    return {topic: names for topic, names in found.items() if names}


def shipped_text(name: str) -> str:
    """The file of a shipped deployment, or of a shipped policy, as it is.

    Raises
    ------
    MisreadError
        If there is none of this name.
    """
    if name in shipped():
        return (_folder() / f"{name}.toml").read_text("utf-8")
    for topic, names in policies_by_topic().items():
        if name in names:
            return (_folder() / "policies" / topic / f"{name}.toml").read_text("utf-8")
    meant = near(name, (*shipped(), *shipped_policies()))
    raise MisreadError(
        Problem(
            f"No deployment of the name {name!r} is shipped, and no policy.",
            expected=f"one of {', '.join((*shipped(), *shipped_policies()))}.",
            mend=f"did you mean `{meant}`?" if meant else "see `misread deployments`.",
        )
    )


def _folder() -> Traversable:
    return importlib.resources.files("misread.deployment") / "shipped"


def _toml_files(folder: Traversable) -> list[str]:
    return [f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")]


def _document(source: str | File, known: Sequence[str], kind: str) -> Document:
    """What is shipped under a name, or else the file."""
    file = str(source)
    if isinstance(source, str) and source in known:
        return read_document(file, shipped_text(source).encode())
    try:
        return read_document(file)
    except MisreadError as error:
        if isinstance(source, File) or isinstance(error.__cause__, FileNotFoundError) is False:
            raise
        if "/" in file or file.endswith(".toml"):
            raise
        meant = near(file, known)
        raise MisreadError(
            Problem(
                f"There is neither a file nor a shipped {kind} of this name.",
                expected=f"a file, or one of {', '.join(known)}.",
                mend=f"did you mean `{meant}`?" if meant else "check the path.",
                file=file,
            )
        ) from error


def _valid(origin: Origin, problems: Sequence[Problem]) -> Deployment:
    plain, ranges, wrong = without_ranges(origin.data, number_at)
    found = [*problems, *(origin.problem(w.path, w.what, w.expected, w.mend) for w in wrong)]
    try:
        deployment = Deployment.model_validate(plain)
    except ValidationError as error:
        found += refusals(error, origin)
        deployment = _partial(_without_unknown(plain, error))
    except RecursionError:
        found.append(
            Problem("Its tables are nested too deeply.", mend="take out what is no deployment.", file=origin.file)
        )
        raise MisreadError(found) from None
    deployment._origin = origin
    deployment._ranges = ranges
    found += islice(problems_of(deployment), MOST)
    if not found:
        found += islice(problems_of_ranges(deployment), MOST)
    if found:
        raise MisreadError(sorted(dict.fromkeys(found), key=lambda p: (p.file != origin.file, p.file, p.line or 0)))
    return deployment


def _without_unknown(data: Mapping[str, Any], error: ValidationError) -> Mapping[str, Any]:
    pruned = copy.deepcopy(dict(data))
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        if detail["type"] == "extra_forbidden":
            *way, key = raw_path(detail, data)
            here: Any = pruned
            for part in way:
                here = here[part]
            here.pop(key, None)
    return pruned


def _partial(data: Mapping[str, Any]) -> Deployment:
    """The tables that are valid by themselves, so that one mistake does not hide those in other tables."""
    try:
        return Deployment.model_validate(data)
    except ValidationError as error:
        broken = {str(detail["loc"][0]) for detail in error.errors(include_url=False, include_context=False)}
    tables: dict[str, Any] = {}
    for name, info in Deployment.model_fields.items():
        if name in broken:
            continue
        if name in data:
            tables[name] = TypeAdapter(info.rebuild_annotation()).validate_python(data[name])
        else:
            tables[name] = info.get_default()
    partial = Deployment.model_construct(**tables)
    for name in broken:
        # `model_construct` fills in defaults; a broken table must be absent, not empty.
        partial.__dict__.pop(name, None)
    return partial
