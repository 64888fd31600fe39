"""Profiles from audits, against rows computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from misread.deployment import digest, load, load_text, resolve_profiles, unsupported
from misread.errors import MisreadError

from .audits import OF_F, OF_M, WORTH, audit, written
from .samples import SMALL, with_profile

FROM = 'from = "audit:audits/audit.json{group}"\nlabels = {{ happiness = "happy", sadness = "sad" }}\n'
MAPPED = FROM + 'expressions = {{ happy = "happiness", sad = "sadness" }}\n'


@pytest.fixture
def profile(file, tmp_path):
    """The profile `reference` of a school whose audit lies in a folder beside it."""

    def of(group="", spec=MAPPED, text=SMALL, **changes):
        written(tmp_path / "audits" / "audit.json", **changes)
        loaded = load(file(with_profile(spec.format(group=group), text)))
        assert unsupported(loaded) == ()
        return resolve_profiles(loaded)["reference"]

    return of


@pytest.mark.parametrize(
    ("group", "counts", "worth"),
    [
        ("", np.add(OF_F, OF_M), WORTH[""]),
        ("#sex=f", OF_F, WORTH["f"]),
        ("#sex=m", OF_M, WORTH["m"]),
    ],
)
def test_rows_are_shares_and_worth_what_their_persons_allow(profile, group, counts, worth):
    found = profile(group)
    counts = np.asarray(counts, dtype=float)
    assert found.expressions == ("neutral", "happy", "sad")
    assert found.labels == ("neutral", "happy", "sad", "none")
    np.testing.assert_allclose(found.p, counts / counts.sum(axis=1, keepdims=True), rtol=1e-14)
    np.testing.assert_allclose(found.n, worth)
    assert found.support.all()


def test_the_source_in_words(profile):
    said = profile("#sex=f").source
    assert said.startswith("audit.json: an audit of 240 photographs of answers.csv, of these sex f (measured)")
    assert "12 persons in a row" in said
    assert "/" not in said


def always():
    """The audit with an answer to every face."""
    content = audit()
    for margin in content["margins"]:
        for part in margin["parts"]:
            for row in part["rows"]:
                row["counts"][0] += row["counts"].pop()
                row["counts"].append(0)
    return {"margins": content["margins"]}


def test_none_that_was_never_answered_may_still_be(profile):
    found = profile(**always())
    assert (found.p[:, 3] == 0).all()
    assert found.support.all()


def test_none_that_was_never_answered_is_no_word_where_the_deployment_has_none(profile):
    text = SMALL.replace(", none = 0.02", "").replace('"sad", "none"]', '"sad"]')
    assert profile(text=text, **always()).labels == ("neutral", "happy", "sad")
    with pytest.raises(MisreadError, match='The columns "none" of'):
        profile(text=text)


def test_faces_whose_persons_nobody_knows(profile):
    margins = audit()["margins"]
    for margin in margins:
        for part in margin["parts"]:
            part["persons"] = None
            part["rows"] = [{"n": row["n"], "counts": row["counts"], "n_eff": row["n"]} for row in part["rows"]]
    found = profile(margins=margins, persons=None)
    assert found.n.tolist() == [90, 100, 50]
    assert "independent (assumption)" in found.source


def test_the_same_counts_in_another_place_are_the_same_deployment(file, tmp_path):
    texts = []
    for place in ("audits", "elsewhere/deep"):
        written(tmp_path / place / "audit.json")
        text = with_profile(MAPPED.format(group="#sex=f").replace("audits", place))
        texts.append(digest(load(file(text))))
    assert texts[0] == texts[1]
    written(tmp_path / "audits" / "audit.json", persons=23)
    assert digest(load(file(with_profile(MAPPED.format(group="#sex=f"))))) == texts[0]
    assert digest(load(file(with_profile(MAPPED.format(group="#sex=m"))))) != texts[0]


def test_a_setting_names_a_file_from_here(file, tmp_path, monkeypatch):
    written(tmp_path / "here" / "audit.json")
    written(tmp_path / "audits" / "audit.json")
    monkeypatch.chdir(tmp_path)
    setting = "classifier.confusion.reference.from=audit:here/audit.json#sex=m"
    loaded = load(file(with_profile(MAPPED.format(group=""))), settings=[setting])
    assert resolve_profiles(loaded)["reference"].n.tolist() == list(WORTH["m"])


@pytest.mark.parametrize(
    ("group", "what", "mend"),
    [
        ("#age=9", '"age" is no group column', "column=level"),
        ("#sex=n", '"n" is no level of "sex"', "column=level"),
        ("#sex", '"sex" is no group column', ""),
        ("#sx=f", '"sx" is no group column', 'did you mean "sex"'),
        ("#sex=f,sex=m", "Nobody in it is sex f,sex=m", "fewer columns"),
    ],
)
def test_groups_that_are_not_there(profile, group, what, mend):
    with pytest.raises(MisreadError) as caught:
        profile(group)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert mend in problem.mend
    assert problem.file.endswith("audit.json")
    assert "school.toml:" in problem.mend


def test_a_file_that_is_not_there(file, problems):
    (problem,) = problems(load, file(with_profile('from = "audit:p.json"'))).values()
    assert problem.what == "There is no such file."
    assert problem.file.endswith("p.json")


def test_words_that_are_not_mapped(profile):
    with pytest.raises(MisreadError) as caught:
        profile(spec='from = "audit:audits/audit.json"\n')
    said = str(caught.value)
    assert '"happiness", "sadness"' in said
    assert 'The displays show "happy", for which audit:audits/audit.json has no row' in said


def test_an_expression_without_faces_has_no_row(profile):
    margins = audit()["margins"]
    everybody, gone = margins[0]["parts"][0]["rows"], margins[1]["parts"][0]["rows"][2]
    everybody[2]["counts"] = [both - f for both, f in zip(everybody[2]["counts"], gone["counts"], strict=True)]
    everybody[2]["n"] -= gone["n"]
    margins[1]["parts"][0]["rows"][2] = {"n": 0, "counts": [0, 0, 0, 0], "persons": 0}
    rows = sum(row["n"] for row in everybody)
    source = {"name": "answers.csv", "rows": rows, "counted": rows}
    assert profile("#sex=m", margins=margins, source=source).n.tolist() == list(WORTH["m"])
    with pytest.raises(MisreadError, match='"sadness" is no row'):
        profile("#sex=f", margins=margins, source=source)


def test_of_groups_of_few_persons_it_tells_nothing(profile):
    margins = audit()["margins"]
    nothing = {"n": 0, "counts": [0, 0, 0, 0], "left_out": True}
    for part in margins[1]["parts"]:
        part["rows"], part["persons"] = [nothing] * 3, None
    assert profile("", margins=margins).n.tolist() == list(WORTH[""])
    with pytest.raises(MisreadError) as caught:
        profile("#sex=f", margins=margins)
    (problem,) = caught.value.problems
    assert "It tells nothing of sex f by themselves" in problem.what
    assert problem.expected == "a group of five persons or more."


def test_a_deployment_that_is_in_no_file_reads_none(tmp_path):
    path = written(tmp_path / "audit.json")
    text = with_profile(f'from = "audit:{path}"')
    with pytest.raises(MisreadError, match="files are not read here"):
        load_text(text)
    with pytest.raises(MisreadError, match="files are not read here"):
        load_text(SMALL, policies=[f"audit:{path}"])


def test_a_study_that_a_setting_names_is_looked_for_from_here(file, tmp_path, monkeypatch):
    from tests.pack.conftest import STUDY

    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "study.toml").write_text(STUDY)
    monkeypatch.chdir(tmp_path)
    text = with_profile('from = "claim"\naccuracy = 0.9', SMALL.replace('"sad", "none"]', '"sad"]'))
    loaded = load(file(text), settings=['classifier.confusion.reference={from="evidence:ours/study.toml#X01"}'])
    assert resolve_profiles(loaded)["reference"].p[0].tolist() == [0.8, 0.05, 0.15]
