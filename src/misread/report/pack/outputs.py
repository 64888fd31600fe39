"""The files of one run that the same deployment, draws and seed always give with the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from misread.deployment import resolve_profiles, to_toml
from misread.deployment.origin import Path
from misread.findings.definitions import DEFINITIONS
from misread.report.pack.own import carried, reread
from misread.report.page.html import page, told
from misread.report.words.sources import parameters
from misread.study.engines.both import Way
from misread.study.exact.run import Measured
from misread.study.stress import Stress

DEPLOYMENT, FINDINGS, TABLE = "deployment.toml", "findings.json", "findings.csv"
REPORT, PDF, RUN, STRESS = "report.html", "report.pdf", "run.json", "stress.json"


def outputs(
    measured: Measured,
    *,
    command: str,
    pdf: bool = False,
    stressed: Stress | None = None,
    changed: Mapping[Path, str] | None = None,
) -> dict[str, bytes]:
    """All files of a run but run.json.

    Parameters
    ----------
    measured : Measured
        What was measured.
    command : str
        What the report calls the command that repeats the run.
    pdf : bool
        Whether to make the report as PDF too.
    stressed : Stress, optional
        What became of the claims about it, for a section of the report and a file of its own.
    changed : mapping of Path to str, optional
        Keys that a policy or a setting gave → its file or option; by default, as the deployment knows it.

    Returns
    -------
    dict of str to bytes
        Name → content. Evidence of the author's own lies in a folder of its own, and deployment.toml names it
        there, so that the folder can be moved. The report is made of deployment.toml as written here: whoever
        has the folder can make it again.

    Raises
    ------
    MisreadError
        If the PDF cannot be made.
    """
    deployment, own = carried(measured.deployment)
    text = to_toml(deployment)
    keys = measured.deployment.origin.changed if changed is None else changed
    with reread(text, own, keys, DEPLOYMENT) as again:
        context = told(
            measured.findings,
            again,
            resolve_profiles(again),
            command=command,
            definitions=DEFINITIONS,
            provenance=parameters(again),
            stressed=stressed,
        )
        found = {
            FINDINGS: measured.findings.to_json(),
            TABLE: measured.findings.to_csv(),
            REPORT: page("report.html.j2", context),
            DEPLOYMENT: text,
        }
        if stressed is not None:
            found[STRESS] = stressed.to_json()
        made = {name: content.encode() for name, content in found.items()}
        if pdf:
            from misread.report.pdf import render_pdf

            made[PDF] = render_pdf(context)
    return {**made, **own}


def run_facts(measured: Measured, way: Way, made: Mapping[str, bytes]) -> dict[str, Any]:
    """What run.json holds beside the clock: what it takes to run it again, and what the files were.

    Parameters
    ----------
    measured : Measured
        What was measured.
    way : Way
        How.
    made : mapping of str to bytes
        The files of the run.
    """
    from misread.report.pack.versions import packages

    changed = measured.deployment.origin.changed
    return {
        "engine": way.engine,
        "step": way.step,
        "schools": way.schools,
        "draws": measured.draws,
        "seed": measured.findings.seed,
        "sha256": measured.findings.sha256,
        "changed": [{"key": list(path), "by": by} for path, by in changed.items()],
        "files": {name: sha256(content).hexdigest() for name, content in made.items()},
        "packages": packages(("pdf",) if PDF in made else ()),
    }
