"""The pictures of the stages as one sheet each, to be taken away: on the page they stand as lists and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from misread.language import gettext as _
from misread.web.draw.sheet import WIDTH, block, inset, sheet, table, tag, words

Told = Mapping[str, Any]
"""What the template of a stage's picture is given."""


def taken(stage: str, told: Told, *, as_table: bool = False) -> Markup | None:
    """A stage's picture by itself; None where it has none that is not on the page already.

    Parameters
    ----------
    stage : str
        Its id.
    told : mapping
        As `misread.web.pages.stages.pictures.picture` gives it.
    as_table : bool
        Whether its words and numbers are wanted, in place of the picture.
    """
    drawn = (_TABLES if as_table else _DRAWN).get(stage)
    return drawn(told) if drawn else None


def _view(p: Told) -> Markup:
    facts = (
        (_("Seat"), _("row %(row)s, seat %(column)s", row=p["row"], column=p["column"])),
        (_("From eye to eye"), _("%(n)s pixels", n=p["eyes"])),
        (_("Face turned from the camera by"), f"{p['angle']}°"),
        (_("Hidden by a head"), _("%(n)s of 100", n=p["hidden"])),
    )
    parts = [_pixels(p["address"])]
    for i, (name, value) in enumerate(facts):
        parts += [words(270, 30 + 56 * i, name, kind="quiet"), words(270, 51 + 56 * i, value, size=18)]
    parts.append(inset(p["dots"], 0, 262, 480, 120))
    return sheet(_("Of 100 looks at such a seat, %(n)s find a face: full dots.", n=p["found"]), 384, parts)


def _pixels(address: str | None) -> str:
    if address is None:
        none = words(120, 125, _("No face is in the picture."), anchor="middle")
        return f'<rect class="none" width="240" height="240"/>{none}'
    return (
        f'<image href="{address}" width="240" height="240" image-rendering="optimizeSpeed"/>'
        '<rect class="frame" width="240" height="240"/>'
    )


def _expression(p: Told) -> Markup:
    parts = []
    for x, face, word, said in (
        (180, p["feels"], p["state"], _("what is true")),
        (540, p["shows"], p["expression"], _("what the face shows")),
    ):
        parts += [
            inset(face, x - 130, 0, 260, 273),
            words(x, 300, word, size=20, bold=True, anchor="middle"),
            words(x, 322, said, kind="quiet", anchor="middle"),
        ]
    return sheet(
        _("The child is %(state)s. The face shows: %(expression)s.", state=p["state"], expression=p["expression"]),
        332, parts,
    )  # fmt: skip


def _comparison(p: Told) -> Markup:
    rows = [
        (
            row["face"],
            row["label"] + (f" ({_('here')})" if row["chosen"] else ""),
            row["bar"],
            row["of_100"],
            row["chosen"],
        )
        for row in p["rows"]
    ]
    said = _("Of 100 faces that show “%(e)s”, so many are written down as", e=p["expression"])
    return sheet(said, 34 * len(rows), [_bar_row(i, *row) for i, row in enumerate(rows)])


def _bar_row(i: int, face: str, name: str, bar: str, number: str, bold: bool) -> str:
    y = 34 * i
    return (
        (inset(face, 0, y, 31, 33) if face else "")
        + words(44, y + 22, name, bold=bold)
        + inset(bar, 220, y + 6, 420, 22)
        + words(WIDTH - 10, y + 22, number, bold=bold, anchor="end")
    )


def _rule(p: Told) -> Markup | None:
    if not p["looks"]:
        return None
    across, parts = min(6, len(p["looks"])), []
    for i, look in enumerate(p["looks"]):
        x, y = WIDTH / across * (i % across + 0.5), 200 * (i // across)
        judged = ("right" if look["so"] else "wrong") if look["hit"] else "quiet"
        parts += [
            words(x, y + 16, look["state"], anchor="middle"),
            inset(look["face"], x - 48, y + 24, 96, 101),
            tag(x, y + 148, look["word"], judged),
            words(
                x, y + 178, _counted(look, p["needs"]), kind="" if look["hit"] else "quiet", anchor="middle", size=14
            ),
        ]
    said = _(
        "What “%(rule)s” read: above each face what is true, below it what is written down. Hatched: it counts, and "
        "the child was in no state that the rule looks for.",
        rule=p["rule"],
    )
    return sheet(said, 200 * -(-len(p["looks"]) // across) - 10, parts)


def _counted(look: Told, needs: int | None) -> str:
    if not look["hit"] or needs is None:
        return str(look["at"])
    return f"{look['at']}, {_('%(n)s of %(needs)s', n=look['filled'], needs=needs)}"


def _flag(p: Told) -> Markup | None:
    if not p["message"]:
        return None
    parts, y = [], 66.0
    parts.append(words(24, 34, f"{p['date']} · {p['at']}", kind="quiet"))
    drawn, y = block(24, y, _("To %(told)s", told=p["told"]), 440, bold=True, size=17)
    parts.append(drawn)
    drawn, y = block(24, y + 6, p["message"], 440, size=17)
    tall = max(260.0, y + 10)
    parts += [drawn, f'<rect class="frame" width="490" height="{tall:g}" rx="18"/>']
    parts += [
        inset(p["face"], 525, 0, 180, 189),
        words(615, 214, p["state"], size=18, bold=True, anchor="middle"),
        tag(615, 246, _("right") if p["right"] else _("wrong"), "right" if p["right"] else "wrong"),
    ]
    return sheet(_("What the phone shows, and the child at that moment."), tall, parts)


def _file(p: Told) -> Markup:
    parts = [
        words(620, 16, _("wrong"), anchor="end", kind="of-wrong", bold=True),
        words(WIDTH - 10, 16, _("right"), anchor="end", kind="of-right", bold=True),
    ]
    for i, year in enumerate(p["years"]):
        y = 24 + 52 * i
        parts += [
            words(0, y + 29, _("year %(n)s", n=year["year"])),
            inset(year["svg"], 100, y, 440, 48),
            words(620, y + 29, str(year["wrong"]), anchor="end", kind="of-wrong"),
            words(WIDTH - 10, y + 29, str(year["right"]), anchor="end", kind="of-right"),
        ]
    said = _("Every stroke is a school day with a flag. Up, barbed: wrong. Down: right. The longer, the more that day.")
    return sheet(said, 24 + 52 * len(p["years"]), parts)


def _map(p: Told) -> Markup | None:
    if not p["rows"]:
        return None
    parts = []
    for i, row in enumerate(p["rows"]):
        y = 58 * i
        parts.append(words(0, y + 36, row["name"], bold=True))
        for j, (name, bar, number) in enumerate(
            ((_("flagged"), row["flags_bar"], row["flags"]), (_("so"), row["so_bar"], row["so"]))
        ):
            parts += [
                words(200, y + 24 + 24 * j, name, size=14),
                inset(bar, 260, y + 10 + 24 * j, 390, 18),
                words(WIDTH - 10, y + 24 + 24 * j, number, anchor="end", size=14),
            ]
    said = _(
        "Of 100 lessons of each kind: how many have a flag of “%(rule)s”, and in how many what it claims was so at "
        "some look",
        rule=p["rule"],
    )
    return sheet(said, 58 * len(p["rows"]), parts)


def _decision(p: Told) -> Markup | None:
    if not p["rows"]:
        return None
    parts = []
    for i, row in enumerate(p["rows"]):
        y = 150 * i
        after = _("after school year %(n)s", n=row["year"])
        parts.append(words(0, y + 18, f"{row['name']}, {after}", bold=True))
        for x, face, said, fate in (
            (0, row["file_face"], _("on the file"), row["file"]),
            (360, row["perfect_face"], _("had every flag been right"), row["perfect"]),
        ):
            asked, below = block(x + 104, y + 60, said, 240)
            parts += [inset(face, x, y + 32, 90, 90), asked, block(x + 104, below, fate, 240, bold=True)[0]]
    said = _(
        "What was decided on the file, and what it would have been had every flag been right. A ring: chosen. A dashed "
        "ring: tied, so that lots are drawn. No ring: not chosen."
    )
    return sheet(said, 150 * len(p["rows"]) - 20, parts)


_DRAWN: Mapping[str, Callable[[Told], Markup | None]] = {
    "view": _view,
    "expression": _expression,
    "comparison": _comparison,
    "rule": _rule,
    "flag": _flag,
    "file": _file,
    "map": _map,
    "decision": _decision,
}
_TABLES: Mapping[str, Callable[[Told], Markup | None]] = {
    "comparison": lambda p: table(
        (_("written down"), _("of 100 faces that show “%(e)s”", e=p["expression"])),
        [(row["label"], row["of_100"]) for row in p["rows"]],
    ),
    "file": lambda p: table(
        (_("school year"), _("wrong flags"), _("right flags")),
        [(year["year"], year["wrong"], year["right"]) for year in p["years"]],
    ),
    "map": lambda p: table(
        (_("kind of lesson"), _("of 100 lessons, flagged"), _("of 100 lessons, so at some look")),
        [(row["name"], row["flags"], row["so"]) for row in p["rows"]],
    ),
    "decision": lambda p: table(
        (_("decision"), _("after school year"), _("on the file"), _("had every flag been right")),
        [(row["name"], row["year"], row["file"], row["perfect"]) for row in p["rows"]],
    ),
}
