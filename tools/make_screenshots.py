"""Every page of `misread serve` as a picture, at two widths, light and dark: `docs/pages/`.

They are made for eyes: whoever changes a page makes them anew and looks at each.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pages"
CHROMIUM = Path("/usr/bin/chromium")
WIDTHS, SCHEMES = (320, 1280), ("light", "dark")
TALL = 900
"""Points of a usual screen."""
MOST = 2200
"""Points of a page that are shown: the rest of a long list looks as its beginning does."""
PAGES = {
    "stages": "/stages",
    "classroom": "/classroom?at=20",
    "closed": "/closed",
    "lessons": "/lessons",
    "audit": "/audit",
    "audit-example": "/audit?example=M17",
    "audit-claim": "/audit/claim?claim=Our+system+is+95+%25+accurate",
    "explore": "/explore?interval=1",
    "map": "/map?count=all",
    "questions": "/questions",
    "school": "/school",
    "school-letter": "/school",
    "school-file": "/school/export",
    "guide": "/guide",
    "evidence": "/evidence",
    "numbers": "/numbers?finding=flag_ppv",
    "runs": "/runs",
    "glossary": "/glossary",
}
EXPORT = """pupil,date,time,label,score
child a,2026-09-07,08:00:00,happy,0.91
child a,2026-09-07,08:05:00,bored,0.55
child a,2026-09-07,08:10:00,head down,0.61
"""
"""What a school might give back about a child that is made up."""

ANSWERS = """truth,answer,age,child,score
sad,sad,6-8,child a,0.91
anger,sad,6-8,child a,0.55
happy,happy,9-11,child b,0.61
"""
"""A table of answers about children that are made up."""


def in_europe(page: Page) -> None:
    """Say where the school is."""
    page.get_by_label("Where is the school?").select_option("eu")
    page.wait_for_selector("#headline")


def to_a_letter(page: Page) -> None:
    """Go on to a letter, and begin to fill it in."""
    in_europe(page)
    page.get_by_role("button", name="Write a letter").click()
    page.get_by_label("Your name").fill("A. Example")
    page.get_by_label("The child’s year of birth").fill("2014")
    page.wait_for_selector(".sheet >> text=2014")


def to_a_file(page: Page) -> None:
    """Have a file looked through."""
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": EXPORT.encode()}
    page.set_input_files("#file", file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look through it").click()
    page.wait_for_selector("[data-found]")
    page.evaluate("scrollTo(0, 0)")


def to_columns(page: Page) -> None:
    """Have a table of answers asked about."""
    file = {"name": "answers.csv", "mimeType": "text/csv", "buffer": ANSWERS.encode()}
    page.set_input_files("#file", file)  # type: ignore[arg-type]
    page.wait_for_selector("[data-columns]")
    page.evaluate("scrollTo(0, 0)")


FIRST: dict[str, Callable[[Page], None]] = {
    "school": in_europe,
    "school-letter": to_a_letter,
    "school-file": to_a_file,
    "audit": to_columns,
}
"""What is done on a page before it is shown."""


def shoot(context: BrowserContext, first: str, width: int, name: str) -> int:
    """Every page in one context; gives the bytes that were written."""
    page = context.new_page()
    page.goto(first)
    size = 0
    for called, path in PAGES.items():
        page.goto(first.partition("/?")[0] + path)
        if called in FIRST:
            FIRST[called](page)
        page.wait_for_load_state("networkidle")
        # A screen as tall as the page, so that nothing that sticks to its edge lies over something else.
        tall = min(MOST, page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": tall})
        file = FOLDER / f"{called}-{name}.jpg"
        page.screenshot(path=file, type="jpeg", quality=50)
        page.set_viewport_size({"width": width, "height": TALL})
        size += file.stat().st_size
    return size


def main() -> None:
    """Start a server, and visit it as somebody with each kind of screen."""
    if not CHROMIUM.exists():
        sys.exit(f"No browser at {CHROMIUM}: install Debian's package chromium.")
    FOLDER.mkdir(exist_ok=True)
    command = [sys.executable, "-u", "-m", "misread", "serve", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stdout is not None
        first = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        size = 0
        for width in WIDTHS:
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": TALL},
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    extra_http_headers={"prefer": "wait=120"},
                )
                size += shoot(context, first, width, f"{width}-{scheme}")
                context.close()
        browser.close()
        server.terminate()
    print(f"{len(PAGES) * len(WIDTHS) * len(SCHEMES)} pictures, {size / 1e6:.1f} MB: {FOLDER.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
