"""profile.toml: what an audit measured, as a policy that any run lays on a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from misread.errors import printable

if TYPE_CHECKING:
    from misread.audit.written.model import Written

HEAD = """\
# What an audit measured, in the words of `{name}`. Lay it on:
#   misread run {name} --with profile.toml
# It reads audit.json, which lies beside it. Every run draws what so few faces leave open.
#
# Measured: how often a face that shows something is answered with each word, and how far persons differ in being read
# so. Assumption: that faces in class are read as the audited ones were, and that an expression of the deployment is
# read like the audited faces that stand for it here.
"""
ASKS = "#\n# Not complete, for `{name}`: {what}\n"
LABELS = '#   each a label, in `labels` below, such as {word} = "…"; or left out, by a line: drop = {drop}\n'
ROWS = '#   each a row, in `expressions` below, such as {word} = "…"\n'


def profile_toml(written: Written, deployment: str) -> tuple[str, str]:
    """The policy, and what it still asks for.

    Parameters
    ----------
    written : Written
        The audit.
    deployment : str
        Whose words it speaks: a file, or a shipped deployment.

    Returns
    -------
    text : str
        TOML.
    asks : str
        What words of the audit the deployment does not know, and what to type; empty where it knows all.

    Raises
    ------
    MisreadError
        If the deployment is not valid.
    """
    from misread.deployment import load
    from misread.deployment.origin import spell, value_text
    from misread.deployment.profiles.laid import laid, missing, shortly, unmapped
    from misread.deployment.text.write import policy_to_toml

    base = load(deployment)
    found = laid(base, "audit:audit.json", written)
    profiles = found.document.data["classifier"]["confusion"]
    unknown = [(name, *unmapped(found, profiles[name], needed)) for name, needed in found.needed.items()]
    unknown = [(name, columns, rows) for name, columns, rows in unknown if columns or rows]
    problems = list(missing(found, found.document.data))
    head = HEAD.format(name=deployment)
    for problem, (name, _columns, _rows) in zip(problems, unknown, strict=True):
        head += ASKS.format(name=printable(spell((name,))), what=printable(problem.what))
    for name, columns, rows in unknown[:1]:
        drop = value_text([*profiles[name].get("drop", ()), *columns])
        head += LABELS.format(word=spell((columns[0],)), drop=printable(drop)) if columns else ""
        head += ROWS.format(word=spell((rows[0],))) if rows else ""
    asks = [
        f"{problem.what.removesuffix('.')}: {shortly(name, profiles[name], columns, rows)}."
        for problem, (name, columns, rows) in zip(problems, unknown, strict=True)
    ]
    return f"{head}\n{policy_to_toml(found.document)}", " ".join(asks)
