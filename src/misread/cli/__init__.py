"""The command line: one module a command, loaded only when it is called."""

from __future__ import annotations

import difflib
import gc
import importlib
import os
import sys
from typing import NamedTuple

import click

from misread.errors import MisreadError, Problem, printable
from misread.version import __version__


class Listed(NamedTuple):
    """A command that is not imported yet: the module that has a function of its name, and one line of help."""

    module: str
    help: str


COMMANDS = {
    "run": Listed("misread.cli.measuring.run", "Count what a deployment gets wrong, and write the report."),
    "check": Listed("misread.cli.files.check", "Say what is wrong, or doubtful, in a deployment file."),
    "compare": Listed("misread.cli.measuring.compare", "Run several deployments or policies side by side."),
    "stress": Listed("misread.cli.asking.stress", "Try the claims at the setting kindest to the vendor."),
    "sensitivity": Listed("misread.cli.asking.sensitivity", "Which inputs a finding hangs on."),
    "file": Listed("misread.cli.child.file", "A made-up pupil's whole file, as the system would hold it."),
    "trace": Listed("misread.cli.child.trace", "One made-up pupil's day, look by look."),
    "tour": Listed("misread.cli.child.tour", "One made-up pupil through all stages, the truth beside each."),
    "serve": Listed("misread.cli.web.serve", "Show everything in a browser, on this machine."),
    "rule": Listed("misread.cli.files.rule", "Show when a rule flags, as an automaton: table and diagram."),
    "micro": Listed("misread.cli.asking.micro", "What the cameras can see at all of micro-expressions."),
    "audit": Listed("misread.cli.audit.audit", "What a model's answers on labelled faces get wrong, and for whom."),
    "claim": Listed("misread.cli.audit.claim", "What a vendor's sentence would mean, and what to ask."),
    "pack": Listed("misread.cli.measuring.pack", "Put a run into one file, for somebody who checks."),
    "verify": Listed("misread.cli.measuring.verify", "Run a pack again, or both engines, and compare."),
    "deployments": Listed("misread.cli.files.deployments", "List the shipped deployments, or print one to start from."),
    "evidence": Listed("misread.cli.evidence", "The published figures that the deployments rest on."),
    "closed": Listed("misread.cli.closed", "The closed classroom: real readers, on rendered faces of nobody."),
    "rights": Listed("misread.cli.rights", "What applies where you are: law as dated data, deadlines."),
    "schema": Listed("misread.cli.files.schema", "The JSON Schema of the deployment file, for editors."),
}
"""All commands, in the order of the help."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called or its help is asked for.

    The idiom of click's documentation, "Lazily Loading Subcommands"; keeps `misread --help` fast.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All commands, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[cmd_name].module), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed; a near miss is named."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            meant = difflib.get_close_matches(args[0], COMMANDS, n=1)
            raise MisreadError(
                Problem(
                    f"There is no command {args[0]!r}.",
                    expected=f"one of {', '.join(COMMANDS)}.",
                    mend=f"did you mean `misread {meant[0]}`?" if meant else "see `misread --help`.",
                    file="misread",
                )
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, from their one-line help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.help) for name, listed in COMMANDS.items()])


def _usage_error(error: click.ClickException) -> str:
    """What is wrong with what was typed, where, and how to mend it.

    Not click's own text: it echoes what the user typed, which may hold control characters.
    """
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    where = ctx.command_path if ctx else "misread"
    lines = [where, f"  {printable(error.format_message())}"]
    lines += [f"  Expected: {ctx.get_usage().removeprefix('Usage: ')}"] if ctx else []
    lines += [f"  Mend: see `{where} --help`."]
    return "\n".join(lines)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="misread %(version)s")
def cli() -> None:
    """What emotion-reading cameras in schools get wrong: about whom, how often, and over the years.

    Everything is computed on made-up pupils whose true states are known. No camera, no picture, no child.
    """


def main() -> None:
    """Run the command line: exit code 2 for a user's mistake, 130 when interrupted, 1 for a bug."""
    try:
        done = cli.main(standalone_mode=False)
        # All that was loaded goes with the process: to look through it for cycles first would take 0.3 s.
        gc.freeze()
        sys.exit(done)
    except MisreadError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        print(_usage_error(error), file=sys.stderr)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt) as error:
        # click puts its own in the place of Python's, which says how to go on where there is something to go on from.
        said = str(error.__cause__ if isinstance(error, click.Abort) else error)
        print(
            said or "Interrupted. Nothing was left half written; run the same command again.",
            file=sys.stderr,
            flush=True,
        )
        # Threads that draw would be waited for; what they draw is not written any more.
        os._exit(130)
    except RuntimeError as error:
        if type(error).__name__ != "RangesError":
            raise
        print(error, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has gone (`misread run … | head`): no message, and none at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
