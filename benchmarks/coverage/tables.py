"""The study's figures as the tables of docs/audit/intervals.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from benchmarks.coverage.cell import Cell

Figures = Mapping[str, float]

USED = "**{}**"
"""How a method is printed that the audit itself uses."""
ONE = {
    "wald": "Wald",
    "bootstrap": "percentile bootstrap (its limit)",
    "wilson": USED.format("Wilson"),
    "jeffreys": "Jeffreys",
    "agresti-coull": "Agresti–Coull",
    "clopper-pearson": "Clopper–Pearson",
}
DIFFERENCE = {
    "wald": "Wald",
    "bootstrap": "percentile bootstrap (its limit)",
    "agresti-caffo": "Agresti–Caffo",
    "newcombe": USED.format("Newcombe (Wilson)"),
    "newcombe-jeffreys": "the same with Jeffreys",
}
RATIO = {
    "katz": "Katz (a count of 0 is a miss)",
    "bootstrap": "percentile bootstrap (its limit)",
    "log-half": "Katz after + ½",
    "mover-r": USED.format("MOVER-R (Wilson)"),
    "koopman": "Koopman's score",
}
PERSONS = {
    "naive": "Wilson, every face another person's",
    "bootstrap": "percentile bootstrap of whole persons",
    "sandwich": "linearised variance, Wald with t",
    "n_eff, z": "Wilson on n_eff, z (Rao–Scott)",
    "wilson-persons": USED.format("Wilson on n_eff, t on k − 1"),
    "each counted": "the same, k being the number of persons",
    "keeps faces": "that one, faces kept where the rate is 0 or 1",
    "n_eff Jeffreys": "Jeffreys on n_eff · (z/t)² (Korn–Graubard)",
    "anova": "Wilson on n_eff from the ANOVA correlation, t",
    "beta-binomial": USED.format("beta-binomial posterior"),
}
UNEVEN = {
    "naive": "Wilson, every face another person's",
    "each counted": "Wilson on n_eff, k the number of persons",
    "wilson-persons": USED.format("Wilson on n_eff, k = (Σn)²/Σn²"),
}
OF_TWO = {
    "naive": "Newcombe, every face another person's",
    "bootstrap": "percentile bootstrap of whole persons",
    "newcombe": USED.format("Newcombe on n_eff, t"),
}
ROW = {
    "wilson": USED.format("Wilson for each cell"),
    "dirichlet 0.5": USED.format("Dirichlet, ½ a cell"),
    "dirichlet 1": "Dirichlet, 1 a cell",
    "dirichlet 0.125": "Dirichlet, 1/8 a cell",
    "bonferroni": "Wilson, Bonferroni over eight",
}
COMPOSED = {
    "delta-persons": USED.format("linearised, Wilson with t"),
    "replicates-persons": USED.format("1,000 replicates of whole persons"),
}
POOLED = {
    "wilson": USED.format("Wilson, raw"),
    "plug-in": "pooled with the likeliest strength",
    "pooled": USED.format("pooled, strength integrated out"),
}


def share(value: float) -> str:
    """A share with three decimals, without the zero before them."""
    said = f"{value:.3f}"
    return said.removeprefix("0") if value < 1 else said


def two(value: float) -> str:
    """The same with two."""
    said = f"{value:.2f}"
    return said.removeprefix("0") if value < 1 else said


def cover(figures: Figures) -> str:
    """Mean coverage, and the worst in brackets."""
    return f"{share(figures['cover'])} ({two(figures['worst'])})"


def with_width(figures: Figures) -> str:
    """The same, and the width."""
    return f"{cover(figures)}, {two(figures['width'])}"


def if_any(figures: Figures) -> str:
    """Coverage and width, or that there is no interval."""
    return with_width(figures) if "cover" in figures else "none"


def with_claims(figures: Figures) -> str:
    """Coverage, and how often a difference is claimed where there is none."""
    return f"{cover(figures)}, {two(figures['claims'])}"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, numbers to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return (
        "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- |", "|---|").replace(" ---: |", "---:|")
    )


def grid(cells: Sequence[Cell], table: str, names: Mapping[str, str], said: Callable[[Figures], str]) -> str:
    """Methods down, cases across."""
    found = {(cell.method, cell.case): cell.figures for cell in cells if cell.table == table}
    cases = list(dict.fromkeys(case for _, case in found))
    return markdown(
        ["method", *cases],
        ([name, *(said(found[method, case]) for case in cases)] for method, name in names.items()),
    )


def one(cells: Sequence[Cell]) -> str:
    """One proportion."""
    return grid(cells, "one", ONE, with_width)


def uneven(cells: Sequence[Cell]) -> str:
    """Persons with unequal numbers of faces, and how many with equal numbers they are worth: cases down."""
    found = {(cell.case, cell.method): cell.figures for cell in cells if cell.table == "persons uneven"}
    cases = list(dict.fromkeys(case for case, _ in found))
    return markdown(
        ["persons and their faces", "k", *UNEVEN.values()],
        (
            [case, f"{found[case, 'naive']['even']:.1f}", *(if_any(found[case, method]) for method in UNEVEN)]
            for case in cases
        ),
    )


def row(cells: Sequence[Cell]) -> str:
    """Cells of a row, and how often all eight hold at once."""
    return grid(cells, "row", ROW, lambda figures: f"{cover(figures)}, {two(figures['at_once'])}")


def ranges(cells: Sequence[Cell], table: str) -> str:
    """The greatest disparity: cases down."""
    found = {(cell.case, cell.method): cell.figures for cell in cells if cell.table == table}
    head = (
        "groups × faces",
        "true",
        "seen",
        "lowest ÷ highest",
        "bootstrap of the range: covers / claims",
        "simultaneous: covers, width",
        "pooled: covers, width",
        "pooled: estimate / claims",
        "permutation p < .05",
        "of the range itself",
    )
    rows = []
    for case in dict.fromkeys(case for case, _ in found):
        raw, pooled = found[case, "raw"], found[case, "pooled"]
        again, together = found[case, "bootstrap"], found[case, "simultaneous"]
        rows.append(
            (
                case,
                share(raw["truth"]),
                share(raw["seen"]),
                two(raw["ratio"]),
                f"{two(again['cover'])} / {two(again['claims'])}",
                f"{two(together['cover'])}, {two(together['width'])}",
                f"{two(pooled['cover'])}, {two(pooled['width'])}",
                f"{share(pooled['estimate'])} / {two(pooled['claims'])}",
                two(found[case, "permutation"]["rejects"]),
                two(found[case, "permutation of the range"]["rejects"]),
            )
        )
    return markdown(head, rows)


def ranges_of_persons(cells: Sequence[Cell]) -> str:
    """The same for persons who are equal."""
    found = {(cell.case, cell.method): cell.figures for cell in cells if cell.table == "range persons"}
    shown = (
        ("faces permuted", "rejects"),
        ("permutation", "rejects"),
        ("pooled, faces", "claims"),
        ("pooled", "claims"),
    )
    return markdown(
        (
            "groups × persons",
            "faces permuted: p < .05",
            "whole persons permuted: p < .05",
            "pooled over faces: claims",
            "p, then pooled over n_eff: claims",
        ),
        (
            (case, *(two(found[case, method][figure]) for method, figure in shown))
            for case in dict.fromkeys(case for case, _ in found)
        ),
    )


def pooled(cells: Sequence[Cell]) -> str:
    """Each group's own figure."""
    return grid(
        cells,
        "pooled",
        POOLED,
        lambda figures: (
            f"{cover(figures)}, {two(figures['width'])}, {two(figures['picked'])} "
            f"({two(figures['picked_worst'])}), {share(figures['error'])}"
        ),
    )


def calibration(cells: Sequence[Cell]) -> str:
    """Calibration of what is calibrated."""
    return markdown(
        ("faces", "calibration error, mean", "its null, mean", "p < .05", "beyond chance (debiased root)"),
        (
            (cell.case, *(share(cell.figures[name]) for name in ("error", "chance", "rejects", "beyond")))
            for cell in cells
            if cell.table == "calibration"
        ),
    )


def tables(cells: Sequence[Cell]) -> Mapping[str, str]:
    """What stands between the page's markers."""
    return {
        "one": one(cells),
        "difference": grid(cells, "difference", DIFFERENCE, cover),
        "ratio": grid(cells, "ratio", RATIO, cover),
        "persons": grid(cells, "persons", PERSONS, with_width),
        "split": grid(cells, "persons split", PERSONS, with_width),
        "uneven": uneven(cells),
        "two of persons": grid(cells, "persons difference", OF_TWO, with_claims),
        "row": row(cells),
        "composed": grid(cells, "composed", COMPOSED, with_width),
        "equal": ranges(cells, "range equal"),
        "unequal": ranges(cells, "range"),
        "range of persons": ranges_of_persons(cells),
        "pooled": pooled(cells),
        "calibration": calibration(cells),
    }
