"""What a board decides with: `misread rights policy`, `misread rights annex` and `misread rights brief`."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from misread.cli.rights.given import as_visible, of_the_system, record_of
from misread.cli.support.days import day
from misread.cli.support.options import deployment_options, draw_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from misread.rights import Law
    from misread.rights.board import Basis
    from misread.rights.board.figures import Figure
    from misread.rights.board.numbers import Changed
    from misread.rights.paper.blocks import Paper
    from misread.rights.record.model import Record
    from misread.study.exact.run import Measured

FORMAT = "misread-rights-board/1"
SHIPPED = "as-described"

_out = click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it: .docx, .pdf or .md.")
_fonts = click.option(
    "--font",
    "fonts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A font for letters that those shipped do not have, for PDF. May be given several times.",
)
_on = click.option("--on", "on", type=day, metavar="DATE", help="The day whose law is meant; today if not given.")
_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")


@click.command(short_help="Model policies for a board: texts, overlays, what they would change.")
@click.argument("name", required=False)
@click.option(
    "--overlay",
    is_flag=False,
    flag_value=SHIPPED,
    metavar="[DEPLOYMENT]",
    help=f"Print the change of a deployment that it means, as TOML; for {SHIPPED} if none is named.",
)
@click.option(
    "--with-numbers",
    "counted",
    is_flag=False,
    flag_value=SHIPPED,
    metavar="[DEPLOYMENT]",
    help=f"Count what it would change, and put the table into the text; for {SHIPPED} if none is named.",
)
@click.option("--place", metavar="PLACE", help="Name the law of this place only, such as eu or us-il.")
@_on
@draw_options
@_out
@_fonts
@_json
def policy(
    name: str | None,
    overlay: str | None,
    counted: str | None,
    place: str | None,
    on: date | None,
    draws: int | None,
    seed: int,
    out: Path | None,
    fonts: tuple[Path, ...],
    as_json: bool,
) -> None:
    """List the model policies a board can adopt, or print one: ban, moratorium, opt-in, retention-and-audit.

    Each is a text with alternatives in square brackets, and the overlay it means: misread compare as-described ban
    shows what it would do. No legal advice.
    """
    from misread.rights.board.policies import policies
    from misread.rights.board.policies import policy as chosen

    if name is None:
        if overlay or counted or place or out:
            raise click.UsageError("Name the policy: ban, moratorium, opt-in or retention-and-audit.")
        _list([{"name": p.id, "title": p.head.title, "about": p.head.about} for p in policies().values()], as_json)
        return
    chosen(name)
    if overlay is not None:
        if counted or place or on or out or as_json:
            raise click.UsageError(
                "--overlay prints the overlay, and goes with no option but the name of a deployment."
            )
        click.echo(_overlay(name, overlay), nl=False)
        return
    _refuse(out, fonts)
    found = None if counted is None else _changed(name, counted, draws, seed)
    command = _compare(name, counted, draws, seed) if counted else ""
    paper = _policy_paper(name, place, on or date.today(), found, command)
    about = {
        "policy": name,
        "overlay": _overlay(name, counted or SHIPPED),
        **({"numbers": found.json()} if found else {}),
    }
    _give(paper, out, fonts, as_json, about)


def _list(rows: Sequence[dict[str, str]], as_json: bool) -> None:
    import json

    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['name']}\n  {row['title']}\n  {row['about']}\n")
    click.echo("Print one with `misread rights policy NAME`, as a file with --out NAME.docx. No legal advice.")


def _overlay(name: str, deployment: str) -> str:
    from misread.deployment import load
    from misread.rights.board.overlays import overlay, overlay_for

    return overlay(name) if deployment == SHIPPED else overlay_for(name, load(deployment))


def _changed(name: str, deployment: str, draws: int | None, seed: int) -> Changed:
    from misread.cli.support.progress import progress_bar
    from misread.rights.board.numbers import changed

    seen: list[str] = []
    with progress_bar("Counting") as step:

        def told(run: str, done: int, of: int) -> None:
            seen.extend([run] if run not in seen else [])
            step((len(seen) - 1) * of + done, 2 * of)

        return changed(name, deployment, draws=draws, seed=seed, progress=told)


def _compare(name: str, deployment: str, draws: int | None, seed: int) -> str:
    """What to type to have the numbers of a policy again."""
    if deployment == SHIPPED:
        return shlex.join(["misread", "compare", deployment, name, *_drawn(draws, seed)])
    return shlex.join(["misread", "rights", "policy", name, "--with-numbers", deployment, *_drawn(draws, seed)])


def _drawn(draws: int | None, seed: int) -> list[str]:
    from misread.study.exact.run import SEED

    words = ["--draws", str(draws)] if draws is not None else []
    return words + (["--seed", str(seed)] if seed != SEED else [])


def _policy_paper(name: str, place: str | None, on: date, found: Changed | None, command: str) -> Paper:
    from misread.rights import at, law
    from misread.rights.board.policies import policy_paper

    laws = [at(id, on) for id in ([place] if place else law())]
    if found is None:
        return policy_paper(name, laws, date.today())
    from misread.rights.board.numbers import blocks

    return policy_paper(name, laws, date.today(), numbers=tuple(blocks(found, command)))


def _about_a_system(command: Callable[..., None]) -> Callable[..., None]:
    """Arguments and options of what is written about one system."""
    decorators = (
        deployment_options,
        click.option("--record", "source", metavar="RECORD", help="The disclosure record: a file, or a shipped name."),
        click.option("--place", metavar="PLACE", help="Whose law: eu, uk, us-il …; that of the record if not given."),
        _on,
        click.option("--emotion", is_flag=True, help="The system infers emotions."),
        click.option("--identifies", is_flag=True, help="It tells who somebody is."),
        draw_options,
        _out,
        _fonts,
        _json,
    )
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@click.command(short_help="Annex to an impact assessment, from findings and record.")
@click.argument("kind", type=click.Choice(["dpia", "fria"]))
@_about_a_system
def annex(kind: str, **given: Any) -> None:
    """Fill an annex to a data-protection (dpia) or fundamental rights (fria) impact assessment for DEPLOYMENT.

    It holds what was told of the system, by the disclosure record, and what was computed, each number with its finding.
    It assesses nothing: that is left to people, with room to write. No legal advice.
    """
    from misread.rights.board.annexes import DPIA, FRIA, computed, dpia, fria

    write, parts = (dpia, DPIA) if kind == "dpia" else (fria, FRIA)
    _about(kind, write, lambda measured: [figure for part in parts for figure in computed(part, measured)], **given)


@click.command(short_help="One page for a board: buy, refuse, conditions.")
@_about_a_system
def brief(**given: Any) -> None:
    """Write one page for those who decide about DEPLOYMENT: what is said of it, what it gets wrong, how one can decide.

    It holds no verdict: beside each decision stands what would have to be true for it. No legal advice.
    """
    from misread.rights.board import brief as board
    from misread.rights.board.figures import leading

    _about("brief", board.brief, lambda measured: list(leading(measured)), **given)


def _about(
    kind: str,
    write: Callable[[Basis], Paper],
    shown: Callable[[Measured], list[Figure]],
    *,
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    source: str | None,
    place: str | None,
    on: date | None,
    emotion: bool,
    identifies: bool,
    draws: int | None,
    seed: int,
    out: Path | None,
    fonts: tuple[Path, ...],
    as_json: bool,
) -> None:
    from misread.rights.board import Basis
    from misread.rights.board.answers import counts
    from misread.rights.board.provisions import bearing

    _refuse(out, fonts)
    today = date.today()
    record = _record(source, deployment, today)
    law = _law(place or record.place, on or today)
    facts = of_the_system(emotion=emotion, pupils=True, identifies=identifies)
    command = shlex.join(["misread", "run", deployment, *_changes(policies, settings), *_drawn(draws, seed)])
    measured = _measured(deployment, policies, settings, draws, seed)
    paper = write(Basis(record, measured, law, today, command, facts))
    about = {
        "kind": kind,
        "place": law.place.id,
        "on": str(law.on),
        "command": command,
        "sha256": measured.findings.sha256,
        "figures": [figure.json() for figure in shown(measured)],
        "record": {"title": record.title, "counts": dict(counts(record))},
        "law": [{"id": s.entry.id, "state": s.state, "mark": s.mark} for s in bearing(law, facts)],
    }
    with as_visible(record):
        _give(paper, out, fonts, as_json, about)


def _changes(policies: tuple[str, ...], settings: tuple[str, ...]) -> list[str]:
    return [word for policy in policies for word in ("--with", policy)] + [
        word for setting in settings for word in ("--set", setting)
    ]


def _measured(
    deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], draws: int | None, seed: int
) -> Measured:
    from misread.cli.support.progress import progress_bar
    from misread.deployment import load
    from misread.study.engines.both import Hands, Way, run

    loaded = load(deployment, policies=policies, settings=settings)
    with progress_bar("Counting") as counting, progress_bar("Drawing", unit="schools") as drawing:
        return run(loaded, Way(draws=draws, seed=seed), Hands(counting=counting, drawing=drawing))


def _record(source: str | None, deployment: str, today: date) -> Record:
    """The record that is named; where none is, one in which nothing was asked yet."""
    from misread.deployment import load
    from misread.rights.record.model import Record

    if source is None:
        return Record(title=load(deployment).title or deployment, begun=today)
    return record_of(source)


def _law(place: str, on: date) -> Law:
    from misread.errors import MisreadError, Problem
    from misread.rights import at

    if not place:
        raise MisreadError(
            Problem(
                "Neither the command nor the record says whose law is meant.",
                "a place such as eu, uk or us-il.",
                "name it with --place.",
                key="--place",
            )
        )
    return at(place, on)


def _refuse(out: Path | None, fonts: tuple[Path, ...]) -> None:
    """Refuse, before anything is computed, what cannot be written: another form, or over a file that is there."""
    from misread.cli.support.papers import refuse_taken
    from misread.rights.paper.write import refuse_format

    if out is None:
        if fonts:
            raise click.UsageError("--font is for PDF: name a file with --out.")
        return
    refuse_format(out)
    refuse_taken(out)


def _give(paper: Paper, out: Path | None, fonts: tuple[Path, ...], as_json: bool, about: dict[str, Any]) -> None:
    """Write a paper, and print it, or the same as JSON."""
    import json

    from misread.cli.support.papers import lines
    from misread.cli.support.paragraphs import paragraphs
    from misread.errors import printable
    from misread.rights.paper.markdown import to_markdown
    from misread.rights.paper.write import write_paper

    if out is not None:
        write_paper(paper, out, fonts)
    if as_json:
        told = {"format": FORMAT, **about, "title": paper.title, "markdown": to_markdown(paper)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
    elif out is None:
        paragraphs(line for block in paper.titled for line in lines(block))
    else:
        click.echo(f"Paper: {printable(str(out))}")
