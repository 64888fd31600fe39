"""What an audit is asked with: one object over the counts; each answer is computed when it is asked for, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from misread.errors import MisreadError, Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from misread.audit.agreement import Calibration, Ceiling, Flips
    from misread.audit.groups import Disparity
    from misread.audit.groups.effect import PersonEffect
    from misread.audit.intervals.posterior import Posterior
    from misread.audit.rates import Composites, Difference, Estimate, Rates
    from misread.audit.reading import Counted, Facts
    from misread.audit.table import CountTable

SEED = 1
"""Of all that is drawn: replicates, permutations, posteriors."""
PERMUTATIONS = 1999
REPLICATES = 1000


class Estimates(tuple["Estimate", ...]):
    """Estimates in order; `table()` gives them as an Arrow table, one row each."""

    __slots__ = ()

    def of(self, statistic: str, *, expression: str | None = None, label: str | None = None) -> Estimates:
        """Those of one statistic, and of one expression or label where one is named."""
        return Estimates(
            e
            for e in self
            if e.statistic == statistic
            and (expression is None or e.expression == expression)
            and (label is None or e.label == label)
        )

    def table(self) -> pa.Table:
        """One row an estimate; each group column has a column of its own, null where it does not apply."""
        import pyarrow as pa

        columns = dict.fromkeys(column for e in self for column, _ in e.group)
        rows = []
        for e in self:
            levels = dict(e.group)
            row: dict[str, Any] = {f"group_{column}": levels.get(column) for column in columns}
            row |= {name: getattr(e, name) for name in FIELDS}
            rows.append(row)
        strings = ("statistic", "expression", "label", "method", "note")
        types = {name: pa.string() if name in strings else pa.float64() for name in FIELDS}
        schema = pa.schema([*((f"group_{c}", pa.string()) for c in columns), *types.items()])
        return pa.Table.from_pylist(rows, schema=schema)


FIELDS = ("statistic", "expression", "label", "value", "low", "high", "n", "hits", "persons", "n_eff", "method", "note")
"""Columns of a table of estimates, after those of the groups."""


@dataclass(frozen=True, eq=False)
class Audit:
    """A model's answers on labelled faces, and everything that can be said of them.

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

        Raises
        ------
        MisreadError
            If one of them is no group column.
        """
        from misread.audit.rates import rates

        self._known(columns)
        if columns not in self._rates:
            self._rates[columns] = rates(self.table.margin(*columns), level=self.level)
        return self._rates[columns]

    @cached_property
    def overall(self) -> Estimates:
        """Everybody: rates, composites, and precision at the stated prevalence."""
        return Estimates(self._by(()))

    @cached_property
    def by_group(self) -> Estimates:
        """The same for each level of each group column, for pairs of columns, and for all of them crossed."""
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

    def precision_at(
        self, prevalence: float | Mapping[str, float], *, within: Sequence[str] = ()
    ) -> tuple[Estimate, ...]:
        """Of the faces that get a label, the share that shows the expression, were it as rare as stated.

        Parameters
        ----------
        prevalence : float or mapping of str to float
            Share of faces that show the expression, in (0, 1): for every label, or label by label.
        within : sequence of str
            Group columns; none for everybody.

        Raises
        ------
        MisreadError
            If a prevalence is out of its range, or of no label.
        """
        from misread.audit.rates import precision_at

        rates = self.rates(*within)
        try:
            return precision_at(rates, prevalence)
        except (KeyError, ValueError) as error:
            known = ", ".join(e.label for e in rates if e.statistic == "precision" and e.label and not e.group)
            raise MisreadError(
                Problem(
                    f"No precision can be told at {prevalence!r}: {error.args[0]}.",
                    expected=f"a share above 0 and below 1, of {known or 'a label that is an expression too'}.",
                    mend="state another one.",
                    key="prevalence",
                )
            ) from None

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

        self._known(columns)
        return composites(self.table.margin(*columns), level=self.level, replicates=self.replicates, seed=self.seed)

    def confusion(self, *, within: Sequence[str] = (), interval: Literal["wilson", "dirichlet"] = "wilson") -> Rates:
        """P(label | expression): what is answered when a face shows something.

        Parameters
        ----------
        within : sequence of str
            Group columns; none for everybody.
        interval : {"wilson", "dirichlet"}
            Each cell by itself, or the posterior that a deployment draws from.
        """
        from misread.audit.rates import confusion

        self._known(within)
        return confusion(self.table.margin(*within), level=self.level, interval=interval)

    @cached_property
    def headline(self) -> Posterior | None:
        """Accuracy over persons who differ, as a posterior; None where persons are not known.

        Beside the interval of `overall`, not in its place: where persons are of two kinds it is too narrow.
        """
        import numpy as np

        from misread.audit.intervals.posterior import beta_binomial

        people = self.table.people
        if people is None or self.facts.persons is None:
            return None
        right = self.table.right.reshape(-1)[people.cell]
        faces = np.bincount(people.person, people.count, people.k)
        return beta_binomial(np.bincount(people.person, people.count * right, people.k), faces, level=self.level)

    def difference(
        self,
        statistic: str,
        *,
        between: str,
        within: Sequence[str] = (),
        expression: str | None = None,
        label: str | None = None,
        against: str | None = None,
    ) -> tuple[Difference, ...]:
        """Each level of a column against the others together, or against one of them: difference and ratio."""
        from misread.audit.rates import differences

        self._known((between, *within))
        return differences(
            self.table.margin(*within, between),
            statistic,
            expression=expression,
            label=label,
            between=between,
            within=tuple(within),
            against=against,
            level=self.level,
        )

    def disparity(
        self,
        statistic: str,
        *,
        between: str,
        within: Sequence[str] = (),
        expression: str | None = None,
        label: str | None = None,
    ) -> tuple[Disparity, ...]:
        """The greatest disparity among the levels of a column: is there any, how large, what does chance show."""
        from misread.audit.groups import disparity

        self._known((between, *within))
        return disparity(
            self.table.margin(*within, between),
            statistic,
            expression=expression,
            label=label,
            between=between,
            within=tuple(within),
            permutations=self.permutations,
            seed=self.seed,
            level=self.level,
        )

    @cached_property
    def disparities(self) -> tuple[Disparity, ...]:
        """Accuracy, recalls and false-positive rates between the levels of each column."""
        from misread.audit.groups import disparities

        return disparities(self.table, permutations=self.permutations, seed=self.seed, level=self.level)

    def pooled(
        self,
        statistic: str,
        *,
        over: str | Sequence[str],
        within: Sequence[str] = (),
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
        within : sequence of str
            Columns whose levels are kept apart: those that are the question.
        expression, label : str, optional
            What the rate is about.
        """
        from misread.audit.groups import pooled

        columns = (over,) if isinstance(over, str) else tuple(over)
        self._known((*columns, *within))
        return pooled(
            self.table.margin(*within, *columns),
            statistic,
            expression=expression,
            label=label,
            over=columns,
            within=tuple(within),
            level=self.level,
            seed=self.seed,
        )

    def calibration(self, *, within: Sequence[str] = ()) -> tuple[Calibration, ...]:
        """How sure it said it was beside how often it was right, per group; nothing where there are no scores."""
        from misread.audit.agreement import calibration

        self._known(within)
        table = self.table.margin(*within)
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

    def _known(self, columns: Sequence[str]) -> None:
        for column in columns:
            if column not in self.table.columns:
                known = ", ".join(self.table.columns)
                raise MisreadError(
                    Problem(
                        f"{column!r} is no group column of this audit.",
                        expected=f"one of {known}." if known else "no column: the audit has no groups.",
                        mend="name it as a group when the audit is made.",
                        key="groups",
                    )
                )
