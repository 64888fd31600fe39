"""`misread audit`: what a model's answers on labelled faces get wrong, and for whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from misread.cli.support.progress import HOW, progress_of
from misread.errors import printable

if TYPE_CHECKING:
    from misread.audit.reading import Ask, Counted

F = TypeVar("F", bound=Callable[..., Any])
FIRES = 3
"""Exit code where a condition of --fail-if holds, or cannot be told."""
READ, WRITTEN = 1, 3
"""Steps that reading and writing are counted as, beside those of computing."""


def column_options(command: F) -> F:
    """Options that say which column means what."""
    text: dict[str, Any] = {"metavar": "COL"}
    decorators = (
        click.option("--truth", **text, help="What the face shows."),
        click.option("--prediction", **text, help="What the model answered."),
        click.option("--group", "groups", multiple=True, **text, help="Whose face it is. May be given several times."),
        click.option("--person", **text, help="Who is shown, where one person is shown several times; kept nowhere."),
        click.option("--score", **text, help="How sure the model was of its answer."),
        click.option("--weights", **text, help="How much a row counts."),
        click.option(
            "--votes", multiple=True, **text, help="How many raters chose an option; one column each, or A,B,C."
        ),
        click.option("--paired", multiple=True, **text, help="Answers to the same face under another condition."),
        click.option("--id", **text, help="Which picture it is: looked at for pictures that occur twice."),
        click.option("--model", **text, help="Which model answered, where the file holds several."),
    )
    return _decorated(command, decorators)


def reading_options(command: F) -> F:
    """Options that say how words and numbers are read."""
    decorators = (
        click.option("--missing", multiple=True, metavar="WORD", help="A word that means: missing. Empty always does."),
        click.option("--map-labels", metavar="FILE", help='TOML with lines such as "joy" = "happy".'),
        click.option("--fold-case", is_flag=True, help="Words that differ in case or outer blanks alone are one."),
        click.option("--bands", multiple=True, metavar="COL=0,6,9", help="Bands of a group of numbers, by edges."),
        click.option("--score-scale", type=float, default=1.0, metavar="X", help="What certainty is: 100 for percent."),
        click.option(
            "--duplicates",
            type=click.Choice(["refuse", "keep", "first"]),
            default="refuse",
            show_default=True,
            help="What is done about an --id that occurs twice.",
        ),
        click.option(
            "--max-labels", type=int, default=200, show_default=True, help="Most different words in a column."
        ),
        click.option("--max-levels", type=int, help="Most different values in a group."),
        click.option("--encoding", metavar="NAME", help="How a CSV file is written; by default that is found out."),
        click.option(
            "--delimiter", metavar="CHAR", help="What stands between its cells; by default that is found out."
        ),
        click.option("--unit", default="rows", show_default=True, metavar="WORD", help='What a row is: "photographs".'),
    )
    return _decorated(command, decorators)


def counts_options(command: F) -> F:
    """Options about a published matrix."""
    decorators = (
        click.option(
            "--counts",
            metavar="FILE",
            help="A published matrix, in the place of PREDICTIONS: a CSV file, or evidence:M17.",
        ),
        click.option("--faces-per-row", type=float, metavar="N", help="With --counts of shares: faces of each row."),
        click.option("--renormalise", is_flag=True, help="With --counts: rows that add to almost 1 are divided by it."),
        click.option("--transpose", is_flag=True, help="With --counts: the truth is in the columns."),
    )
    return _decorated(command, decorators)


def output_options(command: F) -> F:
    """Options that say what is computed and written."""
    decorators = (
        click.option(
            "--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True, help="Of intervals."
        ),
        click.option(
            "--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, help="Of what is drawn."
        ),
        click.option(
            "--replicates",
            type=click.IntRange(100, 100_000),
            default=1000,
            show_default=True,
            help="How often persons are drawn again, for intervals of composites.",
        ),
        click.option(
            "--compare",
            multiple=True,
            metavar="COL",
            help="Compare levels of a group within those of others: --within.",
        ),
        click.option("--within", multiple=True, metavar="COL", help="Groups within whose levels --compare compares."),
        click.option(
            "--prevalence",
            multiple=True,
            metavar="SHARE",
            help="Tell precision where so many faces show it: 0.05, or sad=0.05 for one label.",
        ),
        click.option(
            "--fail-if",
            "conditions",
            multiple=True,
            metavar="CONDITION",
            help='End with exit code 3 where it holds, or cannot be told: "recall.sad.disparity.low > 0.10".',
        ),
        click.option("--for-publication", is_flag=True, help="Write tables too in which small counts are left out."),
        click.option(
            "--deployment",
            default="as-described",
            show_default=True,
            metavar="NAME",
            help="Whose words profile.toml speaks: a file, or a shipped deployment.",
        ),
        click.option("--out", metavar="DIR", help="Folder for the results."),
        click.option("--json", "as_json", is_flag=True, help="Print audit.json; writes no file without --out."),
        click.option("--methods", is_flag=True, help="Print which interval is used where, and why; audits nothing."),
        click.option("--schema", is_flag=True, help="Print the JSON Schema of audit.json; audits nothing."),
        click.option(
            "--progress",
            type=click.Choice(HOW),
            default=HOW[0],
            show_default=True,
            help="How far it is: a bar in a terminal, or lines of JSON on standard error.",
        ),
    )
    return _decorated(command, decorators)


def _decorated(command: F, decorators: tuple[Callable[[F], F], ...]) -> F:
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@click.command()
@click.argument("predictions", required=False)
@column_options
@reading_options
@counts_options
@output_options
@click.pass_context
def audit(
    ctx: click.Context,
    /,
    predictions: str | None,
    counts: str | None,
    faces_per_row: float | None,
    renormalise: bool,
    transpose: bool,
    level: float,
    seed: int,
    replicates: int,
    prevalence: tuple[str, ...],
    compare: tuple[str, ...],
    within: tuple[str, ...],
    conditions: tuple[str, ...],
    for_publication: bool,
    deployment: str,
    out: str | None,
    as_json: bool,
    methods: bool,
    schema: bool,
    progress: str,
    **asked: Any,
) -> None:
    """Say what a model's answers on labelled faces get wrong, and for whom.

    PREDICTIONS is a file with a row for each face: what it shows, what the model answered, whose face it is. Parquet,
    CSV, JSON lines or Arrow. Only counts are kept: nothing that is written holds a row about a person. Results go to
    ./misread-out/audit-NAME-DIGEST/ unless --out names another folder.
    """
    started = datetime.now(UTC)
    if methods or schema:
        from misread.cli.audit.about import methods_told, schema_text

        click.echo(schema_text() if schema else methods_told(as_json))
        return
    if bool(predictions) == bool(counts):
        raise click.UsageError("Name one file: PREDICTIONS, or a published matrix with --counts.")
    if counts is None and (faces_per_row is not None or renormalise or transpose):
        raise click.UsageError("--faces-per-row, --renormalise and --transpose are about a matrix: they need --counts.")
    from misread.audit.result import Audit
    from misread.audit.written.build import STEPS, write
    from misread.audit.written.failif import fired, parse
    from misread.cli.audit.asked import as_options, ask_of, refuse_idle, shares_of, words_typed
    from misread.cli.audit.files import Order, place, write_all

    refuse_idle(ctx)
    parsed = [parse(text) for text in conditions]
    typed, told = words_typed(ctx), words_typed(ctx, folders=False)
    order = Order(str(counts or predictions), typed, told, deployment, for_publication, seed, started)
    all_steps = READ + STEPS + WRITTEN
    writes = out is not None or not as_json
    if writes:
        place(order, out, "0" * 64)
    ask, shares = ask_of(asked), shares_of(prevalence)
    with progress_of(progress, "Auditing") as step:
        step(0, all_steps)
        counted = _counted(predictions, counts, ask, faces_per_row, renormalise, transpose)
        with as_options():
            found = Audit(counted, level=level, seed=seed, replicates=replicates, prevalence=shares)
            written = write(found, lambda done, _: step(READ + done, all_steps), compare=compare, within=within)
        holding = fired(parsed, written.estimates, written.disparities)
        names, asks = (
            write_all(found, written, order, out, lambda done, _: step(READ + STEPS + done, all_steps))
            if writes
            else ((), "")
        )
    if as_json:
        click.echo(written.text(), nl=False)
    else:
        from misread.cli.audit.lines import lines

        click.echo("\n".join(lines(written, names, asks, deployment)))
    if holding:
        click.echo("\n".join(printable(str(one)) for one in holding), err=True)
        sys.exit(FIRES)


def _counted(
    predictions: str | None,
    counts: str | None,
    ask: Ask,
    faces_per_row: float | None,
    renormalise: bool,
    transpose: bool,
) -> Counted:
    from misread.audit.reading import count, read_counts
    from misread.cli.audit.published import PREFIX, of_evidence

    if counts is not None and counts.startswith(PREFIX):
        return of_evidence(counts)
    if counts is not None:
        return read_counts(counts, ask, faces_per_row=faces_per_row, renormalise=renormalise, transpose=transpose)
    # As text: a path would make one slash of the two of an address.
    return count(predictions or "", ask)
