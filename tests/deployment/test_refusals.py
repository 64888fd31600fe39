"""Malformed files: what is said, about which key, on which line; and that nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from misread.deployment import load
from misread.errors import MisreadError

from .samples import FULL, SMALL, with_profile


@dataclass(frozen=True)
class Case:
    """A line of the sample, what it becomes, and what must be said about which key."""

    old: str
    new: str
    key: str
    says: tuple[str, ...]
    full: bool = False

    @property
    def text(self) -> str:
        sample = FULL if self.full else SMALL
        assert self.old in sample
        return sample.replace(self.old, self.new, 1)

    @property
    def line(self) -> int:
        """The line that was changed."""
        sample = FULL if self.full else SMALL
        return sample.count("\n", 0, sample.index(self.old)) + 1


def case(old, new, key, *says, full=False):
    return Case(old, new, key, says, full)


CASES = [
    # Unknown and missing keys.
    case("observe_every_seconds = 300", "observe_evry_seconds = 300", "camera.observe_evry_seconds", "no key of `camera`", "did you mean `observe_every_seconds`?"),
    case("keep_days =", "hold_minutes = 3\nkeep_days =", "file.hold_minutes", "no key of `file`", "it belongs to `face`"),
    case("title =", "titel =", "titel", "no key of a deployment", "did you mean `title`?"),
    case("flags = 20", "flags = 20\nxyzzy = 1", "file.marks.resistant.xyzzy", "no key", "one of flags, name, rule, within", "take it out"),
    case('claims = ["bored"]\n', "", 'rules."glum lesson".claims', "`claims` is missing", "a list of at least one word"),
    case("days_per_year = 180\n", "", "calendar.days_per_year", "missing", "a whole number from 1 to 366"),
    # Kinds of values.
    case("observe_every_seconds = 300", 'observe_every_seconds = "300"', "camera.observe_every_seconds", 'the text "300"', "without quotes"),
    case("observe_every_seconds = 300", "observe_every_seconds = true", "camera.observe_every_seconds", "It is true", "a number above 0"),
    case("observe_every_seconds = 300", "observe_every_seconds = 0", "camera.observe_every_seconds", "It is 0.", "above 0"),
    case("observe_every_seconds = 300", "observe_every_seconds = inf", "camera.observe_every_seconds", "It is inf."),
    case("observe_every_seconds = 300", "observe_every_seconds = 1e999", "camera.observe_every_seconds", "It is inf."),
    case("lesson_minutes = 40.0", "lesson_minutes = -40.0", "calendar.lesson_minutes", "It is -40.0."),
    case("lesson_minutes = 40.0", "lesson_minutes = nan", "calendar.lesson_minutes", "It is nan."),
    case("lesson_minutes = 40.0", "lesson_minutes = 1979-05-27", "calendar.lesson_minutes", "It is 1979-05-27."),
    case("break_minutes = 10", "break_minutes = -1", "calendar.break_minutes", "It is -1.", "from 0 to 1,440"),
    case("bored = 7\n", "bored = 0\n", "pupil.mean_minutes.bored", "It is 0."),
    case("schools = 2 ", "schools = 0 ", "population.schools", "It is 0.", "a whole number from 1"),
    case("schools = 2 ", "schools = 2.0 ", "population.schools", "It is 2.0.", "a whole number"),
    case("schools = 2 ", "schools = 1" + 60 * "0" + " ", "population.schools", "more than 30 digits"),
    case("schools = 2 ", "schools = 1" + 5000 * "0" + " ", "", "thousands of digits"),
    case("school_years = 3", "school_years = 16", "population.school_years", "from 1 to 15"),
    case('keep_days = "forever"', 'keep_days = "for ever"', "file.keep_days", 'text "for ever"', "did you mean \"forever\"?"),
    case('keep_days = "forever"', "keep_days = 0", "file.keep_days", "It is 0.", "school days"),
    case('after_flag = "clear"', 'after_flag = "cleer"', 'rules."negative affect".after_flag', "did you mean \"clear\"?", "mute lesson"),
    case('notify = ["teacher"]', 'notify = ["teachers"]', 'rules."negative affect".notify[1]', "did you mean \"teacher\"?"),
    case('notify = ["teacher"]', 'notify = "teacher"', 'rules."negative affect".notify', 'the text "teacher"', "a list of"),
    case("[pupil.mean_minutes]", "mean_minutes = 3\n[pupil.unused]", "pupil.mean_minutes", "It is 3."),
    case("engaged = { neutral = 1 }", "engaged = 1", "display.flat.engaged", "It is 1.", "a row of weights"),
    case('title = "A small one"', 'title = "bell \\u0007"', "title", "control characters"),
    case('name = "glum lesson"', 'name = "a\\nb"', "rules.\"a\\nb\".name", "control characters"),
    case('name = "glum lesson"', 'name = "\\u202Egnitset"', 'rules."\u202egnitset".name', "control characters"),
    case('name = "glum lesson"', 'name = "  "', 'rules."  ".name', "it is blank"),
    case('name = "glum lesson"', 'name = ""', 'rules."".name', "It is empty."),
    # Rows and shares.
    case("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 0.4, sad = 0.59 }", "classifier.confusion.reference.sad", "adds to 0.99", "add 0.01"),
    case("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 0.4, sad = 0.600000002 }", "classifier.confusion.reference.sad", "adds to 1.000000002"),
    case("sad = { neutral = 0.4, sad = 0.6 }", "sad = { neutral = 1.4, sad = -0.4 }", "classifier.confusion.reference.sad.sad", "It is -0.4."),
    case("sad = { neutral = 0.4, sad = 0.6 }", "sad = {}", "classifier.confusion.reference.sad", "adds to 0"),
    case("bored = { neutral = 0.9, sad = 0.1 }", "bored = { neutral = 0.9 }", "display.flat.bored", "adds to 0.9"),
    case("bored = { engaged = 0.7, anxious = 0.3 }", "bored = { engaged = 0.7 }", "pupil.next.bored", "adds to 0.7"),
    case("groups = [", "groups = [ { name = 'more', share = 0.1 },", "population.groups", "adds to 1.1"),
    # The pupil's chain.
    case("bored = { engaged = 0.7, anxious = 0.3 }", "bored = { engaged = 0.7, bored = 0.3 }", "pupil.next.bored.bored", "jumps to itself"),
    case("bored = { engaged = 0.7, anxious = 0.3 }", "bored = { engaged = 0.7, anxius = 0.3 }", "pupil.next.bored.anxius", "no state", "did you mean \"anxious\"?"),
    case("bored = 7\n", "borred = 7\n", "pupil.mean_minutes.borred", "no state", "did you mean \"bored\"?"),
    case('states = ["engaged", "bored", "anxious"]', 'states = ["engaged", "bored", "anxious", "bored"]', "pupil.states", "stands in it twice"),
    case('states = ["engaged", "bored", "anxious"]', 'states = ["engaged"]', "pupil.states", "at least two states"),
    case("anxious = { neutral = 0.6, sad = 0.4 }\n", "", "display.default.anxious", "has no entry"),
    # Names.
    case('name = "flat-affect", share = 0.2', 'name = "all", share = 0.2', "population.groups.all.name", "findings call all pupils so"),
    case('name = "flat-affect", share = 0.2', 'name = "reference", share = 0.2', "population.groups[2].name", "used twice"),
    case('display = "flat", profile', 'display = "flatt", profile', "population.groups.flat-affect.display", "no display", "did you mean \"flat\"?"),
    case('profile = "reference" }', 'profile = "refernce" }', "population.groups.flat-affect.profile", "no profile", "did you mean \"reference\"?"),
    case('labels = ["sad"]\nflag = "3', 'labels = ["sd"]\nflag = "3', 'rules."negative affect".labels', "no label", "did you mean \"sad\"?"),
    case('labels = ["sad"]\nflag = "3', 'labels = []\nflag = "3', 'rules."negative affect".labels', "It is empty."),
    case('claims = ["bored"]', 'claims = ["board"]', 'rules."glum lesson".claims', "no state", "did you mean \"bored\"?"),
    case('claims = ["bored"]', "claims = []", 'rules."glum lesson".claims', "It is empty."),
    case('rule = "negative affect"\n', 'rule = "negative effect"\n', "file.marks.resistant.rule", "no rule", "did you mean \"negative affect\"?"),
    case('labels = ["neutral", "happy", "sad", "none"]', 'labels = ["neutral", "happy", "sad", "none", "angry"]', "classifier.labels", 'No row names the label "angry"'),
    case("happy = { neutral = 0.1, happy = 0.9 }", "happy = { neutral = 0.1, hapy = 0.9 }", "classifier.confusion.reference.happy.hapy", "no label", "did you mean \"happy\"?"),
    case("faces_per_row = 200", "face_per_row = 200", "classifier.confusion.reference.face_per_row", "did you mean `faces_per_row`?"),
    # Rules.
    case('"3 of last 6"', '"3 from last 6"', 'rules."negative affect".flag', "is no rule", "3 of last 6"),
    case('"3 of last 6"', '"0 of last 6"', 'rules."negative affect".flag', "no hit at all"),
    case('"3 of last 6"', '"7 of last 6"', 'rules."negative affect".flag', "more hits than the window"),
    case('"3 of last 6"', '"3 of last 65"', 'rules."negative affect".flag', "more than 64"),
    case('"3 of last 6"', '"9 of last 60"', 'rules."negative affect".flag', "a lesson has 8 looks"),
    case('"3 of last 6"', '"run of 9"', 'rules."negative affect".flag', "a lesson has 8 looks"),
    case('"share over 0.3"', '"share over 1"', 'rules."glum lesson".flag', "no share is over 1"),
    case('"share over 0.3"', '"share over -0.1"', 'rules."glum lesson".flag', "is no rule"),
    case('"share over 0.3"', '"top 0 of class"', 'rules."glum lesson".flag', "chooses nobody"),
    case('"share over 0.3"\n', '"share over 0.3"\ntrue_if = "in_window"\n', 'rules."glum lesson".true_if', "means nothing"),
    # The day.
    case("lessons_per_day = 6", "lessons_per_day = 30", "calendar", "24.8333 hours", "at most 24"),
    # Further tables.
    case("share = 0.8\n[[camera", "share = 0.7\n[[camera", "camera.views", "adds to 0.9", full=True),
    case("sd = 0.4", "sd = -0.4", "traits.temperament.sd", "It is -0.4.", full=True),
    case("levels = 3", "levels = 0", 'traits."read as sad".levels', "from 1 to 64", full=True),
    case('acts_on = "state"', 'acts_on = "stat"', "traits.temperament.acts_on", "did you mean \"state\"?", full=True),
    case('acts_on = "state"\n', "", "traits.temperament.acts_on", "missing", full=True),
    case('state = "anxious"\n', 'state = "anxous"\n', "traits.temperament.state", "no state", full=True),
    case('expression = "sad"', 'expression = "frown"', 'traits."resting sadness".expression', "no expression", full=True),
    case('label = "sad"', 'label = "angry"', 'traits."read as sad".label', "no label", full=True),
    case("from_year = 2\n", "from_year = 2\nprofile = 'x'\n[[ages]]\nfrom_year = 2\n", "ages[1].profile", "no profile", full=True),
    case('display = "flat"\n\n[[ages]]', 'display = "stiff"\n\n[[ages]]', 'situations."told off".display', "no display", full=True),
    case("mean_minutes = { anxious = 3.0 }", "mean_minutes = { angry = 3.0 }", 'situations."told off".mean_minutes.angry', "no state", full=True),
    case("mean_minutes = { bored = 1.4 }", "mean_minutes = { bored = 0 }", "ages.2.mean_minutes.bored", "It is 0.", full=True),
    case("share = 0.95", "share = 0.9", "situations", "adds to 0.95", full=True),
    case('expression = "neutral"\nmax', 'expression = "blank"\nmax', "feedback.expression", "no expression", full=True),
    case("max = 0.8", "max = 1.8", "feedback.max", "It is 1.8.", full=True),
    case("after_year = 3", "after_year = 4", 'decisions."advanced class".after_year', "School ends after year 3", full=True),
    case('mark = "resistant"', 'mark = "resistent"', 'decisions."remedial class".mark', "did you mean \"resistant\"?", full=True),
    case('mark = "resistant"\n', "", 'decisions."remedial class"', "neither a rule nor a mark", full=True),
    case('mark = "resistant"', 'mark = "resistant"\nrule = "saddest"', 'decisions."remedial class"', "a rule and a mark", full=True),
    case('name = "temperament"', 'name = "read as sad"', "traits[3].name", "used twice", full=True),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.key} {c.says[0]}"[:80] if isinstance(c, Case) else "")
def test_refused(case, file, problems):
    path = file(case.text)
    found = problems(load, path)
    assert case.key in found
    problem = found[case.key]
    for fragment in case.says:
        assert fragment in str(problem)
    assert problem.file == str(path)
    if case.key:
        assert str(problem).startswith(f"{path}:{problem.line}: ")
    # Where a key is missing, or entries disagree, the line is that of the table around them.
    whole = case.key in {"calendar", "camera.views", "situations", "population.groups"}
    if case.key and "\n" not in case.old + case.new and not whole:
        assert problem.line == case.line


BROKEN = {
    "unclosed list": (b"a = [1, 2\n", "not closed", 1),
    "twice": (
        SMALL.encode() + b"[camera]\nobserve_every_seconds = 3\n",
        "second time",
        SMALL.count("\n") + 1,
    ),
    "key twice": (b"a = 1\na = 2\n", "second time", 2),
    "no value": (b"a = 1\nb = \n", "no value", 2),
    "no statement": (b"a = 1\n?\n", "neither `key = value` nor", 2),
    "no equals sign": (b"a = 1\nb 2\n", "equals sign", 2),
    "two on a line": (b"a = 1 b = 2\n", "does not belong", 1),
    "open text": (b'a = "x\n', "not allow", 1),
    "control character": (b'a = "\x01"\n', "not allow", 1),
    "backslash": (b'a = "C:\\school"\n', "backslash", 1),
    "empty": (b"", "empty", None),
    "blank": (b"\n  \n", "empty", None),
    "binary": (b"\x89PNG\x00\x00", "no text", None),
    "UTF-16": (SMALL.encode("utf-16"), "UTF-16", None),
    "Latin-1": ('title = "Schüler"\n'.encode("latin-1"), "not written in UTF-8", 1),
    "CSV": (b"a,b,c\n1,2,3\n", "no TOML", 1),
    "deep": (b"a = " + b"[" * 20_000 + b"]" * 20_000, "nested too deeply", None),
}


@pytest.mark.parametrize(("content", "says", "line"), BROKEN.values(), ids=BROKEN)
def test_no_toml(content, says, line, file, problems):
    path = file(content)
    (problem,) = problems(load, path).values()
    assert says in str(problem)
    assert problem.file == str(path)
    assert problem.line == line


def test_a_column_is_told(file, problems):
    (problem,) = problems(load, file("a = 1\nbb = ?\n")).values()
    assert "column 6 of line 2: bb = ?" in problem.mend


def test_no_such_file(tmp_path, file, problems):
    file(SMALL, "school.toml")
    (problem,) = problems(load, tmp_path / "schol.toml").values()
    assert "no such file" in problem.what
    assert str(tmp_path / "school.toml") in problem.mend


def test_no_such_name(problems):
    (problem,) = problems(load, "as-describd").values()
    assert "did you mean `as-described`?" in problem.mend


def test_a_folder(tmp_path, problems):
    (problem,) = problems(load, tmp_path).values()
    assert "folder" in problem.what


def test_a_name_that_no_file_can_have(problems):
    for name in ("a\x00b", "x" * 5000):
        (problem,) = problems(load, name).values()
        assert problem.what


def test_no_right_to_read(file, problems, monkeypatch):
    # Root may read everything, so the refusal itself is played.
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    path = file(SMALL)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    (problem,) = problems(load, path).values()
    assert "may not read" in problem.what


def test_too_large_is_refused_before_it_is_read(tmp_path, problems, monkeypatch):
    path = tmp_path / "large.toml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    monkeypatch.setattr("pathlib.Path.open", lambda *_: pytest.fail("it was opened"))
    (problem,) = problems(load, path).values()
    assert "50,000,000 bytes" in problem.what


def test_endless(problems):
    (problem,) = problems(load, "/dev/zero").values()
    assert "bytes" in problem.what


def test_all_problems_at_once(file, problems):
    text = (
        SMALL.replace("lesson_minutes = 40.0", "leson_minutes = 40.0")
        .replace("share = 0.8", 'share = "0.8"')
        .replace("engaged = 0.7, anxious = 0.3", "engaged = 0.7, anxious = 0.2")
        .replace('claims = ["bored"]', 'claims = ["bord"]')
        .replace("sad = 0.6 }", "sad = 0.5 }")
    )
    found = problems(load, file(text))
    assert set(found) == {
        "calendar.leson_minutes",
        "population.groups.reference.share",
        "pupil.next.bored",
        'rules."glum lesson".claims',
    }


def test_a_typing_slip_hides_no_row(file, problems):
    text = (
        SMALL.replace("faces_per_row = 200", "")
        .replace('labels = ["neutral", "happy"', 'labls = 1\nlabels = ["neutral", "happy"')
        .replace("sad = 0.6 }", "sad = 0.5 }")
    )
    assert set(problems(load, file(text))) == {"classifier.labls", "classifier.confusion.reference.sad"}


def test_states_that_cannot_be_reached(file, problems):
    text = SMALL.replace("engaged = { bored = 0.75, anxious = 0.25 }", "engaged = { bored = 1 }").replace(
        "bored = { engaged = 0.7, anxious = 0.3 }", "bored = { engaged = 1, anxious = 0 }"
    )
    problem = problems(load, file(text))["pupil.next"]
    assert problem.what == 'The state "anxious" can never be reached from "engaged", "bored".'


def test_thousands_of_problems_are_cut(file):
    text = SMALL + "".join(f"[x{i}]\n" for i in range(20_000))
    with pytest.raises(MisreadError) as caught:
        load(file(text))
    assert len(caught.value.problems) <= 201
    assert "more problems" in str(caught.value)


def test_traits_that_change_nothing(file, problems):
    always = FULL.replace("neutral = 0.9, sad = 0.1", "sad = 1").replace("neutral = 0.8, sad = 0.2", "sad = 1")
    always = always.replace("neutral = 0.7, sad = 0.3", "sad = 1").replace("neutral = 0.6, sad = 0.4", "sad = 1")
    found = problems(load, file(always))
    assert "stands alone in every row" in found['traits."resting sadness".expression'].what
    never = FULL.replace("happy = 0.25", "happy = 0.25, frown = 0").replace(
        'expression = "sad"', 'expression = "frown"'
    )
    found = problems(load, file(never))
    assert "is 0 in every row" in found['traits."resting sadness".expression'].what


def test_lost_faces_need_a_label(file, problems):
    text = FULL.replace('"sad", "none"]', '"sad"]').replace("sad = 0.07, none = 0.02", "sad = 0.09")
    assert "lost" in str(problems(load, file(text))['camera.views."back, side row".lost'])


def test_an_explicit_zero_names_a_label(file):
    text = SMALL.replace('"none"]', '"none", "angry"]').replace("happy = 0.9 }", "happy = 0.9, angry = 0 }")
    assert load(file(text)).classifier.labels[-1] == "angry"


def test_markup_is_text(file):
    text = SMALL.replace("A small one", "<script>alert(1)</script> [b] {{ x }}").replace("glum lesson", "<b>glum</b>")
    assert load(file(text)).rules[1].name == "<b>glum</b>"


def test_groups_need_a_profile_that_is_theirs(file, problems):
    other = SMALL.replace(', profile = "reference"', "").replace("[[rules]]", "[classifier.confusion.b]\nneutral = { neutral = 1 }\nsad = { sad = 1 }\n[[rules]]", 1)  # fmt: skip
    found = problems(load, file(other))
    assert "there are several" in found["population.groups.flat-affect.profile"].what
    assert load(file(SMALL.replace(', profile = "reference"', ""))).population.groups[1].profile is None


def test_a_profile_needs_rows(file, problems):
    found = problems(load, file(with_profile("neutral = { neutral = 1, happy = 0, sad = 0, none = 0 }")))
    assert "no row" in found["classifier.confusion.reference.sad"].what
    assert "happy = { … }" in found["classifier.confusion.reference.happy"].mend


@pytest.mark.parametrize("text", [SMALL, FULL], ids=["small", "full"])
def test_the_samples_are_valid(text, file):
    assert load(file(text)).title == "A small one"


def test_the_command_leaves_nothing_behind(tmp_path):
    path = tmp_path / "school.toml"
    path.write_text(SMALL.replace("bored = 7\n", "bored = 0\n"))
    code = f"import sys; sys.argv = ['misread', 'check', {str(path)!r}]; from misread.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{path}:23: pupil.mean_minutes.bored" in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["school.toml"]


@pytest.mark.parametrize("parts", [65, 500, 50_000])
def test_keys_nested_too_deeply(parts, file, problems):
    (problem,) = problems(load, file("title = 'x'\n" + ".".join(["a"] * parts) + " = 1")).values()
    assert (problem.what, problem.line) == ("Its keys are nested too deeply.", 2)
    assert problem.mend
    (problem,) = problems(load, file(SMALL), settings=[".".join(["a"] * parts) + "=1"]).values()
    assert "no KEY=VALUE" in problem.what


def test_a_pipe_is_not_waited_for(tmp_path, problems):
    os.mkfifo(tmp_path / "f.toml")
    (problem,) = problems(load, tmp_path / "f.toml").values()
    assert "pipe" in problem.what


def test_an_ending_in_common_is_no_near_miss(tmp_path, problems, file):
    file(SMALL, "school.toml")
    assert "did you mean" in next(iter(problems(load, tmp_path / "schol.toml").values())).mend
    assert next(iter(problems(load, tmp_path / "other.toml").values())).mend == "check the path."
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    assert next(iter(problems(load, tmp_path / "gone.toml").values())).mend == "check the path."


def test_a_face_to_hide_behind_that_no_display_shows_is_one_mistake(file, problems):
    hidden = FULL.replace('expression = "neutral"\nmax', 'expression = "blank"\nmax')
    assert hidden != FULL
    assert set(problems(load, file(hidden))) == {"feedback.expression"}
