"""The headline claims tried, for the commands that show what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from misread.deployment import Deployment
    from misread.study.stress import Stress


def tried_claims(deployment: Deployment, effort: int, seed: int) -> Stress:
    """The claims tried, with a progress bar."""
    from misread.cli.support.progress import progress_bar
    from misread.study.stress import stressed

    with progress_bar("Trying claims") as step:
        return stressed(deployment, effort=effort, seed=seed, progress=step)
