"""Remake docs/world and the figures of docs/held-against-the-world.md.

    .venv/bin/python tools/make_world.py

Text of the page is written by hand; what stands between its markers, the picture and the deployments are written here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from scipy.stats import beta
from world_plot import plot

from misread.evidence import Figure
from misread.files import write_whole
from world import ANNUAL, FITS, ROUNDS, WOMEN, Fit, beta_ever, beta_fit, ever, followed, published

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "held-against-the-world.md"
FOLDER = ROOT / "docs" / "world"
PICTURE = FOLDER / "false-alarms.svg"
OTHERS = (100, 1_000, WOMEN, 10_000, 100_000)
"""In how many women the one of lowest risk may be."""

LOWEST, HIGHEST = "after nine, women of lowest risk", "after nine, women of highest risk"
FIRST_LOWEST, FIRST_HIGHEST = "at the first, women of lowest risk", "at the first, women of highest risk"
AFTER_NINE = "women with one after nine"
YEARLY, SECOND = "every year", "every second year"


@cache
def fits() -> Mapping[str, Fit]:
    """Every fit by its name."""
    return {kind: followed(kind) for kind in FITS}


def inside(value: float, figure: Figure) -> bool:
    """Whether a share lies in a published interval, at the one decimal to which that is printed."""
    return figure.low is not None and figure.high is not None and figure.low <= round(100 * value, 1) <= figure.high


def percent(value: float) -> str:
    """A share as it stands on the page."""
    return f"{100 * value:.1f} %"


def judged(value: float, figure: Figure) -> str:
    """A share, and whether it lies in the published interval."""
    return f"{percent(value)}, {'inside' if inside(value, figure) else '**outside**'}"


def as_published(figure: Figure) -> str:
    """A published figure with its interval."""
    return f"{figure.value} %" + (f" ({figure.low} to {figure.high})" if figure.low is not None else "")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(r)} |" for r in [head, ("---",) * len(head), *rows])


def row(words: str, id: str, name: str, values: Mapping[str, float], fitted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What was published, and what each fit makes of it."""
    figure = published(id, name)
    cells = (f"{percent(values[k])}, fitted" if k in fitted else judged(values[k], figure) for k in FITS)
    return (f"{words} ({id})", as_published(figure), *cells)


def after(rounds: int, group: str) -> dict[str, float]:
    """Share with a false alarm after some rounds in each fit; women who are alike have one risk, the average."""
    return {k: f.after[rounds].get(group, f.after[rounds]["all"]) for k, f in fits().items()}


@cache
def blocks() -> dict[str, str]:
    """What stands between the page's markers."""
    found = fits()
    effects = [
        (k.replace("-", " "), f"{f.effect.mean:.6f}", f"{f.effect.sd:.6f}", f"{f.yearly.mean:.6f}", percent(f.rate))
        for k, f in found.items()
    ]
    g06 = [
        row("women with one after nine", "G06", AFTER_NINE, after(ROUNDS, "all")),
        row("lowest risk, after nine", "G06", LOWEST, after(ROUNDS, "lowest"), ("low-end",)),
        row("highest risk, after nine", "G06", HIGHEST, after(ROUNDS, "highest"), ("high-end",)),
        row("lowest risk, at the first", "G06", FIRST_LOWEST, after(1, "lowest")),
        row("highest risk, at the first", "G06", FIRST_HIGHEST, after(1, "highest")),
    ]
    second = [
        row("ten rounds in ten years", "G08", YEARLY, {k: f.annual for k, f in found.items()}, FITS),
        row("five rounds in ten years", "G08", SECOND, {k: f.biennial for k, f in found.items()}),
    ]
    rates = [
        row("ten rounds in ten years", "G08", YEARLY, {k: f.annual_from_rates for k, f in found.items()}),
        row("five rounds in ten years", "G08", SECOND, {k: f.biennial_from_rates for k, f in found.items()}),
    ]
    head = ("", "published", *(k.replace("-", " ") for k in FITS))
    return {
        "sentence": sentence(),
        "picture": f"![{alt()}](world/{PICTURE.name})",
        "effects": table(("fit", "mean (G06)", "sd", "mean (G08)", "a mammogram (G08)"), effects),
        "nine": table(head, g06),
        "ten": ten(),
        "second year": table(head, second),
        "rates": table(head, rates),
        "one in": one_in(),
        "beta": shape(),
    }


def filled(text: str) -> str:
    """A paragraph in lines of the page's width."""
    return textwrap.fill(text, 116, break_long_words=False, break_on_hyphens=False)


def sentence() -> str:
    """What came out, in words."""
    nine, alike = after(ROUNDS, "all"), fits()["alike"]
    low, high = sorted((nine["low-end"], nine["high-end"]))
    few, many = sorted((fits()["low-end"].biennial, fits()["high-end"].biennial))
    average, second = published("G06", AFTER_NINE), published("G08", SECOND)
    return filled(
        "With women who differ for good, fitted to how far apart they are published to be, the engine says that after "
        f"nine mammograms {percent(low)} to {percent(high)} have had a false alarm. Published are "
        f"{as_published(average)}. From ten yearly rounds it predicts {percent(few)} to {percent(many)} for every "
        f"second year; published are {as_published(second)}. If all women were alike, it would be "
        f"{judged(nine['alike'], average)} too, but with that risk for every woman, and for every second year "
        f"{judged(alike.biennial, second)}. [Not everything fits](#what-does-not-fit)."
    )


def alt() -> str:
    """The picture in words."""
    nine, lowest, highest = (after(ROUNDS, group) for group in ("all", "lowest", "highest"))
    yearly = ", ".join(percent(f.biennial) for f in fits().values())
    rates = ", ".join(percent(f.biennial_from_rates) for f in fits().values())
    ends = f"{published('G06', LOWEST).value} to {published('G06', HIGHEST).value} %"
    return (
        "Two charts. Above: share of women with a false alarm, by number of mammograms. After nine, women who differ: "
        f"{percent(nine['low-end'])} on average in the low-end fit, from {percent(lowest['low-end'])} to "
        f"{percent(highest['low-end'])}, and {percent(nine['high-end'])} in the high-end fit; all alike: "
        f"{percent(nine['alike'])}. Published: {as_published(published('G06', AFTER_NINE))} on average, from {ends}. "
        f"Below: every second year for ten years, published {as_published(published('G08', SECOND))}. Predicted for "
        f"all alike, low-end and high-end fit: {yearly} from the yearly figure; {rates} from the rates at a first and "
        "a later mammogram."
    )


def ten() -> str:
    """G07 beside what each fit makes of ten rounds."""
    alike, low, high = (percent(after(ANNUAL, "all")[k]) for k in FITS)
    return filled(
        f"After ten mammograms G07 gives {published('G07', 'a false alarm').value} %, without an interval or a rate at "
        f"one mammogram. At the rate of G06 women who are alike come to {alike}, women who differ to {low} or {high}. "
        "Alike is nearer; without an interval, and with another rate perhaps, that decides nothing."
    )


def one_in() -> str:
    """What the fit to the low end depends on: how rare the woman of lowest risk is."""
    rows = []
    for women in OTHERS:
        f = followed("low-end", women)
        nine, last = f.after[ROUNDS]["all"], f.after[ROUNDS]["highest"]
        cells = (judged(nine, published("G06", AFTER_NINE)), judged(last, published("G06", HIGHEST)))
        rows.append((f"{women:,}", f"{f.effect.sd:.2f}", *cells, judged(f.biennial, published("G08", SECOND))))
    return table(("1 woman in", "sd", "after nine", "highest risk, after nine", "every second year"), rows)


def shape() -> str:
    """Another distribution of chances, fitted to the same two figures."""
    a, b = beta_fit()
    nine, highest = beta_ever(a, b, ROUNDS), float(ever(float(beta.isf(1 / WOMEN, a, b)), ROUNDS))
    return filled(
        f"Another shape of the spread, a beta distribution fitted to the same two figures as the low end (a = {a:.3f}, "
        f"b = {b:.3f}), gives {judged(nine, published('G06', AFTER_NINE))}, after nine mammograms, and for the woman "
        f"of highest risk {judged(highest, published('G06', HIGHEST))}."
    )


def page(text: str) -> str:
    """The page with everything between its markers written anew.

    Raises
    ------
    ValueError
        If a marker is missing, or there twice.
    """
    for name, block in blocks().items():
        start, end = f"<!-- made: {name} -->\n", "<!-- end -->"
        head, found, rest = text.partition(start)
        _, closed, tail = rest.partition(end)
        if not (found and closed) or start in tail:
            raise ValueError(f"{PAGE.name} must hold {start.strip()} … {end} once.")
        text = f"{head}{start}\n{block}\n\n{end}{tail}"
    return text


def made() -> dict[Path, str]:
    """Every file that is written here, and its text."""
    texts = {FOLDER / name: text for fit in fits().values() for name, text in fit.texts.items()}
    texts[PICTURE] = plot(fits())
    texts[PAGE] = page(PAGE.read_text(encoding="utf-8"))
    return texts


def main() -> None:
    """Write them."""
    for path, text in made().items():
        write_whole(path, text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
