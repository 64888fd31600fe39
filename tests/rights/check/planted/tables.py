"""What came of the study, as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from misread.report.file import LAYOUTS
from tests.rights.check.planted.maker import FAULTS
from tests.rights.check.planted.study import Outcome
from tests.rights.check.planted.unseen import UNSEEN

Some = Sequence[Outcome]
COLUMNS: tuple[tuple[str, Callable[[Some], str]], ...] = (
    ("exports", lambda some: str(len(some))),
    ("found", lambda some: of(some, lambda one: one.found)),
    ("to the row", lambda some: of(some, lambda one: one.exact)),
    ("false alarm", lambda some: of(some, lambda one: bool(one.false))),
    ("false alarm while asked", lambda some: of(some, lambda one: bool(one.early))),
    ("taken for what it is not", lambda some: of(some, lambda one: bool(one.guessed))),
    ("neither known nor asked", lambda some: of(some, lambda one: bool(one.dropped))),
    ("other child shown", lambda some: of(some, lambda one: one.shown)),
    ("questions", lambda some: f"{sum(one.asked for one in some) / len(some):.1f}"),
)


def of(some: Some, fits: Callable[[Outcome], bool]) -> str:
    """How many do."""
    return str(sum(map(fits, some)))


def at_most(n: int) -> float:
    """Where none of n did: the largest share that would still have given none in one of twenty studies."""
    return float(1 - 0.05 ** (1 / n))


def by_fault(outcomes: Some) -> str:
    """A row a fault, for the layouts that the dictionary knows and for those it does not."""
    rows = []
    for known, where in ((True, "known words"), (False, "unseen words")):
        for fault in FAULTS:
            some = [one for one in outcomes if one.known is known and one.fault == fault]
            if some:
                rows.append((f"{where}: {'clean' if fault == 'none' else fault}", some))
    return table("what was planted", rows)


def by_layout(outcomes: Some) -> str:
    """A row a layout."""
    told = {**{name: f"{made.format}, {made.language}, {made.nesting}" for name, made in LAYOUTS.items()}}
    told |= {name: made.told for name, made in UNSEEN.items()}
    rows = [(f"`{name}`: {text}", [one for one in outcomes if one.layout == name]) for name, text in told.items()]
    return table("layout", [(name, some) for name, some in rows if some])


def table(first: str, rows: Sequence[tuple[str, Some]]) -> str:
    head = [first, *(name for name, _count in COLUMNS)]
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * len(COLUMNS)}"]
    lines += [f"| {name} | {' | '.join(count(some) for _name, count in COLUMNS)} |" for name, some in rows]
    return "\n".join(lines)


def bounds(outcomes: Some) -> str:
    """What the numbers allow to be said."""
    planted = [one for one in outcomes if one.fault != "none"]
    clean = [one for one in outcomes if one.fault == "none"]
    missed, false = sum(not one.found for one in planted), sum(bool(one.false) for one in clean)
    words = [
        f"Of {len(planted):,} planted faults {missed} were missed; in {false} of {len(clean):,} clean exports something was found."
    ]
    if not missed and not false:
        words.append(
            f"With 95 % confidence fewer than {1000 * at_most(len(planted)):.0f} in 1,000 such faults are missed, and "
            f"fewer than {1000 * at_most(len(clean)):.0f} in 1,000 such clean exports have something found in them."
        )
    return " ".join(words)
