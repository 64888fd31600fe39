"""`misread rule`: a rule as the automaton the engines run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from misread.engine.chain.rules import Automaton


@dataclass(frozen=True, slots=True)
class Row:
    """One state: what it remembers, and where a look without and with a hit leads."""

    state: int
    hits: int
    memory: str
    miss: int
    hit: int
    miss_flags: bool
    hit_flags: bool


@click.command()
@click.argument("flag")
@click.option(
    "--after",
    type=click.Choice(["clear", "mute lesson", "keep"]),
    default="clear",
    show_default=True,
    help="What a flag does to the window.",
)
@click.option(
    "--looks",
    type=click.IntRange(1, 10_000),
    default=8,
    show_default=True,
    help="Looks in a lesson, for share rules.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.option("--dot", is_flag=True, help="Print the diagram in Graphviz's language.")
def rule(flag: str, after: str, looks: int, as_json: bool, dot: bool) -> None:
    """Show a rule, such as "3 of last 6", as the smallest automaton that flags as it does.

    Each look is a hit (the label is one of the rule's) or not. The automaton is in one state at a time, S0
    when a lesson starts.
    """
    machine = _machine(flag, after, looks)
    rows = _rows(machine)
    if as_json:
        click.echo(json.dumps(_as_json(flag, after, looks, machine.at_end, rows), ensure_ascii=False, indent=1))
    elif dot:
        click.echo(_dot(flag, machine.at_end, rows))
    else:
        _show(flag, after, looks, machine.at_end, rows)


def _machine(flag: str, after: str, looks: int) -> Automaton:
    from misread.deployment.model.flags import KOfLast, ShareOver, TopOfClass, parse_flag
    from misread.engine.chain.rules import MOST_STATES, expected_size, k_of_last, share_over
    from misread.errors import MisreadError, Problem

    try:
        parsed = parse_flag(flag)
    except ValueError as error:
        raise MisreadError(
            Problem(
                f"{error}.",
                expected='such as "3 of last 6", "run of 4" or "share over 0.3".',
                mend="write the rule in one of these ways, in quotes.",
                key="FLAG",
            )
        ) from error
    if isinstance(parsed, TopOfClass):
        raise MisreadError(
            Problem(
                f"{flag!r} ranks the pupils of a class against each other, so it is no automaton of one pupil's looks.",
                mend='show a rule on one pupil\'s looks, such as "3 of last 6".',
            )
        )
    if isinstance(parsed, ShareOver):
        return share_over(int(parsed.share * looks))
    assert isinstance(parsed, KOfLast)
    if not 1 <= parsed.k <= parsed.n <= 64:
        raise MisreadError(
            Problem(
                f"{flag!r} cannot be: a window holds at least as many looks as hits, and at most 64.",
                expected="k of last n with 1 ≤ k ≤ n ≤ 64.",
                mend="change one of the two numbers.",
            )
        )
    if (size := expected_size(parsed.k, parsed.n, after, "at_flag")) > MOST_STATES:
        raise MisreadError(
            Problem(
                f"{flag!r} must remember up to {size:,} different windows; at most {MOST_STATES:,} are built.",
                mend="shorten the window, or ask for fewer hits.",
            )
        )
    return k_of_last(parsed.k, parsed.n, after, "at_flag")


def _rows(machine: Automaton) -> list[Row]:
    """The states reached without any claimed look: what is claimed decides truth, never whether a flag fires."""
    number, queue, found = {0: 0}, [0], []
    for state in queue:
        for following in machine.next[state, :, 0].tolist():
            if following not in number:
                number[following] = len(queue)
                queue.append(following)
    for state in queue:
        miss, hit = machine.next[state, :, 0].tolist()
        flags = (machine.event[state, :, 0] > 0).tolist()
        memory = machine.memory[state]
        found.append(Row(number[state], _hits(memory), _words(memory, machine), number[miss], number[hit], *flags))
    return found


def _hits(memory: tuple[Any, ...]) -> int:
    return memory[0] if isinstance(memory[0], int) else 0 if memory == ("muted",) else len(memory[0])


def _words(memory: tuple[Any, ...], machine: Automaton) -> str:
    if memory == ("muted",):
        return "muted until the lesson ends"
    if machine.at_end:
        return f"{memory[0]} hit{'s' if memory[0] != 1 else ''} so far"
    width = 1 + max((max(m[0], default=0) for m in machine.memory if m != ("muted",)), default=0)
    return "".join("●" if age in memory[0] else "·" for age in reversed(range(width)))


def _as_json(flag: str, after: str, looks: int, at_end: bool, rows: list[Row]) -> dict[str, Any]:
    return {
        "format": "misread-rule/1",
        "flag": flag,
        **({"looks": looks} if at_end else {"after_flag": after}),
        "judged": "at the lesson's last look" if at_end else "at every look",
        "states": [
            {
                "state": r.state,
                "remembers": r.memory,
                "on_miss": {"to": r.miss, "flag": r.miss_flags},
                "on_hit": {"to": r.hit, "flag": r.hit_flags},
            }
            for r in rows
        ],
    }


def _dot(flag: str, at_end: bool, rows: list[Row]) -> str:
    name = flag.replace('"', "'")
    lines = [f'digraph "{name}" {{', "  rankdir=LR; node [shape=box, style=rounded];"]
    lines += [f'  S{r.state} [label="S{r.state}\\n{r.memory}"];' for r in rows]
    mark = " ⚑ at the last look" if at_end else " ⚑"
    for r in rows:
        lines.append(f'  S{r.state} -> S{r.miss} [label="no{mark if r.miss_flags else ""}", style=dashed];')
        lines.append(f'  S{r.state} -> S{r.hit} [label="hit{mark if r.hit_flags else ""}"];')
    return "\n".join([*lines, "}"])


def _show(flag: str, after: str, looks: int, at_end: bool, rows: list[Row]) -> None:
    from rich.table import Table
    from rich.text import Text

    from misread.cli.support.terminal import terminal

    console = terminal()
    judged = f"judged at the last of {looks:,} looks" if at_end else f"after a flag: {after}"
    console.print(Text(f"{flag}: {len(rows)} state{'s' if len(rows) != 1 else ''}, {judged}", style="bold"))
    console.print("● a hit still in the window, newest look on the right   ⚑ the look that flags\n")
    table = Table("state", "remembers", "no hit", "hit", box=None, pad_edge=False, header_style="bold")

    def target(state: int, flags: bool) -> str:
        return f"S{state}{' ⚑' if flags else ''}"

    for r in rows[:200]:
        table.add_row(f"S{r.state}", r.memory, target(r.miss, r.miss_flags), target(r.hit, r.hit_flags))
    console.print(table)
    if len(rows) > 200:
        console.print(f"… and {len(rows) - 200:,} more; --json has them all.")
        return
    lines = _diagram(rows)
    if (width := max(map(len, lines))) > console.width:
        console.print(f"\nThe picture needs {width} columns; this terminal has {console.width}. --dot draws it too.")
        return
    console.print("\nThe same as a picture: hits remembered grow from left to right.")
    for line in lines:
        console.print(Text(line))


def _diagram(rows: list[Row]) -> list[str]:
    """Each number of hits remembered as a column; the arrows of each state under its name."""
    columns = [[r for r in rows if r.hits == h] for h in range(max(r.hits for r in rows) + 1)]
    columns = [c for c in columns if c]
    cells = [[_box(r) for r in column] for column in columns]
    height = max(map(len, cells))
    width = [max(len(line) for box in column for line in box) for column in cells]
    lines = []
    for i in range(height):
        for part in range(3):
            line = "   ".join(
                (column[i][part] if i < len(column) else "").ljust(w) for column, w in zip(cells, width, strict=True)
            )
            lines.append(line.rstrip())
    return lines


def _box(r: Row) -> list[str]:
    hit = f"hit ─▶ {'⚑ ' if r.hit_flags else ''}S{r.hit}"
    miss = f"no  ┄▶ {'⚑ ' if r.miss_flags else ''}S{r.miss}"
    return [f"┌ S{r.state} {r.memory}", f"│ {hit}", f"└ {miss}"]
