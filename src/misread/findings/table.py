"""Findings: the long table of everything measured, and its file format."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, overload

from misread.findings.about import KEYS

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "misread-findings/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One measured quantity (docs/findings.md).

    Attributes
    ----------
    id : str
        What is measured; `definitions.DEFINITIONS` says what it means.
    rule : str or None
        The rule it concerns, None where it concerns none.
    group : str
        A group's name, or ``"all"`` for everybody pooled.
    value : float or None
        The estimate at the profiles as stated; None where its condition has probability 0.
    low, high : float or None
        95 % equal-tailed interval over what is uncertain in the inputs; None where nothing states an
        uncertainty, with the reason in `method`.
    se : float or None
        Sampling standard error; None where the value is exact.
    unit : str
        ``"1"`` for shares and counts, else such as ``"1/pupil/year"``.
    n : int or None
        Pupils sampled; None where the value is exact.
    method : str
        How value and interval were got.
    label, reader, mark, view, state, trait, situation, age, decision, source : str or None
        What else the row is about. `reader` is None for the deployed system, ``"perfect"`` for the
        perfect reader.
    """

    id: str
    rule: str | None
    group: str
    value: float | None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    unit: str
    n: int | None = None
    method: str
    label: str | None = None
    reader: str | None = None
    mark: str | None = None
    view: str | None = None
    state: str | None = None
    trait: str | None = None
    situation: str | None = None
    age: str | None = None
    decision: str | None = None
    source: str | None = None

    def row(self) -> dict[str, Any]:
        """The finding as a row of findings.json: keys that do not apply are left out."""
        return {k: v for k, v in asdict(self).items() if v is not None or k not in KEYS}


@dataclass(frozen=True, eq=False)
class Findings(Sequence[Finding]):
    """All findings of one run, in a stated order.

    Index with an id to keep only its rows, with a whole number for one row.

    Attributes
    ----------
    rows : tuple of Finding
        The findings.
    title, sha256 : str
        The deployment's title, and the digest of everything in it that can change a number.
    engine : str
        Which engine ran.
    step : str or None
        The sampled engine's step; None for the exact engine, which has none.
    seed : int
        Seed of the quasi-random points behind the intervals.
    version : str
        Version of misread that made them.
    """

    rows: tuple[Finding, ...]
    title: str
    sha256: str
    engine: str
    step: str | None
    seed: int
    version: str

    @overload
    def __getitem__(self, key: str) -> Findings: ...
    @overload
    def __getitem__(self, key: int) -> Finding: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, key: str | int | slice) -> Findings | Finding | tuple[Finding, ...]:
        if isinstance(key, str):
            found = tuple(f for f in self.rows if f.id == key)
            if not found:
                raise KeyError(f"no finding {key!r}; there are {', '.join(dict.fromkeys(f.id for f in self.rows))}")
            return replace(self, rows=found)
        return self.rows[key]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.rows)

    def one(self, id: str, *, group: str = "all", **where: str | None) -> Finding:
        """The single finding `id` of `group` with the given keys; keys not given must be absent.

        Parameters
        ----------
        id : str
            The finding's id.
        group : str
            Group name or ``"all"``.
        **where : str or None
            `rule` and any of `KEYS`.

        Raises
        ------
        KeyError
            If no row, or more than one, fits.
        """
        want = {"rule": None, **dict.fromkeys(KEYS), **where, "id": id, "group": group}
        found = [f for f in self.rows if all(getattr(f, k) == v for k, v in want.items())]
        if len(found) != 1:
            raise KeyError(f"{len(found)} findings fit {want}")
        return found[0]

    def to_json(self) -> str:
        """The text of findings.json; the same run always gives the same text."""
        head = {
            "format": FORMAT,
            "deployment": {"title": self.title, "sha256": self.sha256},
            "engine": self.engine,
            "step": self.step,
            "seed": self.seed,
            "version": self.version,
        }
        lines = ",\n".join("    " + json.dumps(f.row(), ensure_ascii=False, allow_nan=False) for f in self.rows)
        body = json.dumps(head, ensure_ascii=False, indent=2)[:-2]
        return f'{body},\n  "findings": [\n{lines}\n  ]\n}}\n'

    def to_csv(self) -> str:
        """The text of findings.csv: the same rows, every column, empty where a key does not apply."""
        return rows_as_csv(Finding, self.rows)

    def table(self) -> pa.Table:
        """The findings as an Arrow table, which Narwhals, pandas, Polars and DuckDB read as it is."""
        import pyarrow as pa

        text, number = pa.string(), pa.float64()
        types = {"value": number, "low": number, "high": number, "se": number, "n": pa.int64()}
        schema = pa.schema([(f.name, types.get(f.name, text)) for f in fields(Finding)])
        return pa.Table.from_pylist([asdict(f) for f in self.rows], schema=schema)

    def _repr_html_(self) -> str:
        names = [f.name for f in fields(Finding) if any(getattr(r, f.name) is not None for r in self.rows)]
        head = "".join(f"<th scope='col'>{n}</th>" for n in names)
        body = "".join(f"<tr>{''.join(_cell(getattr(r, n)) for n in names)}</tr>" for r in self.rows)
        caption = html.escape(self.title)
        return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def rows_as_csv(kind: type[Any], rows: Iterable[Any]) -> str:
    """Rows of one dataclass as CSV, a column a field."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.name for f in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()


def _cell(value: object) -> str:
    shown = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"<td>{html.escape(shown)}</td>"
