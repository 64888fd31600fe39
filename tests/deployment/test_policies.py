"""Policies and settings."""

from __future__ import annotations

import tomllib

import pytest

from misread.deployment import load
from misread.deployment.text.overlay import Merged
from misread.deployment.text.source import read_document

from .samples import FULL, SMALL, problems_in


@pytest.fixture
def laid(file):
    """A sample with a policy laid on it."""

    def lay(policy, text=SMALL):
        return load(file(text), policies=[file(policy, "policy.toml")])

    return lay


def test_only_the_keys_it_changes(laid, file):
    d = laid("[camera]\nobserve_every_seconds = 30\n[file]\nkeep_days = 10")
    before = load(file(SMALL))
    assert d.camera.observe_every_seconds == 30
    assert d.file.keep_days == 10
    assert d.file.marks == before.file.marks
    assert d.model_copy(update={"camera": before.camera, "file": before.file}) == before


def test_entries_by_name(laid):
    d = laid(
        '[[rules]]\nname = "glum lesson"\nflag = "share over 0.5"\n[[population.groups]]\nname = "flat-affect"\ndisplay = "default"'
    )
    assert [r.flag for r in d.rules] == ["3 of last 6", "share over 0.5"]
    assert d.rules[1].labels == ("sad",)
    assert [g.display for g in d.population.groups] == ["default", "default"]


def test_new_entries_come_last(laid):
    d = laid('[[rules]]\nname = "happy"\nlabels = ["happy"]\nflag = "run of 2"\nclaims = ["engaged"]')
    assert [r.name for r in d.rules] == ["negative affect", "glum lesson", "happy"]
    assert d.origin.changed[("rules", "happy")].endswith("policy.toml")


def test_off(laid):
    d = laid(
        '[file]\nmarks = [{ name = "resistant", off = true }]\n[[rules]]\nname = "negative affect"\noff = true\n[[rules]]\nname = "glum lesson"\noff = true'
    )
    assert d.rules == ()
    assert d.file.marks == ()


@pytest.mark.parametrize(
    ("table", "by"),
    [
        ("camera.views", 'name = "front"'), ("traits", 'name = "temperament"'), ("situations", 'name = "plain"'),
        ("ages", "from_year = 2"), ("decisions", 'name = "advanced class"'), ("file.marks", 'name = "resistant"'),
        ("population.groups", 'name = "flat-affect"'), ("rules", 'name = "saddest"'),
    ],
)  # fmt: skip
def test_off_in_every_array_of_tables(table, by, file):
    """The entry is gone. What is left may not add to 1, or miss it; then that is all that is said."""
    merged = Merged(read_document("school.toml", FULL.encode()))
    merged.lay(read_document("policy.toml", f"[[{table}]]\n{by}\noff = true".encode()))
    assert not merged.problems
    entries = merged.data
    for key in table.split("."):
        entries = entries[key]
    ((key, name),) = tomllib.loads(by).items()
    assert name not in [entry[key] for entry in entries]
    found = problems_in(load, file(FULL), policies=[file(f"[[{table}]]\n{by}\noff = true", "policy.toml")])
    assert all("adds to" in p.what or "is no " in p.what for p in found)


@pytest.mark.parametrize("table", ["face", "feedback"])
def test_off_for_tables_that_may_be_left_out(table, laid, file):
    assert getattr(load(file(FULL)), table) is not None
    assert getattr(laid(f"[{table}]\noff = true", FULL), table) is None
    assert getattr(laid(f"[{table}]\noff = true"), table) is None
    assert getattr(load(file(FULL), settings=[f"{table}.off=true"]), table) is None


def test_an_age_by_its_year(laid):
    d = laid('[[ages]]\nfrom_year = 2\ndisplay = "default"\n[[ages]]\nfrom_year = 3\n', FULL)
    assert [(a.from_year, a.display, a.profile) for a in d.ages] == [
        (2, "default", "reference"),
        (3, None, None),
    ]


def test_a_row_is_replaced_whole(laid):
    d = laid(
        "[display.flat]\nbored = { happy = 1 }\n[pupil.next]\nbored = { engaged = 1 }\n[classifier.confusion.reference]\nsad = { none = 1 }"
    )
    assert d.display["flat"]["bored"] == {"happy": 1}
    assert d.pupil.next["bored"] == {"engaged": 1}
    assert d.classifier.confusion["reference"].rows["sad"] == {"none": 1}
    assert d.display["flat"]["engaged"] == {"neutral": 1}


def test_another_source_replaces_the_profile_whole(laid):
    d = laid('[classifier.confusion.reference]\nfrom = "claim"\naccuracy = 0.9')
    assert d.classifier.confusion["reference"].accuracy == 0.9
    d = laid("[classifier.confusion.reference]\nfaces_per_row = 20")
    assert d.classifier.confusion["reference"].faces_per_row == 20
    assert set(d.classifier.confusion["reference"].rows) == {"neutral", "happy", "sad"}


def test_several_policies_in_order(file):
    first = file("[camera]\nobserve_every_seconds = 30\n[file]\nkeep_days = 3", "one.toml")
    second = file("[camera]\nobserve_every_seconds = 60", "two.toml")
    d = load(file(SMALL), policies=[first, second], settings=["file.keep_days=9"])
    assert (d.camera.observe_every_seconds, d.file.keep_days) == (60, 9)
    assert d.origin.changed[("camera", "observe_every_seconds")] == str(second)
    assert d.origin.changed[("file", "keep_days")] == "--set file.keep_days=9"
    written = {w.key: w for w in d.origin.parameters()}
    assert written["camera.observe_every_seconds"].changed_by == str(second)
    assert written["camera.observe_every_seconds"].comment == ""
    assert written["pupil.mean_minutes.engaged"].changed_by == ""


def test_a_mistake_in_a_policy_is_told_with_its_line(file, problems):
    policy = file("# a policy\n[camera]\nobserve_every_seconds = 0\nviews_ = 1", "policy.toml")
    found = problems(load, file(SMALL), policies=[policy])
    assert str(found["camera.observe_every_seconds"]).startswith(f"{policy}:3: ")
    assert "did you mean `views`?" in found["camera.views_"].mend


def test_a_broken_base_and_a_broken_policy_are_told_together(file, tmp_path):
    from misread.errors import MisreadError

    with pytest.raises(MisreadError) as caught:
        load(file("a = "), policies=[file("b = ", "policy.toml"), tmp_path / "no.toml"])
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("policy", "key", "says"),
    [
        ('[[rules]]\nname = "glum lessn"\noff = true', 'rules."glum lessn"', 'did you mean "glum lesson"?'),
        ('[[rules]]\nname = "glum lesson"\noff = 1', 'rules."glum lesson".off', "off = true"),
        ('[[rules]]\nflag = "run of 2"', "rules[1]", "finds entries of `rules` by `name`"),
        ('[[rules]]\nname = "a"\n[[rules]]\nname = "a"', "rules[1]", "one entry a `name`"),
        ("rules = 3", "rules", "It is 3."),
        ("[camera]\nviews = [1]", "camera.views[1]", "It is 1."),
    ],
)
def test_refused(policy, key, says, file, problems):
    found = problems(load, file(SMALL), policies=[file(policy, "policy.toml")])
    assert says in str(found[key])
    assert found[key].file.endswith("policy.toml")


@pytest.mark.parametrize(
    ("setting", "reads"),
    [
        ("camera.observe_every_seconds=30", lambda d: d.camera.observe_every_seconds == 30),
        ("camera.observe_every_seconds = 30.5", lambda d: d.camera.observe_every_seconds == 30.5),
        ('rules."glum lesson".flag="2 of last 3"', lambda d: d.rules[1].flag == "2 of last 3"),
        ("rules.glum lesson.flag=2 of last 3", lambda d: d.rules[1].flag == "2 of last 3"),
        ("rules.'glum lesson'.labels=['happy']", lambda d: d.rules[1].labels == ("happy",)),
        ("rules.glum lesson.off=true", lambda d: len(d.rules) == 1),
        ("title=Nobody's = school", lambda d: d.title == "Nobody's = school"),
        ("title=", lambda d: d.title == ""),
        ("population.groups.flat-affect.display=default", lambda d: d.population.groups[1].display == "default"),
        ("display.flat.bored={ happy = 1 }", lambda d: d.display["flat"]["bored"] == {"happy": 1}),
        ("face.hold_minutes=2", lambda d: d.face.hold_minutes == 2),
        ("rules=[]", None),
    ],
)  # fmt: skip
def test_settings(setting, reads, file, problems):
    if reads is None:  # the mark loses its rule
        assert "file.marks.resistant.rule" in problems(load, file(SMALL), settings=[setting])
    else:
        assert reads(load(file(SMALL), settings=[setting]))


def test_a_setting_is_one_line(file, problems):
    assert "control" in str(problems(load, file(SMALL), settings=["title=1\nx = 2"])["title"])


def test_entries_of_a_row_one_by_one(file):
    d = load(file(SMALL), settings=["pupil.next.bored.engaged=0.5", "pupil.next.bored.anxious=0.5"])
    assert d.pupil.next["bored"] == {"engaged": 0.5, "anxious": 0.5}


def test_ages_by_their_year(file):
    assert load(file(FULL), settings=["ages.2.display=default"]).ages[0].display == "default"


@pytest.mark.parametrize(
    ("setting", "key", "says"),
    [
        (
            "camera.observe_evry_seconds=3",
            "camera.observe_evry_seconds",
            "did you mean `observe_every_seconds`?",
        ),
        ("camra.observe_every_seconds=3", "camra", "did you mean `camera`?"),
        ("rules.glum lessn.flag=run of 2", 'rules."glum lessn"', 'did you mean "glum lesson"?'),
        ("rules.glum.flag=run of 2", "rules.glum", 'did you mean "glum lesson"?'),
        ("camera.observe_every_seconds=often", "camera.observe_every_seconds", 'the text "often"'),
        ("camera.observe_every_seconds=[[1", "camera.observe_every_seconds", 'the text "[[1"'),
        ("camera.observe_every_seconds.x=1", "camera.observe_every_seconds.x", "does not lead to a key"),
        ("camera.observe_every_seconds", "", "no KEY=VALUE"),
        ("=3", "", "no KEY=VALUE"),
        ("a..b=3", "", "no KEY=VALUE"),
        ('"\\q"=3', "", "no KEY=VALUE"),
        ("", "", "no KEY=VALUE"),
        ("schools=3", "schools", "it belongs to `population`"),
        ("camera.observe_every_seconds=" + "[" * 5000, "camera.observe_every_seconds", "[[["),
        ("population.schools=1" + "0" * 5000, "population.schools", "the text"),
    ],
)
def test_settings_refused(setting, key, says, file, problems):
    found = problems(load, file(SMALL), settings=[setting])
    assert says in str(found[key])
    assert found[key].file == f"--set {setting}"


@pytest.mark.parametrize("flag", ["share over 0.3", "top 3 of class"])
def test_a_rule_that_becomes_one_judged_once_loses_the_keys_of_windows(flag, laid, file):
    policy = f'[[rules]]\nname = "negative affect"\nflag = "{flag}"'
    for d in (laid(policy), load(file(SMALL), settings=[f"rules.negative affect.flag={flag}"])):
        assert d.rules[0].flag == flag
        assert not {"after_flag", "true_if"} & d.rules[0].model_fields_set
        assert d.rules[0].claims == ("bored", "anxious")
    assert laid('[[rules]]\nname = "negative affect"\nflag = "2 of last 4"').rules[0].model_fields_set >= {"after_flag"}


def test_a_policy_that_gives_a_key_of_windows_to_such_a_rule_is_refused(laid):
    (problem,) = problems_in(laid, '[[rules]]\nname = "glum lesson"\nafter_flag = "keep"')
    assert "means nothing" in problem.what


def test_what_is_wrong_only_since_something_was_laid_on_is_said_to_be(file, problems):
    found = problems(load, file(SMALL), settings=["pupil.next.engaged.bored=0.6", "rules.negative affect.off=true"])
    said = "So it is with --set pupil.next.engaged.bored=0.6, --set rules.negative affect.off=true; without"
    assert set(found) == {"pupil.next.engaged", "file.marks.resistant.rule"}
    assert all(said in p.what for p in found.values())
    broken = SMALL.replace("bored = 7\n", "bored = 0\n")
    found = problems(load, file(broken), settings=["pupil.next.engaged.bored=0.6"])
    assert not any("So it is with" in p.what for p in found.values())
