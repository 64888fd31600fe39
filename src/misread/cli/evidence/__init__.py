"""`misread evidence`: the published figures that the deployments rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from misread.cli.evidence.own import check
from misread.cli.evidence.pooled import pool

if TYPE_CHECKING:
    from misread.errors import MisreadError
    from misread.evidence import Entry


class WithCommands(click.Group):
    """A command that has commands of its own: these where the first word names one, itself otherwise."""

    # Options may follow the id.
    allow_interspersed_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave what follows the name of a command to that command."""
        own = bool(args) and args[0] in self.commands
        click.Command.parse_args(self, ctx, [] if own else args)
        ctx.args = args if own else []
        return ctx.args

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named, or this one."""
        if not ctx.args:
            return click.Command.invoke(self, ctx)
        name, command, rest = self.resolve_command(ctx, ctx.args)
        assert command is not None
        ctx.invoked_subcommand = name
        with command.make_context(name, rest, parent=ctx) as inner:
            return command.invoke(inner)


class OwnArgument(click.Argument):
    """An argument of such a command: the commands within it do not take it, so their usage does not show it."""

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands for it in a line of usage."""
        return super().get_usage_pieces(ctx) if self in ctx.command.params else []


@click.group(cls=WithCommands, invoke_without_command=True, subcommand_metavar="| COMMAND [ARGS]...")
@click.argument("id", cls=OwnArgument, required=False)
@click.option("--topic", help="Only this part of the catalogue, such as gaze.")
@click.option("--search", metavar="WORDS", help="Only entries that hold all of these words.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of entries as JSON.")
@click.option("--bibtex", is_flag=True, help="Print their sources as BibTeX.")
@click.option("--csl", is_flag=True, help="Print their sources as CSL-JSON.")
def evidence(id: str | None, topic: str | None, search: str | None, as_json: bool, bibtex: bool, csl: bool) -> None:
    """List the published figures, or show all about one: misread evidence M14.

    Each has a status: verified (the figure itself was seen in the source), computed (counted again from the
    source's data), secondary (seen quoted elsewhere), rendered (measured by this project on heads that it rendered
    itself), unverified (from memory), unsourced (no test behind it).
    """
    from misread.cli.evidence.tables import show_entry, show_list
    from misread.evidence import find, plain

    if as_json + bibtex + csl > 1:
        raise click.UsageError("Only one of --json, --bibtex and --csl can be printed.")
    found = [_one(id, topic, search)] if id is not None else find(*_chosen(topic), (search or "").split())
    if as_json:
        click.echo(_text([plain(entry) for entry in found]))
    elif bibtex or csl:
        _cite(found, bibtex=bibtex)
    elif id is not None:
        show_entry(found[0])
    else:
        show_list(found)


evidence.add_command(check)
evidence.add_command(pool)


def _cite(found: Sequence[Entry], *, bibtex: bool) -> None:
    from misread.errors import printable
    from misread.evidence import catalogue, cite

    records = cite.records(found, catalogue())
    click.echo(cite.bibtex(records) if bibtex else _text(cite.csl(records)), nl=not bibtex)
    for entry in cite.uncitable(found):
        click.echo(printable(f"Left out: {entry.id} has no source to cite ({entry.no_source})."), err=True)


def _text(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _one(id: str, topic: str | None, search: str | None) -> Entry:
    from misread.errors import MisreadError, Problem
    from misread.evidence import catalogue

    if topic is not None or search is not None:
        raise MisreadError(
            Problem(
                "An id names one entry already.",
                "an id alone, or --topic and --search without one.",
                "take the id out, or the options.",
                key="ID",
            )
        )
    known = catalogue()
    if id in evidence.commands:
        raise click.UsageError(f"{id} comes first, before its options.")
    id = id.upper() if id.upper() in known else id
    if id not in known:
        raise _unknown(id, [*known, *evidence.commands], "entry of the evidence catalogue", "ID", "an id such as M14.")
    return known[id]


def _chosen(topic: str | None) -> tuple[Mapping[str, Entry], str | None]:
    from misread.evidence import catalogue, topics

    known = catalogue()
    if topic is not None and topic not in (named := topics(known)):
        raise _unknown(topic, named, "topic of the evidence catalogue", "--topic", f"one of {', '.join(named)}.")
    return known, topic


def _unknown(word: str, known: Iterable[str], kind: str, key: str, expected: str) -> MisreadError:
    from misread.deployment.text.source import near
    from misread.errors import MisreadError, Problem

    meant = near(word, known) or near(word.upper(), known) or near(word.lower(), known)
    mend = f"did you mean `{meant}`?" if meant else "see `misread evidence` for the list."
    return MisreadError(Problem(f"`{word}` is no {kind}.", expected, mend, key=key))
