"""The sentences: what a claim leaves open, what has to be asked, what its numbers come to."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from misread.audit.claim.model import Stated, Unclear
from misread.audit.claim.reading.words import NAMES
from misread.language import gettext as _
from misread.language import mark

if TYPE_CHECKING:
    from misread.audit.claim.model import Row

UNSAID = MappingProxyType(
    {
        "of_what": mark("What is read: which words the machine can say about a face."),
        "truth": mark("What counted as true, and who said so."),
        "on_whom": mark("On whom it was tried: children or adults."),
        "unit": mark("Of what the number is the share: of faces, of children, of days."),
        "errors": mark("Which mistakes it makes: false alarms, or things it does not see."),
        "where": mark("Where it was tried: in a class, or on chosen pictures."),
        "n": mark("On how many it was tried."),
        "groups": mark("Whether it works as well for every child."),
        "missing": mark("What was done with faces it could not see."),
        "prevalence": mark("How common in the test was what it looks for."),
        "independent": mark("Who tried it, and whether they sell it."),
        "chance": mark("How often a machine would be right that always says the same word."),
        "alerts": mark("How many readings make an alarm, and how many alarms come in a day."),
        "sureness": mark("How far the number could be off."),
    }
)
"""Aspect → what is missing where a sentence does not touch on it."""

QUESTIONS = MappingProxyType(
    {
        "of_what": mark("Which words can it say about a child? Please send the full list."),
        "truth": mark("When it was tried, how did you know what a child really felt? Who decided?"),
        "on_whom": mark("On whom was it tried? How old were they?"),
        "unit": mark("Is this the share of faces, of children, or of school days? How was it counted?"),
        "errors": mark("Of 100 children who are fine, how many get an alarm? Of 100 who are not, how many get none?"),
        "where": mark("Was it tried in a real class, with these cameras? Or on pictures that somebody chose?"),
        "n": mark("How many children and how many pictures were in the test?"),
        "groups": mark("How often is it right for girls and boys, for each age, skin colour and disability?"),
        "missing": mark("What happens when a face is turned away, covered or not found? Does that count as wrong?"),
        "prevalence": mark("In the test, how many of 100 looks met what it looks for? How many in a class like ours?"),
        "independent": mark("Who tried it that does not sell it? Where can we read the report?"),
        "chance": mark("How often is a machine right that always says the commonest word?"),
        "alerts": mark("How many readings make an alarm? How many alarms would our school get in a day?"),
        "sureness": mark("If you tried it again on other children, how far could the number move?"),
    }
)
"""Aspect → the question to ask."""

FIELDS = MappingProxyType(
    {
        "of_what": "output.labels",
        "truth": "acc.ground_truth",
        "on_whom": "acc.population",
        "unit": "acc.claim",
        "errors": "acc.false_alarms",
        "where": "acc.population",
        "n": "acc.population",
        "groups": "acc.by_group",
        "prevalence": "acc.false_alarms",
        "independent": "acc.independent",
        "alerts": "output.actions",
    }
)
"""Aspect → the field of the disclosure record that asks the same; what no field asks for has none."""

_ASKED = MappingProxyType(
    {
        "language": mark("Only English is read. What does the sentence say in English?"),
        "quantity": mark("A number is there, but not what it is a number of. Which is meant?"),
        "which": mark("There are several numbers. What is this one a number of?"),
        "shared": mark("Several words stand beside one number. Of which of them is it?"),
        "vague": mark("This word may mean several things. Which is meant?"),
        "alarm": mark("Is that the share of the children who are fine, or the share of the alarms?"),
        "relative": mark("More than what? How often was it right before, and how often now?"),
        "change": mark("Is the first number from before, and the second from now? Of what?"),
        "within": mark("It may be off by that much, but from what? How often is it right?"),
        "unit": mark("Is that per cent?"),
        "below": mark("A share cannot be below 0. What is the number?"),
        "above": mark("A share cannot be above 100 %. What is the number?"),
        "denied": mark("The sentence says that something is not so. What is claimed, then?"),
        "two_values": mark("The same thing has two numbers here. Which holds, and for whom?"),
        "contradiction": mark("These numbers cannot all come from one test. Which are right?"),
        "prevalence": mark("How many of 100 looks meet it? Is there one number?"),
        "interval": mark("The interval does not hold the number. Which of them is right?"),
        "nothing": mark("Nothing in it says how good the system is. What is claimed, with which number?"),
    }
)

_TAKEN = MappingProxyType(
    {
        "accuracy": mark("Taken at its word, %(wrong)s of 100 readings are wrong. It does not say which."),
        "agreement": mark(
            "Taken at its word, it says something else than the other side in %(wrong)s of 100 cases. Who is right"
            " there is not said."
        ),
        "error_rate": mark("Taken at its word, %(value)s of 100 readings are wrong. It does not say which."),
        "precision": mark(
            "Taken at its word, %(wrong)s of 100 alarms are false. How many alarms there are is not said, nor how many"
            " children it overlooks. And it is true only where the thing is as common as it was in the test."
        ),
        "false_discovery_rate": mark(
            "Taken at its word, %(value)s of 100 alarms are false. How many there are is not said."
        ),
        "recall": mark(
            "Taken at its word, it finds %(value)s of 100 of those it looks for. Of the others it says nothing: a"
            " machine that gives an alarm each time finds all of them."
        ),
        "miss_rate": mark(
            "Taken at its word, it misses %(value)s of 100 of those it looks for. Of the others it says nothing."
        ),
        "specificity": mark("Taken at its word, %(wrong)s of 100 looks at the others give a false alarm."),
        "false_positive_rate": mark("Taken at its word, %(value)s of 100 looks at the others give a false alarm."),
        "negative_predictive_value": mark("It is about children who get no alarm. Of false alarms it says nothing."),
        "f1": mark(
            "It is a mean of two rates: how many alarms are right, and how many are found. If it is the mean over"
            " several words, nothing can be worked out from it. It is true only where the thing is as common as"
            " it was in the test."
        ),
        "auc": mark(
            "It tells how well a machine can rank faces, over all places where the line for an alarm could be drawn."
            " Where it was drawn is not said. So false alarms may be few or many."
        ),
        "balanced_accuracy": mark(
            "It is a mean over the words that the machine can say. How many words there are, and how it does on each,"
            " is not said. So false alarms may be few or many."
        ),
        "kappa": mark("It is agreement with somebody, with chance taken out. False alarms do not follow from it."),
        "correlation": mark("It tells that two things rise and fall together, not how often a reading is right."),
        "confidence": mark("It is how sure the machine says it is. A machine can be sure and wrong."),
        "detection": mark(
            "It is about finding a face in a picture. Of what the face shows, and what the child feels, it says"
            " nothing."
        ),
        "identity": mark("It is about knowing who somebody is. Of what a child feels it says nothing."),
        "benefit": mark(
            "It says that something got better. It does not say than what, measured how, or whether the cameras did it."
            " Of how often they are right it says nothing."
        ),
        "opinion": mark("It is what people think of it. Of how often it is right it says nothing."),
        "human_level": mark("It does not say which people, at which task, or how good they were at it."),
        "validated": mark("It does not say by whom, against what, or what came out. A test can be failed."),
        "unbiased": mark("It does not say which groups were compared, or how large the differences were."),
        "praise": mark("It has no number. Nothing follows from it, and it cannot be checked."),
    }
)

_HEDGED = MappingProxyType(
    {
        "at_most": mark("It names an upper end. There is no lower end: any smaller number would fit too."),
        "at_least": mark("It names a lower end. Ask for the number itself."),
        "about": mark("It is a rounded number. Ask for the number itself."),
        "average": mark("It is a mean. For some children it may be far from that."),
        "between": mark("It names two ends. Ask what decides where in between it is."),
        "margin": mark(
            "How far it could be off is given. Ask whether that counts children, or pictures of the same few."
        ),
    }
)
_LOW_IS_GOOD = frozenset({"error_rate", "miss_rate", "false_positive_rate", "false_discovery_rate"})
_LOW_END = mark("It names an upper end for mistakes. Ask for the number itself.")
_NO_END = mark("It names a lower end for mistakes. There is no upper end.")


def of_100(share: float) -> str:
    """A share as a number of 100, as exact as one reads it."""
    value = 100 * share
    if value == 0 or value >= 0.05:
        return f"{round(value, 1):g}"
    return _("under 0.1")


def several(count: float) -> str:
    """How many things happen, as exact as one reads it."""
    if count >= 100:
        return f"{round(count):,}"
    return f"{round(count, 1):g}" if count >= 0.05 or count == 0 else _("under 0.1")


def name(quantity: str) -> str:
    """What a quantity is, in plain words."""
    return _(NAMES[quantity])


def all_of_them() -> str:
    """The choice that several words share a number."""
    return _("each of them")


def asked(unclear: Unclear) -> str:
    """The question about what is unclear."""
    return _(_ASKED[unclear.kind])


def unsaid(aspect: str) -> str:
    """What a sentence does not say."""
    return _(UNSAID[aspect])


def question(aspect: str) -> str:
    """What to ask about it."""
    return _(QUESTIONS[aspect])


def taken(stated: Stated) -> list[str]:
    """What a statement comes to when it is taken at its word, and what its hedge does to it."""
    text = _TAKEN[stated.quantity]
    found = []
    if "%(" not in text:
        found.append(_(text))
    elif stated.value is not None and not (stated.hedge == "at_most" and stated.quantity not in _LOW_IS_GOOD):
        found.append(_(text, value=of_100(stated.value), wrong=of_100(1 - stated.value)))
    if stated.hedge == "at_most" and stated.quantity in _LOW_IS_GOOD:
        found.append(_(_LOW_END))
    elif stated.hedge == "at_least" and stated.quantity in _LOW_IS_GOOD:
        found.append(_(_NO_END))
    elif stated.hedge and stated.quantity not in ("benefit", "opinion"):
        found.append(_(_HEDGED[stated.hedge]))
    return found


def spread(low: float, high: float) -> str:
    """Two ends as numbers of 100, one where they cannot be told apart."""
    return ends(of_100(low), of_100(high))


def ends(low: str, high: str) -> str:
    """From one number to another, or the one."""
    return low if low == high else _("%(low)s to %(high)s", low=low, high=high)


def heads() -> tuple[str, ...]:
    """Heads of the columns of `row`."""
    return (
        _("looks that meet it"),
        _("false, of 100 others"),
        _("right, of 100 alarms"),
        _("right, if alike"),
        _("a child a day"),
        _("a class a day"),
        _("a class a year"),
    )


def legend() -> str:
    """What the columns of `row` mean."""
    return _(
        "Looks that meet it: how common the thing is. False, of 100 others: of 100 looks at children who are fine, how"
        " many may give a false alarm. Right, of 100 alarms: how many may be right. If alike: how many are right if it"
        " errs as often on each child. The last columns count false alarms, each reading as one."
    )


def row(row: Row) -> tuple[str, ...]:
    """What a statement allows where the state is as common as in a row, as the cells of a table."""
    counts = (row.child_day, row.class_day, row.class_year)
    return (
        _("%(n)s of 100", n=of_100(row.prevalence)),
        spread(*row.false_positive_rate),
        spread(*row.precision),
        "" if row.alike is None else of_100(row.alike),
        *("" if n is None else ends(*map(several, n)) for n in counts),
    )
