"""Which child is followed, on which day, and what is replayed of it; kept for a while, since one asks again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from misread.deployment import Deployment, load, policies_by_topic, resolve_profiles
from misread.engine.chain import Chain, compile_chain
from misread.engine.sampled.replay import Facts, Replay
from misread.errors import MisreadError, Problem
from misread.findings.table import Findings
from misread.profile import Profile
from misread.report.file import child_file
from misread.report.file.entries import ChildFile, Kind
from misread.report.file.walk import Pair, Walk
from misread.study.exact.run import measured
from misread.web.shipped import FIRST, known

ROOM = "camera-over-the-board"
"""Where the camera hangs if nobody says otherwise; where a deployment tells its seats apart itself, it stays so."""
AS_WRITTEN = "as-written"
SEEDS = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is followed, from which day on.

    Attributes
    ----------
    deployment, camera : str
        A shipped deployment, and a shipped policy about the room; `AS_WRITTEN` or empty for none, or `ROOM` if it fits.
    seed, school, pupil, year, day : int
        As `misread tour` takes them; `year` and `day` count from 1.
    """

    deployment: str = FIRST
    camera: str = ""
    seed: int = 1
    school: int = 1
    pupil: int = 1
    year: int = 1
    day: int = 1

    def query(self) -> dict[str, str]:
        """As the address has it: only what is not as it would be anyway."""
        plain = Asked()
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: str(value) for name, value in told.items() if value != getattr(plain, name)}


@dataclass(frozen=True, slots=True)
class Watched:
    """A deployment with a seed, ready to be replayed."""

    deployment: Deployment
    chain: Chain
    profiles: Mapping[str, Profile]
    replay: Replay

    @property
    def quick(self) -> bool:
        """Whether findings take no longer than a page may: where children do not differ for good, nor hide."""
        return not self.deployment.traits and self.deployment.feedback is None


@dataclass(frozen=True)
class Followed(Walk):
    """A walk told about the first flag from a day on, not about the first of all.

    Attributes
    ----------
    since : (int, int)
        School year and day, counted from 1.
    """

    since: tuple[int, int] = (1, 1)

    @cached_property
    def flag(self) -> Pair | None:
        """The first flag from that day on; where there is none any more, the last of all."""
        flags = self.of(Kind.FLAG)
        return next(((e, t) for e, t in flags if (e.year, e.day) >= self.since), flags[-1] if flags else None)

    @property
    def late(self) -> bool:
        """Whether nothing is flagged from that day on."""
        return self.flag is not None and (self.flag[0].year, self.flag[0].day) < self.since


def read(asked: Mapping[str, str]) -> Asked:
    """What was asked for, all of it within its bounds.

    Raises
    ------
    MisreadError
        With everything that is out of them.
    """
    plain = Asked()
    told = {name: asked.get(name) or str(getattr(plain, name)) for name in Asked.__dataclass_fields__}
    known(told["deployment"])
    if told["camera"] not in ("", AS_WRITTEN, *rooms()):
        raise MisreadError(
            Problem(
                f"There is no camera “{told['camera'][:60]}”.",
                expected=f"{AS_WRITTEN} or one of {', '.join(rooms())}.",
                mend="choose one from the list.",
                key="camera",
            )
        )
    d = _deployment(told["deployment"], told["camera"])
    most = {
        "seed": (0, SEEDS),
        "school": (1, d.population.schools),
        "pupil": (1, d.population.pupils_per_school),
        "year": (1, d.population.school_years),
        "day": (1, d.calendar.days_per_year),
    }
    wrong = [_outside(name, told[name], *ends) for name, ends in most.items() if not _within(told[name], *ends)]
    if wrong:
        raise MisreadError(wrong)
    return replace(
        plain,
        deployment=told["deployment"],
        camera=told["camera"],
        **{name: int(told[name]) for name in most},
    )


def _within(text: str, low: int, high: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 12 and low <= int(text) <= high


def _outside(name: str, text: str, low: int, high: int) -> Problem:
    return Problem(
        f"There is no {name} “{text[:60]}” here.",
        expected=f"a whole number from {low:,} to {high:,}." if high > low else f"{low}.",
        mend=f"give another {name}.",
        key=name,
    )


def rooms() -> tuple[str, ...]:
    """Shipped policies that say where a camera hangs."""
    return policies_by_topic()["seats"]


@lru_cache(maxsize=16)
def _deployment(name: str, room: str) -> Deployment:
    if room == AS_WRITTEN:
        return load(name)
    if room:
        try:
            return load(name, policies=[room])
        except MisreadError as error:
            raise MisreadError(
                Problem(
                    f"This camera cannot hang there. {error.problems[0].what}",
                    expected="a system that says nothing of its seats, and knows a word for a face that is not found.",
                    mend="choose “as the system’s file has it”, or another system.",
                    key="camera",
                )
            ) from None
    try:
        return load(name, policies=[ROOM])
    except MisreadError:
        # It has seats of its own, or no word for a face that is not found.
        return load(name)


def added(asked: Asked) -> str:
    """Which of the shipped rooms was added to what the system's file has; empty where none was."""
    geometry = _deployment(asked.deployment, asked.camera).camera.geometry is not None
    room = asked.camera or (ROOM if geometry else AS_WRITTEN)
    return room if room in rooms() else ""


@lru_cache(maxsize=4)
def watched(name: str, room: str, seed: int) -> Watched:
    """A deployment compiled for replays."""
    deployment = _deployment(name, room)
    profiles = resolve_profiles(deployment)
    chain = compile_chain(deployment, profiles)
    return Watched(deployment, chain, profiles, Replay(deployment, chain, profiles, seed))


@lru_cache(maxsize=4)
def findings(name: str, room: str) -> Findings:
    """What is measured of a deployment, at the figures as stated."""
    return measured(_deployment(name, room), draws=0).findings


@lru_cache(maxsize=4)
def _file(asked: Asked, years: tuple[int, int]) -> ChildFile:
    seen = watched(asked.deployment, asked.camera, asked.seed)
    return child_file(seen.deployment, seen.replay, asked.school, asked.pupil, asked.seed, years)


def facts_of(asked: Asked) -> Facts:
    """Who the child is."""
    return watched(asked.deployment, asked.camera, asked.seed).replay.facts(asked.school, asked.pupil)


def followed(asked: Asked, *, whole: bool) -> tuple[Followed, bool]:
    """The child's walk, and whether all school years are in it.

    Parameters
    ----------
    asked : Asked
        Who, and from when.
    whole : bool
        Whether all years are wanted. If not, only that year is replayed, unless nothing is flagged in what is left of
        it.
    """
    seen, last = watched(asked.deployment, asked.camera, asked.seed), _deployment(asked.deployment, asked.camera)
    years = last.population.school_years
    since = (asked.year, asked.day)
    child = replace(asked, year=1, day=1)

    def walk(first: int, end: int) -> Followed:
        file = _file(child, (first, end))
        return Followed(seen.deployment, seen.chain, seen.profiles, facts_of(asked), file, since)

    if not whole and years > 1:
        found = walk(asked.year, asked.year)
        if found.flag is not None and not found.late:
            return found, False
    return walk(1, years), True
