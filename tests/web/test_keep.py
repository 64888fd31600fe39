"""A view as one file: everything that was shown, nothing that needs a server or a network."""

from __future__ import annotations

import re

import pytest

from misread.web.server.app import PAGES
from misread.web.server.parcels import STATIC
from misread.web.take.keep import kept

PAGE = """<!doctype html><html lang="en"><head><link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/page.css">
<script type="module" src="/static/page.js"></script></head>
<body><nav data-pages><a href="/explore">Explore</a></nav><nav><a href="#below">Below</a></nav><main><p>7 of 10, <a class="x" href="/numbers?a=b">why</a>;
<a href="#below">below</a></p><form data-live action="/explore"><button>Go</button></form><button>Ask</button><button data-stays>Play &amp; go</button></main>
<footer><p data-not-kept><a href="/keep/explore?">Keep</a></p><p>Made up.</p></footer></body></html>"""


def test_what_is_shown_stays_and_what_needs_a_server_goes():
    text = kept(PAGE, STATIC, "misread serve, /explore?a=1&b=<2>")
    assert "7 of 10, <span>why</span>" in text
    assert '<a href="#below">below</a>' in text
    assert "Made up." in text
    assert '<nav><a href="#below">Below</a></nav>' in text
    assert "<button data-stays>Play &amp; go</button>" in text
    assert "/explore?a=1&amp;b=&lt;2&gt;</p>" in text
    for gone in ("<form", "Explore</a>", "Go</button>", "Ask</button>", "/keep", "/static/", 'href="/'):
        assert gone not in text
    assert text.count("<style>") == 1
    assert "<script type=\"module\">import 'misread/page.js'</script>" in text
    assert "data:font/woff2;base64," in text


@pytest.mark.browser
@pytest.mark.parametrize(
    "page", [pytest.param(p.path, marks=[] if p.module in {"stages", "explore"} else pytest.mark.long) for p in PAGES]
)
def test_every_page_can_be_kept_and_reads_the_same_without_a_server(opened, served, browser, tmp_path, page):
    shown, _ = opened(page)
    link = shown.locator('footer a[href^="/keep"]')
    with shown.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"misread{page.replace('/', '-')}.html"
    path = tmp_path / "kept.html"
    download.value.save_as(path)
    text = path.read_text()
    assert not re.findall(r'href="/|src="(?:/|http)|url\("?(?:/|http)', text)
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    context.set_offline(True)
    alone, asked = context.new_page(), []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(path.as_uri())
    assert alone.text_content("h1") == shown.text_content("h1")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()
