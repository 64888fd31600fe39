"""Questions for the annex of a letter: from what was not told, and from what decides how often the system errs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.rights.places.entries.words import MARKS

if TYPE_CHECKING:
    from misread.engine.exact.day import Progress
    from misread.rights.record.gaps import Gaps, Line

CLAIMED = "vendor-claim"
"""The shipped deployment that takes a stated accuracy at its word."""

PROFILE = "camera"
MOST = 12
"""Questions from gaps where nobody says how many: a letter with fifty is not answered."""

COMMA = frozenset({"de", "fr", "pt-BR"})
"""Languages that write a comma before tenths."""

LOWEST = 0.2
"""Below this a reader of nine labels knows nothing: no vendor states it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Attributes
    ----------
    id : str
        By which it is chosen.
    text : str
        What is asked, in the language of the letter.
    source : str
        Where it comes from, with the ids of findings.
    field : str or None
        The field of the disclosure record that its answer fills.
    wish : bool
        Whether no law gives a right to the answer.
    """

    id: str
    text: str
    source: str
    field: str | None = None
    wish: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """How questions are put in one language.

    Attributes
    ----------
    fields : mapping of str to str
        Field of the record → question.
    model : mapping of str to str
        What decides how often such a system errs → question, with places to fill.
    """

    fields: Mapping[str, str]
    model: Mapping[str, str]


@cache
def asks(language: str) -> Asks:
    """How questions are put in a language.

    Parameters
    ----------
    language : str
        One of those that letters are written in.

    Raises
    ------
    MisreadError
        If they were not written in it yet.
    """
    folder = resources.files("misread.rights.letters") / "asks"
    file = folder / f"{language}.toml"
    if not file.is_file():
        there = sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
        what = f"The questions of letters are not there in the language `{language}`."
        raise MisreadError(
            Problem(what, f"one of {', '.join(there)}.", "take one, or leave questions out.", key="--language")
        )
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    fields = data.get("fields", {})
    if language == "en":
        from misread.rights.record.fields import FIELDS

        fields = {id: field.ask for id, field in FIELDS.items()}
    return Asks(fields, data["model"])


def from_gaps(gaps: Gaps, kind: str, language: str, most: int = MOST) -> tuple[Question, ...]:
    """Questions from what a record leaves open, what is owed first.

    Parameters
    ----------
    gaps : Gaps
        What it leaves open.
    kind : str
        The kind of the letter. What no law requires, and no letter of this kind can ask for by right, is a wish.
    language : str
        That of the letter.
    most : int
        How many at most.
    """
    known = asks(language).fields
    lines = [line for line in gaps.lines if line.status != "pending" and line.field in known]
    return tuple(_of_line(line, kind, known[line.field]) for line in lines[:most])


def _of_line(line: Line, kind: str, text: str) -> Question:
    reached = line.letter == kind and line.way is not None and line.way.availability == "in-force"
    # A letter that said it claims no right to what a law requires would give away what it asks for.
    granted = reached or line.order == "owed_by_law"
    where = "; ".join(f"{one.where} ({one.mark}: {_(MARKS[one.mark])})" for one in line.laws)
    reasons = {
        "owed_by_law": _("owed by law: %(where)s", where=where),
        "owed_on_request": _("owed to whoever asks"),
        "promised": _("promised"),
        "good_practice": _("good practice"),
    }
    source = _(
        "record, field %(field)s (%(status)s): %(why)s", field=line.field, status=line.status, why=reasons[line.order]
    )
    return Question(f"field.{line.field}", text, source, line.field, not granted)


FIELD_OF: Mapping[str, str | None] = {
    "accuracy": "acc.false_alarms",
    "interval": "output.interval",
    "display": "acc.ground_truth",
    "minutes": "acc.ground_truth",
    "groups": "acc.by_group",
    "seats": "sys.places",
    "reading": "acc.population",
    "program": "sys.vendor",
    "lessons": "acc.population",
    "traits": "acc.by_group",
    "hiding": "purpose.benefit_evidence",
    "alert": "acc.false_alarms",
    "other": None,
}
"""What decides how often such a system errs → the field of the record that an answer fills."""

_KINDS = {"profile": "program", "row": "reading", "rule": "alert"}
_KEYS = {
    "display.": "display",
    "pupil.mean_minutes.": "minutes",
    "ages.": "minutes",
    "camera.observe_every_seconds": "interval",
    "camera.views.": "seats",
    "classifier.": "reading",
    "population.groups.": "groups",
    "situations.": "lessons",
    "traits.": "traits",
    "feedback.": "hiding",
}


def topic(kind: str, name: str) -> str:
    """Which question an input that decides leads to.

    Parameters
    ----------
    kind : str
        What it is, as `misread stress --json` has it: "range", "row", "profile" or "rule".
    name : str
        Its name: a key of the deployment file, for a range.
    """
    found = (word for key, word in _KEYS.items() if name.startswith(key))
    return _KINDS.get(kind) or next(found, "other")


def from_stress(stress: Mapping[str, Any], language: str) -> tuple[Question, ...]:
    """Questions from the inputs that decide, as a search found them; one for all inputs of a sort.

    Parameters
    ----------
    stress : mapping
        What `misread stress DEPLOYMENT --json` prints.
    language : str
        That of the letter.

    Raises
    ------
    MisreadError
        If it is something else.
    """
    try:
        if stress["format"] != "misread-stress/1":
            raise KeyError("format")
        decides = [(s["kind"], s["name"]) for v in stress["verdicts"] for s in v["settings"]]
        turns = {str(q["input"]): [str(turn) for turn in q["turns"]] for q in stress["questions"]}
        title = str(stress["title"])
        sorts: dict[str, list[str]] = {}
        for kind, name in dict.fromkeys((str(kind), str(name)) for kind, name in decides):
            sorts.setdefault(topic(kind, name), []).append(name)
    except (KeyError, TypeError, AttributeError) as error:
        expected = "what `misread stress DEPLOYMENT --json` prints."
        raise MisreadError(
            Problem("It is no result of a search.", expected, "make it again.", key="--stress")
        ) from error
    return tuple(_of_sort(sort, names, turns, title, asks(language).model) for sort, names in sorts.items())


def _of_sort(
    sort: str, names: list[str], turns: Mapping[str, list[str]], title: str, model: Mapping[str, str]
) -> Question:
    first = next((turn for name in names for turn in turns.get(name, ())), "")
    source = _("misread stress, “%(title)s”: what decides is %(names)s.", title=title, names=", ".join(names))
    if first:
        source = f"{source} {_('Such as: %(turn)s.', turn=first)}"
    return Question(
        f"model.{sort}", model[sort].replace("{input}", ", ".join(names)), source, FIELD_OF[sort], wish=True
    )


def from_accuracy(
    stated: float, language: str, *, draws: int | None = None, progress: Progress | None = None
) -> tuple[Question, ...]:
    """The question that a stated accuracy leads to: of ten alerts, how many are right?

    The exact engine computes it on the shipped deployment that takes such a number at its word.

    Parameters
    ----------
    stated : float
        The accuracy, as a share.
    language : str
        That of the letter.
    draws : int, optional
        Draws that the interval rests on.
    progress : callable, optional
        Called with (work done, work in all) now and then.

    Raises
    ------
    MisreadError
        If it is no accuracy.
    """
    from misread.deployment import load
    from misread.study.exact.run import measured

    if not LOWEST <= stated <= 1:
        what = f"{stated:g} is no accuracy that anybody states."
        raise MisreadError(Problem(what, f"a share from {LOWEST} to 1, such as 0.95.", "correct it.", key="--stated"))
    deployment = load(CLAIMED, settings=[f"classifier.confusion.{PROFILE}.accuracy={float(stated)!r}"])
    done = measured(deployment, draws=draws, progress=progress)
    return tuple(_of_accuracy(stated, done.findings, deployment.rules[0].name, language))


def _of_accuracy(stated: float, findings: Any, rule: str, language: str) -> Iterator[Question]:
    for one in findings["flag_ppv"]:
        if one.rule == rule and one.group == "all" and one.reader is None:
            low, high = (one.value if end is None else end for end in (one.low, one.high))
            numbers = {
                "stated": percent(stated, language),
                "deployment": CLAIMED,
                "finding": one.id,
                "right": f"{100 * one.value:.0f}",
                "low": f"{100 * low:.0f}",
                "high": f"{100 * high:.0f}",
            }
            source = _(
                "misread run %(deployment)s --set classifier.confusion.%(profile)s.accuracy=%(stated)s: finding "
                "%(id)s of rule “%(rule)s”, all pupils, %(value)s (%(low)s to %(high)s; %(method)s). It is about a "
                "model, and what that assumes stands in the deployment.",
                deployment=CLAIMED,
                profile=PROFILE,
                stated=f"{stated:g}",
                id=one.id,
                rule=rule,
                value=f"{one.value:.3f}",
                low=f"{low:.3f}",
                high=f"{high:.3f}",
                method=one.method,
            )
            text = asks(language).model["accuracy"].format(**numbers)
            yield Question("model.accuracy", text, source, FIELD_OF["accuracy"], wish=True)


def percent(share: float, language: str) -> str:
    """A share in hundredths, as it is written in a language.

    Parameters
    ----------
    share : float
        The share.
    language : str
        That of the letter.
    """
    text = f"{100 * share:.4g}"
    return text.replace(".", ",") if language in COMMA else text
