"""What cameras could see of short movements, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from misread.report.words import amount, count, every, half_up, listing
from misread.study.micro import FACE_PER_EYES, SLOWEST, Between, Micro
from misread.study.micro.spotting import Score, errors_per_hit

BASELINES = ("D03", "D04")
"""Entries whose scores are the baselines of contests, for short movements alone."""


def length(seconds: float) -> str:
    """A length of time as a fraction: “1/25 s”."""
    shown = Fraction(seconds).limit_denominator(1000)
    return f"{shown} s"


def one_in(share: Between) -> str:
    """A share in words: “one in 600”, “at most one in 480”, “62 of 100”, “every one”."""
    p = share.high
    if share.low >= 1:
        return "every one"
    if p <= 0:
        return "none"
    start = "" if share.known else "at most "
    if p >= 1:
        return f"from {one_in(Between(share.low, share.low))} to every one"
    if p >= 0.095:
        return f"{start}{half_up(100 * p)} of 100"
    return f"{start}one in {half_up(1 / p) if share.known else _down(1 / p):,}"


def _down(n: float) -> int:
    """Two digits of a number from 1, rounded down: “at most one in n” stays true."""
    step = int(10 ** max(0, math.floor(math.log10(n)) - 1))
    return math.floor(n / step * (1 + 1e-12)) * step


def span(found: Between) -> str:
    """A figure, or the range it is left: “1.3”, “0.32 to 1.3”."""
    low, high = amount(found.low), amount(found.high)
    return low if low == high else f"{low} to {high}"


def percent(found: Between) -> str:
    """A share out of 100, or the range it is left."""
    return span(Between(100 * found.low, 100 * found.high))


def sentence(found: Micro) -> str:
    """The answer: how many of the movements fall on a look at all."""
    share = found.fall_on_a_look
    if share.low >= 1:
        return f"Every movement of 1/25 to 1/2 of a second would fall on a look: there is one {every(found.every)}."
    if share.high >= 1:
        return (
            f"With a look {every(found.every)}, movements of 1/2 of a second may all fall on one; of those of 1/25 of "
            f"a second, {one_in(found.looked[0].touched)} would."
        )
    best = Between(0.0, share.high)
    return (
        f"{_upper(one_in(best))} of the movements that last from 1/25 to 1/2 of a second would fall on a look at all. "
        f"The others come and go between two looks."
    )


def one_picture(found: Micro) -> str:
    """What looks can show of a movement."""
    if found.needed == 1:
        return "A look is one picture, and it was asked that one be enough; nothing moves on it."
    enough = Between(found.looked[0].enough.low, found.looked[-1].enough.high)
    start = "A look is one picture, and nothing moves on it. To see a movement come and go takes"
    if enough.high == 0:
        return f"{start} {found.needed} frames (assumption): looks so far apart never have them."
    return f"{start} {found.needed} looks (assumption): {percent(enough)} % of the movements fall on as many."


def film_sentence(found: Micro) -> str:
    """On how many frames a movement would be at the deployment's own rate; empty where none is given."""
    film, said = found.given_film, ""
    if film is not None:
        short, long = film.lengths[0], film.lengths[-1]
        said = (
            f"Filmed without a break at {film.per_second:g} frames a second, a movement of {length(short.seconds)} is "
            f"on {span(short.frames)} frames, one of {length(long.seconds)} on {span(long.frames)}."
        )
    if found.covered is not None:
        seen = f"{percent(found.covered)} % of the movements are on {found.needed} frames with as many pixels as a "
        said = f"{said} {seen}laboratory has.".lstrip()
    return said


def errors(found: Micro) -> str:
    """What programs make of films of short movements alone, by the best of the baselines."""
    best, _, _ = best_scores(found)
    baselines = count(len({(s.score.id, s.score.name) for s in found.spotted if s.score.id in BASELINES}))
    return (
        "Even on a film without a break it would have to be found. On laboratory films of adults, the best of "
        f"{baselines} published baselines makes {amount(errors_per_hit(best.f1))} errors for each that it finds: "
        f"missed and wrongly reported ones together (F1 {best.f1:g}, {best.id})."
    )


def better(found: Micro) -> str:
    """What speaks for the programs, and how sure it is."""
    _, study, highest = best_scores(found)
    return (
        f"One study puts its own at {amount(errors_per_hit(study.f1))} errors, and may count longer movements in (F1 "
        f"{study.f1:g}, {study.id}); from memory, the best of two contests stayed above "
        f"{amount(errors_per_hit(highest.f1))} (F1 below {highest.f1:g}, {highest.id})."
    )


def best_scores(found: Micro) -> tuple[Score, Score, Score]:
    """The best of the baselines; the score that may count longer movements in; the bound from memory."""
    known = tuple(dict.fromkeys(s.score for s in found.spotted))
    (study,) = (s for s in known if s.id == "D13")
    (highest,) = (s for s in known if s.bound)
    return max((s for s in known if s.id in BASELINES), key=lambda s: s.f1), study, highest


def not_given(found: Micro) -> str:
    """What the deployment leaves open, as a sentence; empty where it gives all."""
    keys = []
    if found.frames_per_second is None:
        keys.append("how many frames a second are filmed")
    if found.exposure is None:
        keys.append("how long a frame is exposed")
    if found.resolution is None:
        keys.append("how many pixels a face has")
    if not keys:
        return ""
    if found.exposure is not None:
        return f"The deployment does not give {listing(keys)}."
    longest = length(float(SLOWEST)) if found.frames_per_second is None else "a whole frame"
    return f"The deployment does not give {listing(keys)}. A look is taken to last from an instant to {longest}."


def assumptions(found: Micro) -> tuple[str, ...]:
    """What is assumed, each as a clause."""
    said = ["that movements begin at any time alike", f"that one has to be on {found.needed} frames"]
    said += [f"for {amount(r.per_hour)} movements an hour, {r.assumption}" for r in found.rates if r.assumption]
    said.append("that precision equals recall, where hits and false ones are told apart")
    if found.resolution is not None:
        said.append(f"that a face is {FACE_PER_EYES:g} times as wide as its eyes are apart")
    return tuple(said)


def sentences(found: Micro) -> Sequence[str]:
    """The answer in a few sentences for a terminal."""
    said = (sentence(found), one_picture(found), film_sentence(found), not_given(found), errors(found), better(found))
    return tuple(filter(None, said))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
