"""The report of one run, as one HTML file."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from misread.deployment.model import Deployment
from misread.findings.table import Findings
from misread.language import gettext as _
from misread.language import mark, ngettext
from misread.profile import Profile
from misread.report import further, words
from misread.report.page import school, seats, story
from misread.report.studies import micro, stress
from misread.report.words import headlines, sources
from misread.report.words.lookup import Figures, Keyed, clean, isolate, keys_of
from misread.report.words.sources import Library, Parameter
from misread.study.micro import examine

if TYPE_CHECKING:
    from misread.findings.definitions import Definition
    from misread.study.stress import Stress

FACES = (
    ("Misread Serif", 600, "serif-600"),
    ("Misread Text", 400, "text-400"),
    ("Misread Text", 700, "text-700"),
    ("Misread Mono", 400, "mono-400"),
)
"""Family, weight and file of the embedded fonts."""

THEMES = {
    mark("How often an alert is right"): (
        "flag_ppv",
        "flag_lift",
        "flag_state_share",
        "claimed_share",
        "lesson_prevalence",
    ),
    mark("How many flags"): (
        "flags_per_pupil_year",
        "false_flags_per_pupil_year",
        "flags_per_lesson",
        "false_flags_per_lesson",
    ),
    mark("What is caught and missed"): ("spells_missed", "lesson_sensitivity", "lesson_false_positive_rate"),
    mark("What a child comes to carry"): ("p_false_flag_by", "p_only_true_flags_by", "false_flags_end"),
    mark("What the file holds"): (
        "flags_on_file_end",
        "labels_archived",
        "p_mark",
        "decision",
        "file_variance",
        "map_rel",
    ),
    mark("Differences between groups"): ("disparity_false_flags", "difference_false_flags"),
    mark("What it asks of people"): ("alerts_per",),
    mark("What is written down"): ("observations", "label_share", "masking_end"),
}
"""Sections of the table of findings → beginnings of the ids they hold."""
REST = mark("Further findings")

Theme = tuple[str, tuple[tuple[str, str], ...], tuple[Any, ...]]
"""A section of the table: title, id and definition of what is in it, rows."""


def render(
    findings: Findings,
    deployment: Deployment,
    profiles: Mapping[str, Profile],
    *,
    command: str,
    definitions: Mapping[str, Definition],
    provenance: Sequence[Parameter] = (),
) -> str:
    """The report of one run as one self-contained HTML file.

    Parameters
    ----------
    findings : Findings
        Everything measured.
    deployment : Deployment
        What was measured, policies applied.
    profiles : mapping
        Profile name → P(label | expression).
    command : str
        The command that repeats the run.
    definitions : mapping
        Finding id → its definition.
    provenance : sequence of Parameter
        Every parameter of the deployment with the comment beside it.

    Returns
    -------
    str
        HTML: no script, nothing fetched, fonts embedded. The same input gives the same text.
    """
    context = told(findings, deployment, profiles, command=command, definitions=definitions, provenance=provenance)
    return page("report.html.j2", context)


def told(
    findings: Findings,
    deployment: Deployment,
    profiles: Mapping[str, Profile],
    *,
    command: str,
    definitions: Mapping[str, Definition],
    provenance: Sequence[Parameter] = (),
    stressed: Stress | None = None,
) -> dict[str, Any]:
    """All that the report says, ready for a page of any kind; parameters as for `render`.

    `stressed` is what became of the claims, where they were tried.
    """
    library, figures = Library.load(), Figures(findings)
    years, reader = deployment.population.school_years, deployment.classifier.reader
    stories = tuple(story.tell(r, figures, years, reader) for r in deployment.rules if _counted(r.name, figures))
    main = stories[0] if stories else None
    skipped = [r.name for r in deployment.rules if not _counted(r.name, figures)]
    rule = None if main is None else main.rule
    parts = sources.grounds(provenance, library)
    matrices = sources.matrices(profiles, library)
    beyond = further.tell(tuple(s.name for s in stories), figures, deployment, parts)
    title, cannot = headline(main, figures, deployment), limits((deployment,))
    library.look_up(" ".join(cannot))
    return {
        "version": findings.version,
        "page_title": str(title),
        "headline": title,
        "kicker": kicker(deployment, findings.title),
        "findings": findings,
        "deployment": deployment,
        "reader": story.named(reader),
        "main": main,
        "others": stories[1:],
        "skipped": skipped,
        "opening": ("", "") if main is None else story.opening(main, story.kept(deployment)),
        "first_year": "" if main is None else story.first_year(main),
        "kept": story.kept(deployment),
        "carriers": None if rule is None else school.carriers(rule.name, figures, by_trait=not beyond.levels),
        "labels": school.label_chart(figures),
        "file": None if rule is None else school.file_picture(rule.name, figures, deployment),
        "file_facts": school.file_facts(rule, figures),
        "fall_on": partial(school.fall_on, figures=figures),
        "marks": school.marks(figures, deployment),
        "workload": school.workload(figures, deployment),
        "seats": seats.tell(deployment, library),
        "further": beyond,
        "stress": None if stressed is None else stress.tell(stressed, library),
        "micro": micro.tell(examine(deployment), library) if _filmed(deployment) else None,
        "parts": parts,
        "matrices": matrices,
        "changed": sources.changed(provenance),
        "carried": lambda ids: sources.carried(ids, parts),
        "themes": themes(findings, definitions),
        "methods": tuple(dict.fromkeys(clean(f.method) for f in findings)),
        "limits": cannot,
        "runs": ((findings.title, findings),),
        "command": clean(command),
        "bibliography": library.bibliography(),
    }


def _filmed(deployment: Deployment) -> bool:
    """Whether there is a camera: the deployment says so of one, or names nobody else who reads the faces."""
    camera = deployment.camera
    described = (camera.frames_per_second, camera.exposure_ms, camera.geometry)
    return deployment.classifier.reader == words.CAMERAS or any(d is not None for d in described)


def _counted(rule: str, figures: Figures) -> bool:
    return figures.find("flag_ppv", rule) is not None


def page(template: str, context: Mapping[str, Any]) -> str:
    """A template filled in, with the fonts its text needs."""
    html = environment().get_template(template).render(**context)
    extended = bool(re.search("[\u0100-\u024f†‡]", re.sub("[\u0152\u0153]", "", html)))
    # The first mark is the style sheet's own: a title that says the same comes after it.
    return html.replace("/*fonts*/", font_faces(extended), 1)


def kicker(deployment: Deployment, title: str) -> str:
    """The line above the headline: what was measured."""
    people, look = deployment.population, deployment.camera.observe_every_seconds
    schools = ngettext("%(n)s school", "%(n)s schools", people.schools, n=f"{people.schools:,}")
    years = ngettext("%(n)s year", "%(n)s years", people.school_years)
    pace = _("a look %(often)s", often=words.every(look))
    return " · ".join(p for p in (_("misread report"), isolate(title), f"{schools}, {years}", pace) if p)


def headline(main: story.RuleStory | None, figures: Figures, deployment: Deployment) -> headlines.Headline:
    """The answer, whatever the deployment has."""
    if main is not None:
        return main.headline
    if deployment.rules:
        return headlines.emphasised(_("No rule of this deployment was <b>counted</b>."))
    return headlines.no_rules_headline(figures.value("labels_archived"), figures.value("observations"))


MODEL = (
    mark(
        "It models how faces are labelled by a published or stated confusion matrix, and is no model of any vendor’s "
        "product or of any person. Most published matrices come from adults, posed faces and good light."
    ),
    mark(
        "How often a bored or anxious child in class shows which expression has not been measured. That step, "
        "P(expression | state), is the deployment’s to state; “What this rests on” says what each figure of it rests "
        "on."
    ),
    mark(
        "States are discrete: a child is in one at a time. Real feelings mix, and people who look at the same child "
        "disagree."
    ),
)
"""What no run can tell, for what the model is."""
OPEN = mark(
    "Intervals cover what is uncertain in the matrix, and what the deployment states a range for. They do not cover "
    "the rest, nor the choice of this model."
)
DRAWN = mark(
    "Intervals cover what chance does in drawing pupils. They cover nothing that is uncertain in what they rest on."
)
"""What intervals leave out, where what is uncertain was drawn, and where pupils were."""
ALIKE = mark(
    "Within a group, all children are alike here. Real errors cling to persons (H03), so that wrong flags may fall on "
    "fewer children, and more heavily on those."
)
AFRESH = mark(
    "A face is read afresh at each look, given the state. Real expressions last, so that looks close together may "
    "repeat one another’s errors."
)
UNWATCHED = mark("Children behave as if nobody watched them. Whether they would is not counted here.")
"""What no run can tell of a deployment that has no traits, no lasting faces, no hiding."""
MEANING = (
    mark(
        "Right and wrong are judged by the states the rule itself claims to see. Whether a child who is bored should "
        "be reported is another question."
    ),
    mark("It says what to expect of many made-up children, and nothing about any one child."),
)
"""What no run can tell, for what is counted."""


def limits(deployments: Sequence[Deployment], *, drawn: bool = False) -> tuple[str, ...]:
    """What the run cannot tell, some of it because the deployments do not have it.

    Parameters
    ----------
    deployments : sequence of Deployment
        What was run.
    drawn : bool
        Whether intervals are those of drawing pupils.
    """
    found = [*MODEL, DRAWN if drawn else OPEN]
    if not all(d.traits for d in deployments):
        found.append(ALIKE)
    if any(d.face is None for d in deployments):
        found.append(AFRESH)
    if any(d.feedback is None for d in deployments):
        found.append(UNWATCHED)
    return tuple(map(_, (*found, *MEANING)))


def themes(rows: Sequence[Keyed], definitions: Mapping[str, Definition]) -> tuple[Theme, ...]:
    """Rows by theme: title, the definitions of the ids in it, its rows."""
    placed: dict[str, list[Keyed]] = {title: [] for title in (*THEMES, REST)}
    for f in rows:
        title = next((t for t, starts in THEMES.items() if f.id.startswith(starts)), REST)
        placed[title].append(f)
    return tuple(
        (_(title), tuple((id, _meaning(id, definitions)) for id in dict.fromkeys(f.id for f in rows)), tuple(rows))
        for title, rows in placed.items()
        if rows
    )


def _meaning(id: str, definitions: Mapping[str, Definition]) -> str:
    return definitions[id].meaning if id in definitions else _("No definition comes with this version.")


def further_keys(row: Keyed) -> str:
    """What else a row is about, in one cell."""
    return ", ".join(f"{k} {clean(v)}" for k, v in keys_of(row).items())


def broken(id: str) -> Markup:
    """An id or a key that may go on in the next line after each underscore or dot."""
    return Markup("<wbr>").join(re.findall("[^_.]*[_.]|[^_.]+", clean(id)))


@cache
def environment() -> Environment:
    """Jinja2 with everything escaped and nothing left undefined."""
    env = Environment(
        loader=PackageLoader("misread.report", "assets/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        clean=clean,
        bdi=lambda text: Markup("<bdi>{}</bdi>").format(clean(text)),
        id=broken,
        key=lambda text: Markup("<bdi>{}</bdi>").format(broken(text)),
        exact=words.exact,
        amount=words.amount,
        keys=further_keys,
        count_of=lambda n: f"{n:,}",
        lower_first=lambda text: text[:1].lower() + text[1:],
        upper_first=lambda text: text[:1].upper() + text[1:],
    )
    env.filters["svg"] = Markup
    env.globals.update(css=Markup(_text("templates/style.css") + _text("templates/further/further.css")))
    return env


def _text(name: str) -> str:
    return (files("misread.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def font_faces(extended: bool) -> str:
    """The @font-face rules, with the letters of further Latin alphabets where the page has some."""
    cuts = [(family, weight, name, "") for family, weight, name in FACES]
    if extended:
        cuts += [
            (family, weight, f"{name}-ext", "unicode-range:U+100-24F,U+1E9E,U+2020-2021;")
            for family, weight, name in FACES
        ]
    return "\n".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:normal;{ranges}'
        f"src:url(data:font/woff2;base64,{_base64(name)}) format('woff2')}}"
        for family, weight, name, ranges in cuts
    )


def _base64(name: str) -> str:
    return b64encode((files("misread.report") / "assets" / "fonts" / f"{name}.woff2").read_bytes()).decode("ascii")
