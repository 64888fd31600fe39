"""What is open, in words, and what to ask about it."""

from __future__ import annotations

from misread.deployment.origin import Path
from misread.study.stress.space import Axis, ProfileAxis, RangeAxis, RowAxis, RuleAxis


def about_axis(axis: Axis) -> tuple[str, str]:
    """An input in words, and its unit."""
    match axis:
        case RangeAxis():
            return _about_key(axis.range.path, axis.name)
        case RowAxis():
            return f"a face called “{axis.expression}” is read as {' or '.join(axis.labels)}", "1"
        case ProfileAxis():
            return f"who reads faces as “{axis.profile}” is taken to", ""
        case RuleAxis():
            return "an alert counts as right", ""


def _about_key(path: Path, name: str) -> tuple[str, str]:
    match path:
        case ("display", display, state, expression):
            of = "" if display == "default" else f" (display “{display}”)"
            return f"a child who is {state} shows the face called “{expression}”{of}", "1"
        case ("pupil", "mean_minutes", state):
            return f"a child stays {state} for", "minutes"
        case ("camera", "observe_every_seconds"):
            return "from one look to the next", "seconds"
        case ("classifier", "confusion", profile, "diagonal"):
            return f"how often profile “{profile}” is right, as a multiple of its source", ""
        case ("classifier", "confusion", profile, "odds", label):
            return f"the odds of a wrong “{label}” in profile “{profile}”, as a multiple of its source", ""
        case ("classifier", "confusion", profile, "regardless", label):
            return f"profile “{profile}” writes “{label}” whatever the face shows", "1"
        case ("classifier", "confusion", profile, *_, expression, label):
            return f"profile “{profile}” reads a face called “{expression}” as “{label}”", "1"
        case ("population", "groups", group, "share"):
            return f"children of the kind “{group}”", "1"
        case ("camera", "views", view, "lost"):
            return f"faces lost on the seats “{view}”", "1"
    return f"`{name}`", ""


def question_about(axis_kind: str, about: str, path: Path | None) -> str:
    """What to ask the vendor about an input."""
    match axis_kind, path:
        case "profile", _:
            return "Which program is it, on whom was it tested, and who counted?"
        case "rule", _:
            return "When, in the contract, is an alert a right one, and which states does it speak of?"
        case "row", _:
            return f"How often is it so that {about}, and on how many children was that counted?"
        case _, ("display", *_):
            return f"How often is it so that {about}, and who watched?"
        case _, ("pupil", "mean_minutes", state):
            return f"How many minutes does a child stay {state}, and who measured it?"
        case _, ("camera", "observe_every_seconds"):
            return "How many seconds lie between two looks?"
        case _, ("classifier", "confusion", _, "diagonal"):
            return "How much more often is it wrong with children than with those it was tested on?"
        case _, ("classifier", *_):
            return f"How often is it so that {about}, and on whom was that counted?"
        case _, ("population", "groups", *_):
            return f"How many of the pupils are {about}?"
    return f"What is {about}, and who measured it?"
