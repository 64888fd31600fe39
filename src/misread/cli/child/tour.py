"""`misread tour`: one made-up child through all stages, each with the truth beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from misread.cli.child.pupil import all_kept, seed_option, watched, within

if TYPE_CHECKING:
    from misread.deployment.model import Deployment
    from misread.engine.sampled.replay import Facts
    from misread.report.file import ChildFile
    from misread.report.file.stages import Stage

DEFAULT = "as-described-full"
PAGE = "docs/from-the-article.md"


@click.command()
@click.argument("deployment", default=DEFAULT)
@click.option("--with", "policies", multiple=True, metavar="FILE", help="A policy: only the keys it changes.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A single key.")
@click.option("--school", type=int, default=1, show_default=True, help="Which school, counted from 1.")
@click.option("--pupil", type=int, default=1, show_default=True, help="Which pupil of the school, counted from 1.")
@seed_option
@click.option("--json", "as_json", is_flag=True, help="Print the stages as JSON.")
def tour(
    deployment: str,
    policies: tuple[str, ...],
    settings: tuple[str, ...],
    school: int,
    pupil: int,
    seed: int,
    as_json: bool,
) -> None:
    """Walk with one made-up child through the whole system, from the camera to a decision years later.

    Told about the first flag that the child ever gets, with what is true beside what the system has. Nothing is
    recorded: another seed, school, pupil or deployment is another child.
    """
    from misread.deployment import load
    from misread.report.file import child_file
    from misread.report.file.stages import stages
    from misread.report.file.walk import Walk

    loaded = load(deployment, policies=policies, settings=settings)
    within("--school", school, loaded.population.schools, "schools")
    within("--pupil", pupil, loaded.population.pupils_per_school, "pupils in each school")
    seen = watched(loaded, seed)
    if loaded.decisions:
        seen.replay.ahead(school)
    facts = seen.replay.facts(school, pupil)
    found: tuple[Stage, ...] = ()
    with all_kept():
        file = child_file(loaded, seen.replay, school, pupil, seed)
    if facts.watched:
        found = stages(Walk(loaded, seen.chain, seen.profiles, facts, file))
    if as_json:
        click.echo(json.dumps(_as_json(loaded, facts, seed, found), ensure_ascii=False, indent=1))
    else:
        _show(loaded, file, facts, found)


def _as_json(deployment: Deployment, facts: Facts, seed: int, found: tuple[Stage, ...]) -> dict[str, Any]:
    from misread.report.file.stages import stages_json
    from misread.report.file.truth import facts_json

    return {
        "format": "misread-tour/1",
        "deployment": {"title": deployment.title},
        "seed": seed,
        "pupil": facts_json(facts),
        "stages": stages_json(found),
    }


def _show(deployment: Deployment, file: ChildFile, facts: Facts, found: tuple[Stage, ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    from misread.cli.support.terminal import WIDEST, terminal
    from misread.errors import printable

    console = terminal()
    width = min(console.width, WIDEST)
    title = f"{file.name[0].upper()}{file.name[1:]}, {deployment.title or file.deployment}, seed {file.seed}"
    console.print(Text(printable(f"{title}: made up"), style="bold"), width=width)
    if not facts.watched:
        console.print("This pupil has opted out: no look, no label, no flag, and so no way through the system.")
        return
    console.print("On the left what the system does and has, on the right what is so.", width=width)
    for i, stage in enumerate(found, 1):
        console.print(Text(f"\n{i}. {stage.title}  ({', '.join(stage.points)})", style="bold"))
        beside = Table.grid(padding=(0, 3, 0, 0), expand=True)
        beside.add_column(ratio=3)
        beside.add_column(ratio=2)
        beside.add_row(Text(printable(stage.system)), Text(printable(stage.truth), style="cyan"))
        console.print(beside, width=width)
    console.print(f"\nThe points in brackets are those of {PAGE}.", width=width)
    console.print("Another --seed, --school, --pupil or deployment is another child.", width=width)
