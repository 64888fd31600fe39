"""The closed classroom's page: its numbers against counts made here, on a day small enough to count by hand."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.closed import micro
from misread.closed.day import model
from misread.closed.day.model import READERS, WORDS, Day, Face, Flagged, Made, Moment, Pose, SaidOf, Sat
from misread.errors import MisreadError
from misread.web.pages.closed import view
from misread.web.pages.closed.judged import agreed, most_said, verdict
from misread.web.pages.closed.pictures import ADDRESS

POINTS = ("nose tip", "left mouth corner")
MEASURES = ("brow height", "brow distance", "lip corner lift", "mouth opening", "eye opening")
SAYS = {
    "neutral": ("neutral", "neutral", "sad", "neutral", "neutral", "neutral"),
    "happy": ("happy",) * 6,
    "frown": ("angry", "angry", "fear", "sad", "neutral", "angry"),
    "away": ("away", "none", "none", "neutral", "neutral", "neutral"),
}
SHOWN = (
    ("neutral", "neutral", "frown", "away"),
    ("happy", "neutral", "neutral", "happy"),
    ("neutral", "happy", "away", "frown"),
)
STATES = ("engaged", "bored", "thinking")
"""By pupil and look; and by pupil all day; the fourth pupil is outside of the picture."""
NOTHING = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
"""A picture of one point."""


def face(shown: str, state: str = "engaged") -> Face:
    said = SAYS[shown]
    return Face(
        state=state,
        expression=shown,
        turn=(0, 0),
        crop=(200, 100, 80),
        box=(20, 10, 40, 50),
        found=None if "none" in said else (18, 8, 44, 54),
        said=said,
        scores=(0.0, 0.5, 0.4, 0.9, 0.8, 0.7),
        landmarks=SaidOf(
            points=((40, 40), (50, 55)),
            measures=(0.2, 0.4, 0.0, 0.1, 0.2),
            nearest=(0, 1, 2),
            distances=(0.5, 0.6, 0.7),
            turn=2,
        ),
    )


def nobody(shown: str) -> Face:
    return Face(
        state="bored", expression=shown, turn=(0, 0), crop=None, box=None, found=None, said=("none",) * 6,
        scores=(0,) * 6, landmarks=None,
    )  # fmt: skip


def sat(number: int, faces: tuple[Face, ...]) -> Sat:
    return Sat(
        pupil=number, seat=number - 1, row=(number - 1) // 2, column=(number - 1) % 2, head=19 + number, age=9.5,
        group="most pupils", between_eyes=20.0 if faces[0].crop else 0.0, faces=faces,
    )  # fmt: skip


def flagged(
    reader: str, pupil: int, at: int, hits: tuple[int, ...], judged: str, rule: str = "negative affect"
) -> Flagged:
    notify = () if rule == "least engaged" else ("teacher", "parent")
    return Flagged(reader=reader, rule=rule, pupil=pupil, at=at, hits=hits, notify=notify, judged=judged)


@pytest.fixture
def day(monkeypatch) -> Day:
    """A day of two lessons, each of two looks."""
    pupils = [sat(i + 1, tuple(face(one, STATES[i]) for one in shown)) for i, shown in enumerate(SHOWN)]
    pupils.append(sat(4, tuple(nobody("neutral") for _ in range(4))))
    made = Made(
        deployment="as-described-full", policy="camera-over-the-board", seed=1, school=1, klass=1, day=564, version="0",
        libraries={"numpy": "2"}, networks=(),
    )  # fmt: skip
    small = Day(
        made=made,
        width=800,
        height=600,
        landmarks=POINTS,
        measures=MEASURES,
        database=tuple(Pose(head=i, pose="sad", measures=(0.1 * i,) * 5) for i in range(3)),
        moments=tuple(
            Moment(lesson=1 + i // 2, look=1 + i % 2, minute=5 * i + 40 * (i // 2), situation="test") for i in range(4)
        ),
        pupils=tuple(pupils),
        flags=(
            flagged("facex", 1, 1, (0, 1), "wrong"),
            flagged("fer", 1, 2, (2,), "cannot be judged"),
            flagged("human", 2, 3, (3,), "right"),
            flagged("ferx", 2, 3, (3,), "wrong", "least engaged"),
        ),
    )
    monkeypatch.setattr(model, "shipped", lambda: small)
    monkeypatch.setattr(model, "_data", lambda _name: NOTHING)
    return small


def test_the_headline_counts_the_faces_on_which_all_agree(day) -> None:
    for at, row in enumerate(zip(*SHOWN, strict=True)):
        same = sum(len(set(SAYS[shown])) == 1 for shown in row)
        looked, agree = view({"at": str(at)})["headline"]
        assert looked.startswith("Six readers looked at the same 3 faces of nobody at 0")
        assert agree == (f"They agreed on {same}." if same else "They agreed on none.")


def test_faces_at_rest_that_some_reader_finds_in_trouble_are_counted(day) -> None:
    """One network calls each face at rest sad: those that are in the picture, and no other."""
    at_rest = [row.count("neutral") for row in zip(*SHOWN, strict=True)]
    for at, n in enumerate(at_rest):
        said = view({"at": str(at)})["rested"]
        assert re.findall(r"\d+", said)[:2] == [str(n), str(n)]
        assert f"happened to {sum(at_rest)} of {sum(at_rest)} faces at rest" in said
        smiles = sum(row.count("happy") for row in SHOWN)
        assert said.endswith(f"the six readers agreed on {smiles} of 12 faces.")


def test_words_over_the_boxes_are_the_readers(day) -> None:
    for reader in READERS:
        overlay = ElementTree.fromstring(str(view({"at": "2", "reader": reader})["overlay"]))
        words = [text.text for text in overlay.iter("text")]
        expected = [SAYS[shown[2]][READERS.index(reader)] for shown in (SHOWN[2], SHOWN[0], SHOWN[1])]
        assert words == ["no face" if word == "none" else word for word in expected]
        boxes = [box for box in overlay.iter("rect") if box.get("class", "").split()[0] == "box"]
        assert [box.get("x") for box in boxes] == ["110.0"] * 3  # (200 + 20) / 2: the kept picture is half as wide
        assert {box.get("height") for box in boxes} == {"25.0"}


def test_all_readers_together_are_shown_by_how_many_say_the_same(day) -> None:
    overlay = ElementTree.fromstring(str(view({"at": "2"})["overlay"]))
    assert [text.text for text in overlay.iter("text")] == ["neutral 3/6", "angry 3/6", "neutral 5/6"]


def test_who_sits_outside_of_the_picture_has_no_box_and_is_said_to(day) -> None:
    told = view({"pupil": "4", "at": "0"})
    assert told["seat"]["crop"] == ""
    assert "row 2" in told["seat"]["outside"]
    assert "Pupil 4" not in str(told["overlay"])
    assert [seat.judged for row in told["rows"] for seat in row if seat.number == 4] == ["unseen"]


def test_the_square_that_is_shown_is_the_cell_of_its_look(day) -> None:
    """A row a lesson, a column a look: the fourth look is the second column of the second row."""
    drawn = ElementTree.fromstring(str(view({"pupil": "1", "at": "3"})["seat"]["crop"]))
    inner = next(one for one in drawn.iter("svg") if one is not drawn)
    assert inner.get("viewBox") == "80 80 80 80"
    image = next(drawn.iter("image"))
    assert (image.get("href"), image.get("width"), image.get("height")) == (f"{ADDRESS}faces/01.webp", "160", "160")
    points = [(float(p.get("cx")), float(p.get("cy"))) for p in drawn.iter("circle")]
    assert points == [(200.0, 200.0), (250.0, 275.0)]  # five times as large


def test_messages_are_those_sent_by_now_the_newest_first(day) -> None:
    def sent(**asked: str) -> list[tuple[str, str]]:
        return [(one.reader, one.judged) for one in view(asked)["messages"]]

    assert sent(at="0") == []
    assert sent(at="3") == [("human", "right"), ("fer", "cannot be judged"), ("facex", "wrong")]
    assert sent(at="3", reader="fer") == [("fer", "cannot be judged")]
    (first, second, third) = view({"at": "3"})["messages"]
    assert [one.misread for one in (first, second, third)] == [False, False, True]
    assert first.why == "Was bored."
    assert "lowered brow" in second.why
    assert third.why == "Was engaged. At 08:05 a face at rest was read as “sad”."
    totals = {name: (so_far, whole) for name, so_far, whole in view({"at": "2"})["totals"]}
    assert totals["facex"] == (1, 1)
    assert totals["human"] == (0, 1)
    assert totals["ferx"] == (0, 0)  # nobody is told


def test_that_a_message_is_right_by_luck_is_said_where_none_names_its_face(day, monkeypatch) -> None:
    """A smile called happy, of a child who was bored: one message counts a word that names the face."""
    assert view({"at": "3"})["luck"] == ""
    lucky = flagged("facex", 2, 1, (1,), "right")
    judged = tuple(lucky if flag.reader == "human" else flag for flag in day.flags)
    monkeypatch.setattr(model, "shipped", lambda: day.model_copy(update={"flags": judged}))
    told = view({"at": "3", "reader": "facex"})
    assert "each word that it counts misnames the face" in told["luck"]
    assert [(one.judged, one.misread) for one in told["messages"]] == [("right", True), ("wrong", True)]
    assert told["messages"][0].why == "Was bored. At 08:05 a face at rest was read as “sad”."
    # Where nothing can be judged, nothing is said of luck.
    monkeypatch.setattr(model, "shipped", lambda: day.model_copy(update={"flags": day.flags[1:2]}))
    assert view({"at": "3"})["luck"] == ""


def test_a_look_is_told_by_how_often_each_word_was_written(day) -> None:
    """No share of right words: which they are, the most frequent first, and a face that was not found apart."""
    assert view({"at": "0", "reader": "fer"})["said"] == (
        "08:00, lesson 1 (test), the network “fer”: “neutral” 2 times, “happy” 1."
    )
    assert view({"at": "2", "reader": "fer"})["said"] == (
        "08:50, lesson 2 (test), the network “fer”: “neutral” 1 time, “angry” 1, no face 1."
    )
    for reader in READERS:
        for at, row in enumerate(zip(*SHOWN, strict=True)):
            _where, _, told = view({"at": str(at), "reader": reader})["said"].partition(
                "”: " if reader != READERS[0] else "reader: "
            )
            words = Counter(SAYS[shown][READERS.index(reader)] for shown in row)
            found = re.findall(r"(?:“(\w+)”|no face) (\d+)", told)
            assert {word or "none": int(n) for word, n in found} == words


def test_why_readers_seldom_agree_is_said_with_what_all_were_given(day, monkeypatch) -> None:
    """Faces at rest on which all six had a face: none of these is left out here, one is if a reader finds it not."""
    n = sum(row.count("neutral") for row in SHOWN)
    assert view({})["agreement"].endswith(f"Of the {n} faces at rest that all six were given, they agreed on 0.")
    alike, lost = (day.pupils[0].faces[0].model_copy(update={"said": said}) for said in (("sad",) * 6, ("none",) * 6))
    first = day.pupils[0].model_copy(update={"faces": (alike, lost, *day.pupils[0].faces[2:])})
    other = day.model_copy(update={"pupils": (first, *day.pupils[1:])})
    monkeypatch.setattr(model, "shipped", lambda: other)
    assert view({})["agreement"].endswith(f"Of the {n - 1} faces at rest that all six were given, they agreed on 1.")


def test_it_opens_at_the_first_child_in_the_picture_whatever_was_read(day, monkeypatch) -> None:
    assert view({})["asked"].pupil == 1
    ordered = tuple(reversed((day.pupils[3].model_copy(update={"pupil": 0}), *day.pupils[1:3])))
    many = tuple(flagged("fer", 3, 1, (0, 1), "wrong") for _ in range(5))
    monkeypatch.setattr(model, "shipped", lambda: day.model_copy(update={"pupils": ordered, "flags": many}))
    assert view({})["asked"].pupil == 2


def test_words_all_day_stand_beside_what_the_face_showed(day) -> None:
    told = view({"pupil": "3", "at": "1"})["strip"]
    assert [row["shows"] for row in told["rows"]] == list(SHOWN[2])
    assert [row["said"] for row in told["rows"]] == [SAYS[shown] for shown in SHOWN[2]]
    drawn = ElementTree.fromstring(str(told["drawn"]))
    letters = Counter(
        t.text for t in drawn.iter("text") if t.get("font-size") == "13" and t.get("font-weight") == "700"
    )
    assert letters["–"] == 2  # fer and facex, of the face that looked away
    assert letters["W"] == 2  # the face itself, and the landmark reader
    kinds = Counter(box.get("class") for box in drawn.iter("rect"))
    judged = [(word, shown) for shown in SHOWN[2] for word in SAYS[shown] if shown in ("neutral", "happy")]
    assert kinds["right"] == sum(word == shown for word, shown in judged)
    assert kinds["wrong"] == sum(word != shown for word, shown in judged)
    assert kinds["ring"] == 1


def test_what_faces_at_rest_are_called_is_counted_over_the_whole_day(day) -> None:
    found = {one.reader: dict(zip(WORDS, one.counts, strict=True)) for one in view({})["at_rest"]["rows"]}
    n = sum(row.count("neutral") for row in SHOWN)
    assert found["facex"] == {word: n if word == "sad" else 0 for word in WORDS}
    assert all(found[one]["neutral"] == n for one in READERS if one != "facex")


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"at": "4"}, "at"),
        ({"at": "-1"}, "at"),
        ({"pupil": "5"}, "pupil"),
        ({"pupil": "0"}, "pupil"),
        ({"reader": "<b>everyone</b>"}, "reader"),
        ({"messages": "none"}, "messages"),
    ],
)
def test_what_there_is_not_is_refused(day, asked: dict[str, str], key: str) -> None:
    with pytest.raises(MisreadError) as refused:
        view(asked)
    (problem,) = refused.value.problems
    assert problem.key == key
    assert problem.mend


def test_what_is_kept_or_taken_holds_its_pictures_itself(day) -> None:
    kept = view({"keep": "1", "pupil": "1", "at": "0"})
    assert kept["picture"].startswith("data:image/webp;base64,")
    assert "data:image/webp;base64," in kept["seat"]["crop"]
    for id in ("room-picture", "seat-picture"):
        taken = ElementTree.fromstring(str(view({"take": id, "pupil": "1", "at": "0"})["taken"]))
        assert all(image.get("href").startswith("data:image/webp;base64,") for image in taken.iter("image"))
        assert len(list(taken.iter("image"))) == 1
    assert "taken" not in view({"take": "seat-picture", "pupil": "4", "at": "0"})


@given(st.lists(st.sampled_from(WORDS), min_size=6, max_size=6), st.sampled_from(sorted(SAYS)))
def test_a_word_is_judged_only_where_the_pose_may_be(words: list[str], shown: str) -> None:
    one = face(shown).model_copy(update={"said": tuple(words)})
    word, count = most_said(one)
    assert count == max(Counter(words).values()) == words.count(word)
    assert agreed(one) == (count == 6)
    for word in words:
        found = verdict(one, word)
        if word == "none":
            assert found == "unseen"
        elif shown in ("frown", "away"):
            assert found == "quiet"
        else:
            assert found == ("right" if word == shown else "wrong")


def test_who_names_a_short_movement_is_counted_on_all_of_its_frames_and_at_rest() -> None:
    """Of the longest movement, its apex on a frame; counted from the frames as they are kept."""
    film = micro.shipped()
    told = view({})["micro"]
    for drawn, seat in zip((*told["views"], *told["others"]), film.views, strict=True):
        movement = next(one for one in seat.films if one.lasts == 5 and one.phase == 0)
        held = [i for i, strength in enumerate(movement.strengths) if strength >= 0.5]
        moved = [{movement.frames[i].said[n] for i in held} for n in range(len(READERS))]
        still = [{seat.rest[movement.first + i].said[n] for i in held} for n in range(len(READERS))]
        named = sum(words == {"surprise"} and "surprise" not in rest for words, rest in zip(moved, still, strict=True))
        assert re.findall(r" (\d+) of 6 readers names? it", drawn["said"]) == [str(named)]
        assert drawn["said"].endswith(f"by {sum('surprise' in rest for rest in still)} of 6.")
    assert told["lengths"] == ["1/25 s", "2/25 s", "3/25 s", "4/25 s", "1/5 s"]
    assert "a movement of 1/5 s" in told["sentence"]
