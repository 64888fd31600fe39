"""Reading our own pages: headings, links, code, tables, and the commands they name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from markdown_it import MarkdownIt
from markdown_it.token import Token

from misread.cli import cli
from misread.deployment import load, shipped, shipped_policies
from misread.deployment.model.flags import parse_flag
from misread.errors import MisreadError
from misread.evidence import catalogue

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *DOCS.glob("*.md"),
        *DOCS.glob("rights/*.md"),
        *DOCS.glob("audit/*.md"),
        *(ROOT / f"{n}.md" for n in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    ]
)

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_STOPS = {">", ">>", "2>", "|", "&&", "||", ";", "<"}


@dataclass(frozen=True)
class Fence:
    """A block of code: its language, its text, and what the comment directly above it says."""

    language: str
    text: str
    note: str


@cache
def tokens(text: str) -> list[Token]:
    return _MARKDOWN.parse(text)


def inlines(text: str) -> Iterator[Token]:
    """Every piece of running text, in order."""
    for token in tokens(text):
        yield from token.children or ()


def plain(token: Token) -> str:
    """The words of a heading, a cell or an item, without marks."""
    return "".join(" " if t.type == "softbreak" else t.content for t in token.children or ())


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading."""
    found = tokens(text)
    return [(int(t.tag[1]), plain(found[i + 1])) for i, t in enumerate(found) if t.type == "heading_open"]


@cache
def anchors(text: str) -> set[str]:
    """What links into a page may name: headings, as GitHub spells them."""
    found: set[str] = set()
    for _, words in headings(text):
        base = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
        name, n = base, 1
        while name in found:
            name, n = f"{base}-{n}", n + 1
        found.add(name)
    return found


def links(text: str) -> list[str]:
    """Every address that is linked to or shown as a picture."""
    return [
        str(t.attrs["href" if t.type == "link_open" else "src"])
        for t in inlines(text)
        if t.type in ("link_open", "image")
    ]


def codes(text: str) -> list[str]:
    """Every piece of code in running text."""
    return [t.content for t in inlines(text) if t.type == "code_inline"]


def fences(text: str) -> list[Fence]:
    """Every block of code."""
    found, note = [], ""
    for token in tokens(text):
        if token.type == "html_block":
            note = token.content.strip().removeprefix("<!--").removesuffix("-->").strip()
        elif token.type == "fence":
            found.append(Fence(token.info, token.content, note))
            note = ""
        elif token.nesting >= 0:
            note = ""
    return found


def table_after(text: str, note: str) -> list[list[str]]:
    """The rows of the table under a comment, its head left out; code keeps its backticks."""
    return first_table(text.split(f"<!-- {note} -->", 1)[1])


def first_table(text: str) -> list[list[str]]:
    """The rows of the first table in a text, its head left out; code keeps its backticks."""
    rows: list[list[str]] = []
    found = tokens(text)
    for i, token in enumerate(found):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            rows[-1].append(found[i + 1].content)
    return rows[1:]


def commands(text: str) -> list[str]:
    """Every line of a shell block that calls misread."""
    return [
        line for fence in fences(text) if fence.language == "sh" for line in fence.text.splitlines() if _calls(line)
    ]


def _calls(line: str) -> bool:
    return line.strip().split(" ")[0] == "misread"


def words_of(line: str) -> list[str]:
    """What the shell hands to misread: comments, pipes and redirections left out."""
    words = shlex.split(line, comments=True)
    end = next((i for i, word in enumerate(words) if word in _STOPS), len(words))
    return words[1:end]


def mention_problems(line: str) -> list[str]:
    """A command named in running text, arguments left out: it must exist, with the options named."""
    try:
        name, *rest = words_of(line) or [""]
    except ValueError as error:
        return [f"{line}: {error}"]
    if name in ("", "…") or name.startswith("-"):
        return []
    command = cli.get_command(click.Context(cli), name)
    if command is None:
        return [f"{line}: there is no command {name}"]
    # A group may take what is no command of it: `misread evidence F09`.
    while isinstance(command, click.Group) and rest and rest[0] in command.list_commands(click.Context(command)):
        name, *rest = rest
        command = command.commands[name]
    known = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
    return [f"{line}: {name} has no option {w}" for w in rest if w.startswith("--") and w.split("=")[0] not in known]


@cache
def command_problems(line: str) -> list[str]:
    """A command as one types it: options, arguments, and every shipped thing it names must be there."""
    try:
        name, *rest = words_of(line)
    except ValueError as error:
        return [f"{line}: {error}"]
    top = click.Context(cli, info_name="misread")
    command = cli.get_command(top, name)
    if command is None:
        return [f"{line}: there is no command {name}"]
    try:
        params = command.make_context(name, rest, parent=top).params
    except click.exceptions.Exit:
        return []
    except click.ClickException as error:
        return [f"{line}: {error.format_message()}"]
    return [f"{line}: {problem}" for problem in _argument_problems(name, params)]


def _argument_problems(name: str, params: dict[str, object]) -> Iterator[str]:
    named = [params.get("deployment"), params.get("first"), *_listed(params.get("others"))]
    if name == "verify" and not str(params["what"]).endswith(".zip"):
        named.append(params["what"])
    if name == "deployments":
        named.append(params["name"])
    for deployment in filter(None, named):
        if _is_name(str(deployment)) and deployment not in (*shipped(), *shipped_policies()):
            yield f"no deployment {deployment} is shipped, and no policy"
    for policy in _listed(params.get("policies")):
        if _is_name(str(policy)) and policy not in shipped_policies():
            yield f"no policy {policy} is shipped"
    try:
        if name == "evidence":
            known = catalogue()
            if params["id"] is not None and params["id"] not in known:
                yield f"there is no evidence {params['id']}"
            if params["topic"] is not None and params["topic"] not in {e.topic for e in known.values()}:
                yield f"there is no topic {params['topic']}"
        elif name == "rule":
            parse_flag(str(params["flag"]))
        elif "settings" in params and not params["policies"] and str(named[0]) in shipped():
            load(str(named[0]), settings=[str(s) for s in _listed(params["settings"])])
    except (MisreadError, ValueError) as error:
        yield str(error)


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _is_name(word: str) -> bool:
    return "/" not in word and not word.endswith(".toml") and not word.startswith("audit:")


def link_problems(page: Path, text: str) -> list[str]:
    """Links within the repository that lead nowhere."""
    found = []
    for link in links(text):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists():
            found.append(f"{page.name}: {link}: there is no such file")
        elif anchor and anchor not in anchors(text if target == page else target.read_text(encoding="utf-8")):
            found.append(f"{page.name}: {link}: there is no such heading")
    return found
