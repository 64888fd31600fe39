"""`misread evidence pool`: what several studies of one quantity say together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from misread.evidence.pooling.pool import Pooled


@click.command()
@click.argument("what", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def pool(what: tuple[str, ...], as_json: bool) -> None:
    """Pool several studies of one quantity; without a name, list the quantities.

    WHAT is a quantity of the list, or single figures: M14:anger (the row anger labelled so), M14:neutral:anger+fear
    (the row neutral, given one of these labels), A22:EmoNet (a figure by its name); or both, such as a quantity and
    a figure of your own, my-study.toml#X01:anger. Needs the extra "study".
    """
    from misread.evidence.pooling.pool import pool as pooled_from
    from misread.evidence.pooling.studies import QUANTITIES, expand, studies

    if not what:
        _list(as_json)
        return
    pooled = pooled_from(studies(expand(what)))
    named = [QUANTITIES[word] for word in what if word in QUANTITIES]
    quantity = "; ".join(n.quantity for n in named) or "; ".join(dict.fromkeys(s.what for s in pooled.studies))
    differs = " ".join(dict.fromkeys(n.differs for n in named))
    cautions = [differs] if differs else []
    cautions += _cautions(pooled)
    if as_json:
        click.echo(_as_json(quantity, cautions, pooled))
    else:
        _show(quantity, cautions, pooled)


def _list(as_json: bool) -> None:
    from misread.cli.evidence.tables import add_row, new_table, print_table
    from misread.evidence.pooling.studies import QUANTITIES

    if as_json:
        rows = [{"name": name, "quantity": q.quantity, "figures": list(q.refs)} for name, q in QUANTITIES.items()]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = new_table("name", "studies", "what")
    for name, quantity in QUANTITIES.items():
        add_row(table, name, str(len(quantity.refs)), quantity.quantity)
    print_table(table)
    click.echo("\nOne of them: misread evidence pool programs-anger")


def _cautions(pooled: Pooled) -> list[str]:
    from misread.evidence.pooling.studies import same_source

    said = ["Each study looked at other people: the pooled figure sums up these studies, and is no rate for a school."]
    said += [
        f"{a.ref} and {b.ref} come from one source: make sure that they rest on different people."
        for a, b in same_source(pooled.studies)
    ]
    if pooled.status in ("unverified", "unsourced"):
        weak = ", ".join(s.ref for s in pooled.studies if s.status == pooled.status)
        said.append(f"{weak}: {pooled.status}. Nothing should rest on it.")
    return said


def _show(quantity: str, cautions: Sequence[str], pooled: Pooled) -> None:
    from misread.cli.evidence.tables import add_row, new_table, print_table, short_number
    from misread.errors import printable
    from misread.evidence.pooling.pool import METHOD, wilson

    click.echo(printable(quantity) + "\n")
    table = new_table("figure", "share", "95 % interval", "units", "weight", "status", "source", "people")
    for study, weight in zip(pooled.studies, pooled.weights, strict=True):
        interval = _interval(*wilson(study.share, study.units))
        units = short_number(study.units) + (" (as counted)" if study.assumed else "")
        cells = (
            f"{_percent(study.share)} %",
            interval,
            units,
            f"{weight:.0%}",
            study.status,
            study.short,
            study.population,
        )
        add_row(table, study.ref, *cells)
    print_table(table)
    click.echo()
    k = len(pooled.studies)
    facts = new_table()
    predicted = (
        f"{_interval(*pooled.predicted)} (95 % prediction interval of its true share)" if pooled.predicted else ""
    )
    for key, text in (
        ("pooled", f"{_percent(pooled.share)} %, 95 % interval {_interval(pooled.low, pooled.high)}"),
        ("another such study", predicted or "two studies give no prediction interval"),
        ("spread", f"I² {pooled.i2:.0%}; τ {pooled.tau:.2f} in log-odds; Q {pooled.q:.1f} for {k} studies"),
        ("status", f"{pooled.status}, as the least sure of them"),
        *(("beware", caution) for caution in cautions),
        ("method", METHOD),
    ):
        add_row(facts, key, text)
    print_table(facts)


def _interval(low: float, high: float) -> str:
    return f"{_percent(low)} to {_percent(high)} %"


def _percent(share: float) -> str:
    # No share is called 0 or 100 that is not.
    if 0 < share < 0.0005:
        return "under 0.1"
    if 0.9995 <= share < 1:
        return "over 99.9"
    return f"{100 * share:.1f}"


def _as_json(quantity: str, cautions: Sequence[str], pooled: Pooled) -> str:
    from misread.evidence.pooling.pool import METHOD

    studies = [
        {**asdict(study), "weight": weight} for study, weight in zip(pooled.studies, pooled.weights, strict=True)
    ]
    ends = pooled.predicted
    answer: dict[str, Any] = {
        "format": "misread-evidence-pool/1",
        "quantity": quantity,
        "k": len(pooled.studies),
        **{key: getattr(pooled, key) for key in ("share", "low", "high")},
        "predicted": None if ends is None else {"low": ends[0], "high": ends[1]},
        **{key: getattr(pooled, key) for key in ("i2", "tau", "q", "status")},
        "studies": studies,
        "beware": list(cautions),
        "method": METHOD,
    }
    return json.dumps(answer, ensure_ascii=False, indent=1)
