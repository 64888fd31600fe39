"""What a run may be asked for from the page: shipped names and single keys, checked as the command checks them."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from misread.deployment import digest, load_text, policies_by_topic, shipped_policies, shipped_text, unsupported
from misread.errors import MisreadError, Problem
from misread.language import gettext as _
from misread.language import mark
from misread.study.exact.run import SEED
from misread.version import __version__
from misread.web.shipped import FIRST, known

ENGINES = (
    ("auto", mark("count what can be counted, draw the rest (auto)")),
    ("exact", mark("only count, draw nothing (exact)")),
    ("sampled", mark("draw made-up children, school by school (sampled)")),
)
"""Engines, and what each does, in English."""
MOST_CHANGES, LONGEST = 40, 500
"""Changes of single keys in one run, and letters of each."""
MOST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """A run that was asked for, and checked.

    Attributes
    ----------
    deployment : str
        Its shipped name.
    policies : tuple of str
        Names of the shipped policies that are laid on it.
    settings : tuple of str
        Single keys, as ``--set`` takes them.
    engine : str
        One of `ENGINES`.
    schools : int or None
        How many schools are drawn; None for as many as the command takes by itself.
    seed : int
        The seed.
    digest : str
        Digest of everything that can change a number.
    """

    deployment: str
    policies: tuple[str, ...]
    settings: tuple[str, ...]
    engine: str
    schools: int | None
    seed: int
    digest: str

    @property
    def words(self) -> tuple[str, ...]:
        """The command, word by word, as the run itself writes it down."""
        words = ["misread", "run", self.deployment]
        words += [word for policy in self.policies for word in ("--with", policy)]
        words += [word for setting in self.settings for word in ("--set", setting)]
        words += ["--engine", self.engine] if self.engine != ENGINES[0][0] else []
        words += ["--schools", str(self.schools)] if self.schools is not None else []
        words += ["--seed", str(self.seed)] if self.seed != SEED else []
        return tuple(words)

    @property
    def command(self) -> str:
        """The command, as it can be typed."""
        return shlex.join(self.words)

    @property
    def folder(self) -> str:
        """A folder of its own: the same run always lies in the same one, and no other run does."""
        told = "\0".join((__version__, self.digest, *self.words))
        return f"{self.deployment}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"

    @property
    def resumes(self) -> bool:
        """Whether it goes on where it was stopped."""
        return self.engine == "sampled"


def order_of(asked: Mapping[str, Sequence[str]]) -> Order:
    """What was asked, as a run that can be started.

    Parameters
    ----------
    asked : mapping of str to sequence of str
        `deployment`, the name of a shipped one; `policy`, names of shipped policies; `set`, changes, one a line;
        `engine`; `schools`, how many, or nothing; `seed`.

    Raises
    ------
    MisreadError
        With what `misread run` would say of it.
    """

    def one(key: str, default: str) -> str:
        return next(iter(asked.get(key, ())), default).strip()

    name = known(one("deployment", FIRST))
    policies = tuple(dict.fromkeys(map(_policy, asked.get("policy", ()))))
    settings = tuple(_lines(one("set", "")))
    engine = _engine(one("engine", ENGINES[0][0]))
    seed = _seed(one("seed", str(SEED)))
    # From its text, so that no setting can name a file that is then read.
    deployment = load_text(shipped_text(name), name, policies=policies, settings=settings)
    if problems := unsupported(deployment):
        raise MisreadError(problems)
    schools = _schools(one("schools", ""), engine, deployment.population.schools)
    return Order(name, policies, settings, engine, schools, seed, digest(deployment))


@cache
def policies() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Topic → names of the shipped policies about it, each with the first line of its file, which says what it is."""
    return tuple(
        (topic, tuple((name, _first_line(shipped_text(name))) for name in names))
        for topic, names in policies_by_topic().items()
    )


def _first_line(text: str) -> str:
    return text.partition("\n")[0].removeprefix("#").strip()


def _policy(name: str) -> str:
    if name not in shipped_policies():
        raise MisreadError(
            Problem(
                _("No policy of the name “%(name)s” is shipped.", name=name[:60]),
                expected=_("one of %(names)s.", names=", ".join(shipped_policies())),
                mend=_("choose from the list."),
                key="policy",
            )
        )
    return name


def _engine(name: str) -> str:
    if name not in dict(ENGINES):
        names = ", ".join(dict(ENGINES))
        raise MisreadError(
            Problem(_("There is no such engine."), expected=_("one of %(names)s.", names=names), key="engine")
        )
    return name


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= MOST_SEED):
        most = f"{MOST_SEED:,}"
        raise MisreadError(
            Problem(_("That is no seed."), _("a whole number from 0 to %(most)s.", most=most), key="seed")
        )
    return int(text)


def _schools(text: str, engine: str, there: int) -> int | None:
    if not text:
        return None
    if engine == "exact":
        what = _("It was said how many schools are drawn, and the exact engine draws none.")
        raise MisreadError(Problem(what, mend=_("leave the number out, or take another engine."), key="schools"))
    if not (text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= there):
        expected = _("a whole number from 1 to %(most)s, or nothing for all.", most=f"{there:,}")
        raise MisreadError(Problem(_("So many schools cannot be drawn."), expected, key="schools"))
    return int(text)


def _lines(text: str) -> Iterator[str]:
    """Changes, one a line; lines that begin with # are left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) > MOST_CHANGES:
        raise MisreadError(
            Problem(
                _("%(n)s changes are too many for one run.", n=f"{len(lines):,}"),
                expected=_("at most %(most)s.", most=MOST_CHANGES),
                mend=_("write a deployment of your own, and run it at the command line."),
                key="set",
            )
        )
    for line in lines:
        if len(line) > LONGEST or not line.isprintable():
            what = _("A change is one line of at most %(most)s letters and signs.", most=LONGEST)
            raise MisreadError(Problem(what, expected="KEY=VALUE", key="set"))
        key, sign, value = line.partition("=")
        yield f"{key.strip()}={value.strip()}" if sign else line
