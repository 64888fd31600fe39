"""All files of an audit as text: for the command, for Python, for the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from misread.report.audit.page import render

if TYPE_CHECKING:
    from misread.audit.result import Audit
    from misread.audit.written.model import Written

AUDIT, REPORT, PROFILE, TABLE, CARD = "audit.json", "report.html", "profile.toml", "estimates.csv", "card.md"
PUBLICATION = "publication"
DEPLOYMENT = "as-described"
"""Whose words profile.toml speaks where nobody says."""


def files(
    audit: Audit,
    written: Written,
    *,
    command: str,
    deployment: str = DEPLOYMENT,
    for_publication: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> tuple[dict[str, str], str]:
    """All files of an audit but run.json.

    Parameters
    ----------
    audit : Audit
        Counts, and everything that can be said of them.
    written : Written
        What `misread.audit.written.build.write` made of it.
    command : str
        What repeats it.
    deployment : str
        Whose words profile.toml speaks: a file, or a shipped deployment.
    for_publication : bool
        Whether to make the tables for publication too.
    progress : callable, optional
        Told how many steps of how many are done.

    Returns
    -------
    files : dict of str to str
        Name → text, the report last; names may hold a folder. The same input gives the same text.
    asks : str
        What profile.toml still asks for; empty where it is complete.

    Raises
    ------
    MisreadError
        If the deployment is not valid, or weighted rows are to be published.
    """
    from misread.audit.written.told.card import card
    from misread.audit.written.told.estimates import to_csv
    from misread.deployment.profiles.policy import profile_toml

    told = progress or (lambda _done, _of: None)
    found = {
        AUDIT: written.text(),
        TABLE: to_csv(written.estimates, [column.name for column in written.columns]),
        CARD: card(written, command),
    }
    asks = ""
    if written.expressions:
        found[PROFILE], asks = profile_toml(written, deployment)
    told(1, 3)
    if for_publication:
        from misread.audit.written.publication.publish import publish

        found |= {f"{PUBLICATION}/{name}": text for name, text in publish(audit.table, written, command).items()}
    told(2, 3)
    within = tuple(difference for difference in written.disparities if difference.within)
    found[REPORT] = render(audit, command=command, asked=within, asks=asks)
    told(3, 3)
    return found, asks
