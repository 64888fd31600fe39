"""What an audit is asked with: one object over the counts; each answer is computed when it is asked for, and once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Literal

from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    from misread.audit.agreement import Calibration, Ceiling, Flips
    from misread.audit.groups import Disparity
    from misread.audit.groups.effect import PersonEffect
    from misread.audit.intervals.posterior import Posterior
    from misread.audit.rates import Composites, Difference, Estimate, Estimates, Rates
    from misread.audit.reading import Counted, Facts
    from misread.audit.table import CountTable

SEED = 1
"""Of all that is drawn: replicates, permutations, posteriors."""
PERMUTATIONS = 1999
REPLICATES = 1000
RANGES: Mapping[str, tuple[float, float]] = {
    "level": (0.5, 0.999),
    "seed": (0, 2**32 - 1),
    "permutations": (1, 1_000_000),
    "replicates": (0, 1_000_000),
}
"""Lowest and highest value of each number that an audit is made with."""
Columns = str | Sequence[str]
"""A group column, or several."""


@dataclass(frozen=True, eq=False)
class Audit:
    """A model's answers on labelled faces, and everything that can be said of them.

    Whatever is asked of it is a `MisreadError` where there is no such column, statistic, label or level.

    Attributes
    ----------
    counted : Counted
        Counts of one pass, and what was noticed on the way.
    level : float
        Of every interval.
    seed : int
        Of all that is drawn.
    permutations, replicates : int
        How often groups are permuted, and persons drawn again.
    prevalence : float, mapping of str to float, or None
        Share of faces that show an expression where the system would stand, for all alike or label by label: precision
        is told at it too.
    """

    counted: Counted
    level: float = 0.95
    seed: int = SEED
    permutations: int = PERMUTATIONS
    replicates: int = REPLICATES
    prevalence: float | Mapping[str, float] | None = None
    _rates: dict[tuple[str, ...], Rates] = field(default_factory=dict, init=False, repr=False)

    def __repr__(self) -> str:
        # Of counts nothing: a table in a notebook would show cells of few persons.
        facts, by = self.facts, f", by {' × '.join(self.table.columns)}" if self.table.columns else ""
        persons = "persons not known" if facts.persons is None else f"{facts.persons:,} persons"
        return f"<Audit of {facts.source}: {facts.rows:,} rows, {persons}{by}>"

    def __post_init__(self) -> None:
        from misread.audit.reading.doubts.few import guarded

        check_numbers(self.prevalence, **{name: getattr(self, name) for name in RANGES})
        # Everything is asked of this object, so that what follows tells nothing of one to four persons.
        object.__setattr__(self, "counted", guarded(self.counted))

    @property
    def table(self) -> CountTable:
        """Counts per stratum."""
        return self.counted.table

    @property
    def facts(self) -> Facts:
        """Rows, what was missing, warnings, where it came from."""
        return self.counted.facts

    def rates(self, *columns: str) -> Rates:
        """Every rate with its interval, by these columns; everybody where none is named.

        Parameters
        ----------
        *columns : str
            Group columns, crossed.
        """
        from misread.audit.rates import rates

        columns = self._known(columns)
        if columns not in self._rates:
            self._rates[columns] = rates(self.table.margin(*columns), level=self.level)
        return self._rates[columns]

    @cached_property
    def overall(self) -> Estimates:
        """Everybody: rates, composites, and precision at the stated prevalence."""
        from misread.audit.rates import Estimates

        return Estimates(self._by(()))

    @cached_property
    def by_group(self) -> Estimates:
        """The same for each level of each group column, for pairs of columns, and for all of them crossed."""
        from misread.audit.rates import Estimates

        return Estimates(self._by(*(columns for columns in self.margins() if columns)))

    def _by(self, *margins: tuple[str, ...]) -> Iterator[Estimate]:
        from misread.audit.rates import composites_of

        tables = [self.rates(*columns).table for columns in margins]
        # One margin by itself need not be put together from finer strata.
        whole = tables[0] if len(tables) == 1 else self.table
        composed = composites_of(whole, tables, level=self.level, replicates=self.replicates, seed=self.seed)
        for columns, found in zip(margins, composed, strict=True):
            yield from self.rates(*columns)
            yield from found
            if self.prevalence is not None:
                yield from self.precision_at(self.prevalence, within=columns)

    def precision_at(self, prevalence: float | Mapping[str, float], *, within: Columns = ()) -> tuple[Estimate, ...]:
        """Of the faces that get a label, the share that shows the expression, were it as rare as stated.

        Parameters
        ----------
        prevalence : float or mapping of str to float
            Share of faces that show the expression, in (0, 1): for every label, or label by label.
        within : str or sequence of str
            Group columns; none for everybody.
        """
        from misread.audit.rates import precision_at

        check_numbers(prevalence)
        rates = self.rates(*self._known(within))
        known = [m.label for m in rates.measures if m.statistic == "precision"]
        for label in prevalence if isinstance(prevalence, Mapping) else ():
            if label not in known:
                there = f"one of {', '.join(filter(None, known))}." if known else "a label that is an expression too."
                raise _wrong("prevalence", f"{label!r} has no precision in this table.", there, "name another label.")
        return precision_at(rates, prevalence)

    def margins(self, depth: int | None = None) -> Iterator[tuple[str, ...]]:
        """Sets of columns to look at: none, each, pairs … up to `depth` at a time (by default 2), and all crossed."""
        columns = self.table.columns
        deepest = min(2 if depth is None else depth, len(columns))
        for size in range(deepest + 1):
            yield from combinations(columns, size)
        if len(columns) > deepest:
            yield columns

    def composites(self, *columns: str) -> Composites:
        """Balanced accuracy, macro-F1, kappa and alpha, by these columns."""
        from misread.audit.rates import composites

        columns = self._known(columns)
        return composites(self.table.margin(*columns), level=self.level, replicates=self.replicates, seed=self.seed)

    def confusion(self, *, within: Columns = (), interval: Literal["wilson", "dirichlet"] = "wilson") -> Rates:
        """P(label | expression): what is answered when a face shows something.

        Parameters
        ----------
        within : str or sequence of str
            Group columns; none for everybody.
        interval : {"wilson", "dirichlet"}
            Each cell by itself, or the posterior that a deployment draws from.
        """
        from misread.audit.rates import confusion

        if interval not in ("wilson", "dirichlet"):
            raise _wrong("interval", f"It is {interval!r}.", "wilson or dirichlet.", "name one of them.")
        return confusion(self.table.margin(*self._known(within)), level=self.level, interval=interval)

    @cached_property
    def headline(self) -> Posterior | None:
        """Accuracy over persons who differ, as a posterior; None where persons are not known.

        Beside the interval of `overall`, not in its place: where persons are of two kinds it is too narrow.
        """
        import numpy as np

        from misread.audit.intervals.posterior import beta_binomial

        table = self.table.margin()
        people, squares = table.people, table.squares
        if people is None or self.facts.persons is None:
            return None
        # Rows with weights are as many faces as they are worth (Kish), whatever the scale of the weights.
        worth = 1.0 if squares is None else float(table.counts.sum() / squares.sum())
        right = table.right.reshape(-1)[people.cell]
        faces = np.bincount(people.person, people.count * worth, people.k)
        hits = np.bincount(people.person, people.count * right * worth, people.k)
        return beta_binomial(hits, faces, level=self.level)

    def difference(
        self,
        statistic: str,
        *,
        between: str,
        within: Columns = (),
        expression: str | None = None,
        label: str | None = None,
        against: str | None = None,
    ) -> tuple[Difference, ...]:
        """Each level of a column against the others together, or against one of them: difference and ratio."""
        from misread.audit.rates import differences
        from misread.audit.rates.composed.sums import STATISTICS

        _, *kept = self._known((between, *_several(within)))
        composed = statistic in STATISTICS
        if composed and (expression or label):
            what = f"{statistic} is about all expressions together."
            raise _wrong(
                "expression" if expression else "label", what, "neither expression nor label.", "leave it out."
            )
        about = {} if composed else self._rate(statistic, expression, label, STATISTICS)
        levels = self.table.levels[self.table.columns.index(between)]
        if against is not None and against not in levels:
            raise _wrong(
                "against", f"{between!r} has no level {against!r}.", f"one of {', '.join(levels)}.", "name one of them."
            )
        return differences(
            self.table, statistic, **about, between=between, within=kept, against=against, level=self.level
        )

    def disparity(
        self,
        statistic: str,
        *,
        between: str,
        within: Columns = (),
        expression: str | None = None,
        label: str | None = None,
    ) -> tuple[Disparity, ...]:
        """The greatest disparity among the levels of a column: is there any, how large, what does chance show."""
        from misread.audit.groups import disparity

        _, *kept = self._known((between, *_several(within)))
        about = self._rate(statistic, expression, label)
        return disparity(self.table, statistic, **about, between=between, within=tuple(kept), **self._dealt)

    @cached_property
    def disparities(self) -> tuple[Disparity, ...]:
        """Accuracy, recalls and false-positive rates between the levels of each column."""
        from misread.audit.groups import disparities

        return disparities(self.table, **self._dealt)

    def compared(self, between: Columns, within: Columns = ()) -> tuple[Disparity, ...]:
        """The same between the levels of some columns within those of others, p adjusted for all of them."""
        from misread.audit.groups import disparities

        columns, kept = _several(between), _several(within)
        self._known((*columns, *kept), crossed=False)
        for column in columns:
            self._known((column, *kept))
        return disparities(self.table, between=columns, within=kept, **self._dealt)

    @property
    def _dealt(self) -> dict[str, Any]:
        """How groups are dealt anew."""
        return {"permutations": self.permutations, "seed": self.seed, "level": self.level}

    def _rate(self, name: str, expression: str | None, label: str | None, others: Iterable[str] = ()) -> dict[str, Any]:
        """What a rate is about, seen to be there; what else might have been meant."""
        from misread.audit.rates import measure

        try:
            measure(self.table, name, expression, label)
        except KeyError as error:
            said, *known = str(error.args[0]).split("; there is: ")
            there = f"one of {', '.join((*known, *others))}."
            raise _wrong("statistic", f"There is {said}.", there, "name one of them.") from None
        return {"expression": expression, "label": label}

    def pooled(
        self,
        statistic: str,
        *,
        over: Columns,
        within: Columns = (),
        expression: str | None = None,
        label: str | None = None,
    ) -> tuple[Estimate, ...]:
        """Each group's own figure, raw and then drawn towards the others as far as the counts ask for it.

        Parameters
        ----------
        statistic : str
            A rate.
        over : str or sequence of str
            Columns whose levels lean on each other.
        within : str or sequence of str
            Columns whose levels are kept apart: those that are the question.
        expression, label : str, optional
            What the rate is about.
        """
        from misread.audit.groups import pooled

        columns, kept = _several(over), _several(within)
        self._known((*columns, *kept))
        return pooled(
            self.table.margin(*kept, *columns),
            statistic,
            **self._rate(statistic, expression, label),
            over=columns,
            within=kept,
            level=self.level,
            seed=self.seed,
        )

    def calibration(self, *, within: Columns = ()) -> tuple[Calibration, ...]:
        """How sure it said it was beside how often it was right, per group; nothing where there are no scores."""
        from misread.audit.agreement import calibration

        table = self.table.margin(*self._known(within))
        return () if table.scores is None else calibration(table, level=self.level, seed=self.seed)

    @cached_property
    def ceiling(self) -> Ceiling | None:
        """How good any classifier could look beside several raters; None without votes."""
        from misread.audit.agreement import ceiling

        votes = self.counted.votes
        return None if votes is None else ceiling(votes, level=self.level)

    @cached_property
    def flips(self) -> Mapping[str, Flips]:
        """By paired column: how often the answer to the same face changes."""
        from misread.audit.agreement import flips

        return {name: flips(table, level=self.level) for name, table in self.counted.paired}

    @cached_property
    def effect(self) -> PersonEffect | None:
        """How much of the false answers belongs to the person; None where persons are not known."""
        from misread.audit.groups.effect import effect

        # Several votes on one face are told apart by face, which is no person.
        known = self.table.people is not None and self.facts.persons is not None
        return effect(self.table, level=self.level) if known else None

    def _known(self, columns: Columns, *, crossed: bool = True) -> tuple[str, ...]:
        """Group columns, one or several, seen to be there, named once, and told where they are crossed."""
        from misread.audit.table.told import MOST_COLUMNS

        found, there = _several(columns), self.table.columns
        known = f"one of {', '.join(there)}." if there else "no column: the audit has no groups."
        for column in found:
            if column not in there:
                what = f"{column!r} is no group column of this audit."
                raise _wrong("groups", what, known, "name it as a group when the audit is made.")
            if found.count(column) > 1:
                raise _wrong("groups", f"{column!r} is named twice.", "each column once.", "leave one out.")
        # Other crossings were not looked at for what they tell of few persons.
        if crossed and self.table.told is not None and len(there) > MOST_COLUMNS and 2 < len(found) < len(there):
            what = f"Of {len(there)} group columns pairs are told, and all of them crossed."
            raise _wrong("groups", what, "one column, two, or all.", "name these alone as groups of an audit.")
        return found


def check_numbers(prevalence: Any = None, **numbers: Any) -> None:
    """See that the numbers that an audit is made with are in their ranges.

    Raises
    ------
    MisreadError
        With the first that is not.
    """
    for name, given in numbers.items():
        low, high = RANGES[name]
        kind, number = (Real, "a number") if name == "level" else (Integral, "a whole number")
        fits = isinstance(given, kind) and not isinstance(given, bool)
        if not fits or not low <= given <= high:
            raise _wrong(name, f"It is {given!r}.", f"{number} from {low:g} to {high:,}.", "write such a number.")
    stated = prevalence.values() if isinstance(prevalence, Mapping) else () if prevalence is None else (prevalence,)
    for share in stated:
        if not (isinstance(share, Real) and 0 < float(share) < 1):
            expected = "a number above 0 and below 1, or one for each label."
            raise _wrong("prevalence", f"It is {share!r}.", expected, "write how many of all faces show it.")


def _several(columns: Columns) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else tuple(columns or ())


def _wrong(name: str, what: str, expected: str, mend: str) -> MisreadError:
    return MisreadError(Problem(what, expected, mend, key=name))
