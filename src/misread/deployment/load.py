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
from misread.deployment.profiles.audited import is_audit, parts
from misread.deployment.profiles.laid import Laid, laid, missing
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
        ``audit:PATH`` puts what an audit measured in the place of every profile that is used.
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
    documents: list[Document | str] = []
    readers: list[Callable[[], Document | str]] = [first]
    readers += [partial(_overlay, p) for p in policies]
    for read in readers:
        try:
            documents.append(read())
        except MisreadError as error:
            problems += error.problems
    if problems:
        raise MisreadError(problems)
    base, *overlays = documents
    assert isinstance(base, Document)
    merged = Merged(base)
    name = base.file if base.file in shipped() else File(base.file).stem
    audits: list[Laid] = []
    for overlay in overlays:
        if isinstance(overlay, Document):
            merged.lay(overlay)
        elif files:
            audits.append(_audit(overlay, Origin(name, base.file, merged.data, merged.places), merged))
        else:
            raise MisreadError(_no_files(Problem("", file=f"--profile {overlay}")))
    for setting in settings:
        merged.set(setting)
    laid = tuple(map(str, policies)), tuple(settings)
    origin = Origin(name, base.file, merged.data, merged.places, merged.changed, *laid)
    if not files and (named := tuple(_files_named(origin))):
        raise MisreadError(named)
    if asked := [problem for audit in audits for problem in missing(audit, merged.data)]:
        raise MisreadError(asked)
    try:
        return _valid(origin, merged.problems)
    except MisreadError as error:
        if any(laid) and _sound(base, name):
            raise MisreadError(_blamed(p, origin) for p in error.problems) from None
        raise


def _overlay(policy: str | File) -> Document | str:
    """A policy; an audit stays what it is called, since what it changes depends on what it is laid on."""
    return policy if isinstance(policy, str) and is_audit(policy) else _document(policy, shipped_policies(), "policy")


def _audit(source: str, so_far: Origin, merged: Merged) -> Laid:
    """Lay an audit on what there is so far."""
    found = laid(_valid(so_far, merged.problems), source)
    merged.lay(found.document)
    return found


def _files_named(origin: Origin) -> Iterator[Problem]:
    """Profiles that would be read from a file beside the deployment's, where it has none."""
    classifier = origin.data.get("classifier")
    profiles = classifier.get("confusion") if isinstance(classifier, Mapping) else None
    for name, profile in profiles.items() if isinstance(profiles, Mapping) else ():
        source = profile.get("from") if isinstance(profile, Mapping) else None
        if isinstance(source, str) and ("#" in source or is_audit(source)):
            yield _no_files(origin.problem(("classifier", "confusion", name, "from"), ""))


def _no_files(at: Problem) -> Problem:
    return replace(
        at,
        what="It names a file, and files are not read here.",
        expected="a matrix of the evidence, such as evidence:M14, or rows written out.",
        mend="write the rows into the deployment.",
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


def load_all(first: str | File, others: Sequence[str | File], *, audits: Sequence[str] = ()) -> list[Deployment]:
    """Read a deployment and others to compare it with: deployments, or policies on the first.

    Parameters
    ----------
    first : str or Path
        A file, or the name of a shipped deployment.
    others : sequence of str or Path
        The same; or policies, shipped ones and audits too, which are laid on the first. A file with at most half of
        the tables that every deployment has is a policy.
    audits : sequence of str
        ``audit:PATH``, laid on each of them after its policy.

    Returns
    -------
    list of Deployment
        The first, then the others. Policies are called ``FIRST + POLICY``.

    Raises
    ------
    MisreadError
        With everything that is wrong with the first file that is not valid.
    """
    base = load(first, policies=audits)
    found = [base]
    for other in others:
        name = _policy_name(other)
        if name is None:
            found.append(load(other, policies=audits))
            continue
        changed = load(first, policies=[other, *audits])
        changed._origin = replace(changed.origin, name=f"{base.origin.name} + {name}")
        found.append(changed)
    return found


def _policy_name(other: str | File) -> str | None:
    """What a policy is called; None for a deployment."""
    if isinstance(other, str) and is_audit(other):
        file, levels = parts(other)
        return " ".join(["audit", File(file).parent.name or File(file).stem, levels]).strip()
    document = _document(other, (*shipped(), *shipped_policies()), "deployment or policy")
    whole = len(_always_there() & document.data.keys()) * 2 > len(_always_there())
    return None if whole else File(document.file).stem


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
