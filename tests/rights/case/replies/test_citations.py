"""The law that a reply names, compared with what the files have of the place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from misread.rights import at, law
from misread.rights.case.reading.citations import citations, pinpoints, statutes

DAY = date(2026, 11, 23)


def found(place, text, kind="access", on=DAY):
    return [(one.number, one.statute, one.fit, one.ids) for one in citations(text, at(place, on), kind)]


@pytest.mark.parametrize(
    ("place", "text", "number", "statute", "fit", "ids"),
    [
        ("eu", "under Article 15 GDPR", "15", "GDPR", "fits", ("eu.gdpr.15",)),
        ("eu", "gemäß Art. 12 Abs. 3 DSGVO", "12(3)", "GDPR", "fits", ("eu.gdpr.12-3",)),
        ("eu", "Article 12(5) of the GDPR", "12(5)", "GDPR", "not-in-files", ()),
        ("eu", "l'article 17 du RGPD", "17", "GDPR", "fits", ("eu.gdpr.17",)),
        ("eu", "nach § 34 BDSG", "34", "BDSG (Germany)", "not-in-files", ()),
        ("uk", "exempt under s. 40 FOIA 2000", "40", "Freedom of Information Act 2000", "other-kind", ()),
        (
            "uk",
            "section 164A of the Data Protection Act 2018",
            "164A",
            "Data Protection Act 2018",
            "fits",
            ("uk.dpa2018.164a", "uk.dpa2018.164a.ack"),
        ),
        ("uk", "Article 15 GDPR", "15", "UK GDPR", "fits", ("uk.gdpr.15",)),
        ("br", "nos termos do art. 18, § 1º, da LGPD", "18(1)", "LGPD", "fits", ("br.lgpd.18-20", "br.lgpd.18-1")),
        ("cn", "根据《个人信息保护法》第四十五条", "45", "PIPL", "fits", ("cn.pipl.44-50", "cn.pipl.45")),
        ("cn", "依据第20条,《数据安全法》", "20", "Data Security Law", "not-in-files", ()),
        ("in", "s. 11 of the DPDP Act 2023", "11", "DPDP Act 2023", "not-yet", ("in.dpdp.11",)),
        ("in", "धारा 8(1)(j), RTI Act 2005", "8(1)(j)", "RTI Act 2005", "other-kind", ()),
        ("us-il", "34 CFR 99.31(a)", "99.31(a)", "FERPA", "not-in-files", ()),
        ("us-il", "Article 15 GDPR", "15", "GDPR", "elsewhere", ()),
        ("eu", "34 CFR 99.10", "99.10", "FERPA", "elsewhere", ()),
        ("eu", "see section 5 below", "5", "", "unnamed", ()),
        ("eu", "under FERPA", "", "FERPA", "elsewhere", ()),
    ],
)
def test_a_citation_is_found_and_compared(place, text, number, statute, fit, ids):
    assert found(place, text) == [(number, statute, fit, ids)]


def test_a_code_of_illinois_has_its_own_numbers():
    assert found("us-il", "105 ILCS 10/5") == [
        ("10/5", "Illinois School Student Records Act (105 ILCS 10)", "fits", ("us-il.issra.10-5", "us-il.issra.10"))
    ]
    (one,) = found("us-il", "105 ILCS 5/10-20.40(b)", "objection")
    assert one[2:] == ("fits", ("us-il.sc.10-20-40",))


def test_several_numbers_of_one_law_are_told_apart():
    assert [one[0] for one in found("eu", "Articles 15 and 17 of the GDPR, § 34 BDSG")] == ["15", "17", "34"]


def test_each_number_has_the_law_that_stands_nearest():
    text = "We rest on section 40 of the Freedom of Information Act 2000. Article 15 UK GDPR was looked at."
    assert [(n, s) for n, s, _fit, _ids in found("uk", text)] == [
        ("40", "Freedom of Information Act 2000"),
        ("15", "UK GDPR"),
    ]


def test_the_kind_of_request_and_the_day_decide_whether_it_fits():
    assert found("uk", "s. 40 FOIA", "records")[0][2] == "not-in-files"
    assert found("in", "s. 11 DPDP Act 2023", on=date(2027, 6, 1))[0][2] == "fits"


@pytest.mark.parametrize("text", ["the laid plan was foiled", "a foil and a lai", "our school code of conduct", ""])
def test_words_that_look_like_names_of_laws_are_none(text):
    assert found("eu", text) == []


def test_pinpoints_of_the_files_are_read():
    assert pinpoints("PIPL Art. 44–50") == ("44", "45", "46", "47", "48", "49", "50")
    assert pinpoints("LGPD Art. 18, 19, 20") == ("18", "19", "20")
    assert pinpoints("Education Law s. 2-d") == ("2-d",)
    assert pinpoints("LGPD Art. 18 § 1") == ("18(1)",)
    assert pinpoints("Lei 12.527/2011") == ()


def test_every_statute_is_of_a_place_and_its_ids_are_there():
    places = law()
    for statute in statutes():
        assert set(statute.places) <= set(places), statute.name
        ids = [e.id for p in places.values() for e in (*p.provision, *p.deadline)]
        assert not statute.ids or any(id.startswith(statute.ids) for id in ids), statute.name


def test_every_provision_belongs_to_a_statute():
    known = [statute.ids for statute in statutes() if statute.ids]
    for place in law().values():
        for provision in place.provision:
            assert any(provision.id.startswith(ids) for ids in known), provision.id


@given(st.text(max_size=300), st.sampled_from(sorted(law())))
def test_any_text_can_be_looked_through(text, place):
    for one in citations(text, at(place, DAY), "access"):
        assert one.fit == "unnamed" or one.statute
        assert not one.ids or one.fit != "elsewhere"


@given(st.integers(1, 999))
def test_chinese_numbers_are_read(number):
    signs = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = f"{signs[hundreds]}百" if hundreds else ""
    said += f"{signs[tens] if tens > 1 or hundreds else ''}十" if tens else "零" if hundreds and ones else ""
    said += signs[ones] if ones else ""
    assert found("cn", f"《个人信息保护法》第{said}条")[0][0] == str(number)
