"""`misread stress`: which claims hold whatever is unknown, and what the others hang on."""

from __future__ import annotations

import click

from misread.cli.support.options import deployment_options


@click.command()
@deployment_options
@click.option(
    "--effort", type=click.IntRange(1, 16), default=1, show_default=True, help="How many times as long to search."
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, help="Seed of the starts.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def stress(
    deployment: str, policies: tuple[str, ...], settings: tuple[str, ...], effort: int, seed: int, as_json: bool
) -> None:
    """Search for the setting kindest to the vendor, for each claim about alerts.

    All stated ranges, the rows of the profiles inside their 99 % intervals, the alternatives that the deployment
    names and the ways in which a rule may be meant are searched at once. A line a claim: it holds, or it breaks
    when so and so. The questions to ask the vendor follow. misread run --stress puts it into the report.
    """
    import sys

    from misread.cli.support.claims import tried_claims
    from misread.cli.support.terminal import terminal
    from misread.deployment import load
    from misread.errors import printable
    from misread.report.studies.stress import sentences
    from misread.study.stress import unsettled

    found = tried_claims(load(deployment, policies=policies, settings=settings), effort, seed)
    if as_json:
        click.echo(found.to_json(), nl=False)
    else:
        console = terminal()
        for i, sentence in enumerate(sentences(found)):
            console.print(
                printable(sentence.lstrip("\n")) if i else sentence, markup=False, style="bold" if i == 0 else None
            )
    for problem in unsettled(found):
        print(f"\n{problem}", file=sys.stderr)
