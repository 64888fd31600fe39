"""How soon the page answers: each answer that Explore offers, clicked in a real browser.

    python benchmarks/serve.py                   # every shipped deployment that moves, each question
    python benchmarks/serve.py --rounds 9        # more clicks an answer
    python benchmarks/serve.py --deployment best-case

Measured is the time from a click to when the sentence and the pictures of the answer are in the page and drawn: what
somebody waits for, with the browser, the server and the engines on one machine. The interval comes later, and is
measured apart, from the same click; and so is an answer that is asked for while the interval of the one before is being
computed ("amid"). Each answer is asked for after another one, never twice in a row, and the server
is begun anew for each deployment; what it remembers of answers before is part of how it answers.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, sync_playwright

from misread.deployment import shipped
from misread.web.pages.explore.asked import MOVES_ON

CHROMIUM = "/usr/bin/chromium"
WANTED = 0.150
"""Seconds: what the answer may take at the 95th percentile."""

READ = 400
"""Milliseconds that somebody reads before going on: the interval is begun after 250, and takes a few hundred."""

CLICK = """([name, value, second]) => new Promise((done, failed) => {
  const form = document.querySelector('#ask')
  const input = [...form.elements[name]].find(one => one.value === value)
  const began = performance.now()
  const drawn = () => requestAnimationFrame(() => setTimeout(() => done((performance.now() - began) / 1000)))
  form.addEventListener(second ? 'settled' : 'answered', drawn, { once: true })
  setTimeout(() => failed(new Error(`no answer to ${name} = ${value}`)), 60000)
  input.click()
})"""


def main(rounds: int, deployments: tuple[str, ...]) -> None:
    """Measure, and print a table.

    Parameters
    ----------
    rounds : int
        Clicks for each answer.
    deployments : tuple of str
        Names of shipped deployments.
    """
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    print(f"{'deployment':20} {'question':8} {'clicks':>6} {'p50':>8} {'p95':>8} {'worst':>8}  seconds")
    every: list[float] = []
    for deployment in deployments:
        with opened(f"/explore?deployment={deployment}") as page:
            for question in ("pupils", "every", "claims", "flag", "years"):
                taken = list(clicked(page, question, rounds))
                every += taken
                told(deployment, question, taken)
            between = [amid(page) for _ in range(2 * rounds + 2)]
            every += between
            told(deployment, "amid", between)
            later = [after(page) for _ in range(3)]
            told(deployment, "interval", later)
    told("all", "answers", every)
    verdict = "within" if quantile(every) <= WANTED else "over"
    print(
        f"the 95th percentile of all answers is {verdict} {WANTED * 1000:.0f} ms; load {os.getloadavg()[0]:.1f} after"
    )


def clicked(page: Page, question: str, rounds: int) -> Iterator[float]:
    """Seconds that each answer to a question takes, in turn; what is refused is no answer."""
    values = page.eval_on_selector_all(f"#ask [name={question}]", "all => all.map(one => one.value)")
    stated = page.eval_on_selector(f"#ask [name={question}]:checked", "one => one.value")
    # From the end, so that the first click is a change; last of all what was stated, for the next question.
    for value in [v for _ in range(rounds) for v in reversed(values)]:
        if page.eval_on_selector(f"#ask [name={question}]:checked", "one => one.value") != value:
            seconds = page.evaluate(CLICK, [question, value, False])
            if not page.locator("[data-problems] .problems").count():
                yield seconds
    if page.eval_on_selector(f"#ask [name={question}]:checked", "one => one.value") != stated:
        page.evaluate(CLICK, [question, stated, False])


def another(page: Page, question: str) -> str:
    """The answer to a question that stands after the chosen one; after the last the first."""
    values = page.eval_on_selector_all(f"#ask [name={question}]", "all => all.map(one => one.value)")
    chosen = values.index(page.eval_on_selector(f"#ask [name={question}]:checked", "one => one.value"))
    return str(values[(chosen + 1) % len(values)])


def amid(page: Page) -> float:
    """Seconds that an answer takes while the interval of another one is being computed."""
    page.evaluate(CLICK, ["years", another(page, "years"), False])
    page.wait_for_timeout(READ)
    return float(page.evaluate(CLICK, ["every", another(page, "every"), False]))


def after(page: Page) -> float:
    """Seconds until the interval is there."""
    return float(page.evaluate(CLICK, ["years", another(page, "years"), True]))


def told(deployment: str, question: str, taken: list[float]) -> None:
    """Print a row."""
    figures = f"{statistics.median(taken):8.3f} {quantile(taken):8.3f} {max(taken):8.3f}"
    print(f"{deployment:20} {question:8} {len(taken):6} {figures}", flush=True)


def quantile(taken: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]


@contextmanager
def opened(path: str) -> Iterator[Any]:
    """A page of a server of its own, in a browser of its own, settled."""
    command = [sys.executable, "-u", "-m", "misread", "serve", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stdout is not None
        first = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(first)
        page.goto(first.partition("/?")[0] + path)
        page.wait_for_selector("#keep-toml", state="attached", timeout=60_000)
        try:
            yield page
        finally:
            browser.close()
            server.terminate()


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--deployment", action="append", choices=shipped())
    given = parser.parse_args()
    main(given.rounds, tuple(given.deployment or [n for n in shipped() if n not in MOVES_ON]))
