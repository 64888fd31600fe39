"""The stages of one look: camera, view, expression, comparison and label."""

from __future__ import annotations

import math

from misread.deployment.seats import views_of
from misread.language import gettext as _
from misread.language import ngettext
from misread.report.file.stages.stage import Stage, number, of_100
from misread.report.file.walk import Walk

SHOWN = 4
"""Labels of a row that are named; the rest is summed up."""


def camera_stage(walk: Walk) -> Stage:
    """What the camera does, how often, and when this is."""
    entry, truth = walk.look
    d = walk.deployment
    schools = ngettext(
        "%(schools)s school", "%(schools)s schools", d.population.schools, schools=f"{d.population.schools:,}"
    )
    system = _(
        "A camera looks at every face of class %(klass)s every %(often)s: %(lesson)s times a lesson, %(day)s times a "
        "day, in %(schools)s. This is %(time)s in lesson %(number)s of day %(today)s, school year %(year)s.",
        klass=walk.facts.klass,
        often=_often(d.camera.observe_every_seconds),
        lesson=walk.chain.looks,
        day=f"{walk.chain.looks * walk.chain.lessons:,}",
        schools=schools,
        time=f"{entry.at:%H:%M}",
        number=entry.lesson,
        today=entry.day,
        year=entry.year,
    )
    so = _("The child is %(state)s.", state=truth.state)
    if truth.situation:
        so = _("%(so)s The lesson is “%(situation)s”.", so=so, situation=truth.situation)
    return Stage(_("Camera"), ("A1", "A2", "A4"), system, so)


def _often(seconds: float) -> str:
    minutes = seconds / 60
    if minutes > 1 and minutes.is_integer():
        return _("%(n)s minutes", n=int(minutes))
    return _("%(n)s seconds", n=f"{seconds:g}")


def view_stage(walk: Walk) -> Stage:
    """How well the seat is seen, and who sits there."""
    title, points = _("Face and view"), ("A4",)
    weights = {t.name: t.sd for t in walk.deployment.traits}
    traits = "; ".join(f"{name} × {math.exp(weights[name] * u):.2g}" for name, _table, u in walk.facts.traits)
    so = _("The child is of the group “%(group)s”.", group=walk.facts.group)
    if traits:
        so = _("%(so)s What sets it apart for good: %(traits)s.", so=so, traits=traits)
    if not walk.facts.views:
        said = _("This deployment tells no seats apart: every face is seen alike, and well.")
        return Stage(title, points, said, so)
    view = {v.name: v for v in views_of(walk.deployment)}[walk.facts.views[walk.look[0].year - 1]]
    lost = (
        _("%(share)s looks find no usable face", share=of_100(view.lost)) if view.lost else _("every look finds a face")
    )
    if view.dilution:
        lost = _(
            "%(lost)s; the others are read %(n)s %% less well, so much nearer to how any face is read",
            lost=lost,
            n=number(view.dilution),
        )
    elif view.lost < 1:
        lost = _("%(lost)s; it is seen well", lost=lost)
    return Stage(title, points, _("The seat this year is “%(view)s”: %(lost)s.", view=view.name, lost=lost), so)


def expression_stage(walk: Walk) -> Stage:
    """What the face shows, and how often a child that feels so shows it."""
    _label_of, truth = walk.look
    face = walk.deployment.face
    shows, share = truth.expression, of_100(walk.shown())
    system = _("The face shows: %(expression)s.", expression=shows)
    if face:
        system = _("%(said)s An expression lasts %(n)s minutes on average.", said=system, n=f"{face.hold_minutes:g}")
    system = _("%(said)s Whether it is one of feeling, the camera does not see.", said=system)
    if walk.deployment.situations:
        often = _("it shows %(expression)s in %(share)s looks of such a lesson", expression=shows, share=share)
    else:
        often = _("it shows %(expression)s in %(share)s looks", expression=shows, share=share)
    if walk.deployment.feedback:
        often = _("%(often)s, unless it hides its face", often=often)
    so = _("The child is %(state)s. When it is, %(often)s.", state=truth.state, often=often)
    return Stage(_("Expression"), ("A3",), system, so)


def comparison_stage(walk: Walk) -> Stage:
    """The row of the profile that the face is held against."""
    entry, truth = walk.look
    profile, row = walk.row()
    best = sorted(row.items(), key=lambda pair: -pair[1])[:SHOWN]
    rest = 1 - sum(p for _label, p in best)
    words = ", ".join(f"{label} {number(p)}" for label, p in best if p > 0)
    if rest > 0.0005:
        words = _("%(words)s, anything else %(n)s", words=words, n=number(rest))
    # What was assumed on the way stands in the report, under each number.
    source = profile.source.split(";")[0].rstrip(".")
    system = _(
        "The face shows %(expression)s. It is compared with faces that the software was trained on. Of 100 such faces, "
        "so many are written down as: %(words)s. Here it is: %(word)s.",
        expression=truth.expression,
        words=words,
        word=entry.word,
    )
    so = _("These rates are profile “%(profile)s”: %(source)s.", profile=profile.name, source=source)
    return Stage(_("Comparison"), ("A5",), system, so)


def label_stage(walk: Walk) -> Stage:
    """The word that is kept, with its time."""
    entry, truth = walk.look
    system = _(
        "%(time)s, lesson %(lesson)s: %(word)s. That is kept. Whether the picture is kept too, the press "
        "report does not say.",
        time=f"{entry.at:%Y-%m-%d %H:%M:%S}",
        lesson=entry.lesson,
        word=entry.word,
    )
    so = _("At that time: %(state)s. The label is a word for a face.", state=truth.state)
    return Stage(_("Label and time"), ("A6",), system, so)
