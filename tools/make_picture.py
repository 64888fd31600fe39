"""The README's picture of the closed classroom: `docs/pictures/closed-classroom.jpg`.

The room with each face's box and a reader's word, as anybody can take it from the page. Nothing about it is picked: it
is the look that the page opens with, and the reader that the press report describes, which compares landmarks with a
database.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "pictures" / "closed-classroom.jpg"
CHROMIUM = Path("/usr/bin/chromium")
READER = "landmarks"
WIDTH, QUALITY = 1600, 86
MOST = 600_000
"""Bytes: everybody who opens the README loads it."""
AS_WIDE = """width => {
  const drawn = document.querySelector('svg')
  drawn.setAttribute('width', width)
  drawn.removeAttribute('height')
  return document.fonts.ready.then(() => Math.ceil(drawn.getBoundingClientRect().height))
}"""


def main() -> None:
    """Start a server, take the picture from the page, and have a browser paint it."""
    if not CHROMIUM.exists():
        sys.exit(f"No browser at {CHROMIUM}: install Debian's package chromium.")
    command = [sys.executable, "-u", "-m", "misread", "serve", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server, sync_playwright() as playwright:
        assert server.stdout is not None
        first = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": WIDTH, "height": WIDTH})
        context.request.get(first, max_redirects=0)
        taken = context.request.get(f"{first.partition('/?')[0]}/take/closed/room-picture.svg?reader={READER}")
        page = context.new_page()
        page.set_content(f'<body style="margin:0">{taken.text()}</body>')
        tall = page.evaluate(AS_WIDE, WIDTH)
        page.screenshot(path=FILE, type="jpeg", quality=QUALITY, clip={"x": 0, "y": 0, "width": WIDTH, "height": tall})
        browser.close()
        server.terminate()
    if FILE.stat().st_size > MOST:
        sys.exit(f"{FILE.relative_to(ROOT)} has {FILE.stat().st_size:,} bytes: more than {MOST:,}.")
    print(f"{WIDTH} × {tall}, {FILE.stat().st_size / 1e3:.0f} kB: {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
