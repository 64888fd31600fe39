"""Letters in the languages of the places they go to: as many as in English, built alike, and in that language alone."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from misread import rights
from misread.rights.letters.questions import asks, from_gaps
from misread.rights.letters.template import choose, templates
from misread.rights.letters.words import date_words
from misread.rights.paper.markdown import to_markdown
from misread.rights.record.gaps import gaps
from misread.rights.record.worked import worked
from tests.rights.letters.samples import DAY, facts, written

SPOKEN = {"eu": ("de", "fr"), "br": ("pt-BR",), "cn": ("zh-Hans",), "in": ("hi",)}
ENGLISH = {id: template for id, template in templates().items() if template.head.language == "en"}
TRANSLATED = {id: template for id, template in templates().items() if template.head.language != "en"}
LANGUAGES = [language for languages in SPOKEN.values() for language in languages]

# What somebody tells who writes in that language: relation, child, class, view, whom to, system, what happened, remedy.
TOLD = {
    "de": ("Mutter", "Kind A", "5b", "Nein.", "Schulverband A", "X", "Seit Mai gibt es sie.", "Abschalten."),
    "fr": ("mère", "Enfant A", "6e B", "Non.", "Commune A", "X", "Depuis mai.", "L’arrêt."),
    "pt-BR": ("mãe", "Criança A", "5B", "Não.", "Secretaria A", "X", "Desde maio.", "O fim."),
    "zh-Hans": ("母亲", "孩子甲", "五年级二班", "不愿意。", "甲学校", "系统甲", "自五月起。", "停用。"),
    "hi": ("माता", "बच्चा क", "5ख", "नहीं।", "विद्यालय क", "प्रणाली क", "मई से।", "बंद हो।"),
}

# The laws, what they give and whom they bind, as their own texts call them there.
TERMS = {
    "access.eu.de": ("Auskunft", "Artikel 15 der Datenschutz-Grundverordnung (DSGVO)", "Artikel 12 Absatz 3 DSGVO"),
    "objection.eu.de": (
        "Widerspruch",
        "Artikel 21 der Datenschutz-Grundverordnung",
        "Einwilligung stützen, widerrufe",
        "Artikel 7 Absatz 3 DSGVO",
        "Artikel 5 Absatz 1 Buchstabe f der Verordnung (EU) 2024/1689 (KI-Verordnung)",
    ),
    "erasure.eu.de": ("Löschung", "Artikel 17 der Datenschutz-Grundverordnung (DSGVO)", "offengelegt"),
    "complaint.eu.de": ("Artikel 77 der Datenschutz-Grundverordnung (DSGVO)", "Verantwortliche", "KI-Verordnung"),
    "ai-complaint.eu.de": ("Artikel 85 der Verordnung (EU) 2024/1689", "Betreiber", "Buchstabe f der KI-Verordnung"),
    "impact-assessment.eu.de": ("Datenschutz-Folgenabschätzung", "Artikel 35", "Datenschutzbeauftragte"),
    "stop-request.eu.de": ("Artikel 5 Absatz 1 Buchstabe f", "Artikel 50 Absatz 3", "ausgesetzt"),
    "access.eu.fr": (
        "l’article 15 du règlement général sur la protection des données (RGPD)",
        "article 12, paragraphe 3, du RGPD",
        "durée de conservation",
        "logique sous-jacente",
    ),
    "objection.eu.fr": (
        "l’article 21 du règlement général",
        "l’article 7, paragraphe 3, du RGPD",
        "article 5, paragraphe 1, point f), du règlement (UE) 2024/1689 (règlement sur l’intelligence artificielle)",
    ),
    "erasure.eu.fr": ("effacement", "l’article 17 du règlement général", "communiquées"),
    "complaint.eu.fr": ("réclamation", "l’article 77 du règlement général", "responsable du traitement"),
    "ai-complaint.eu.fr": ("Réclamation", "article 85 du règlement (UE) 2024/1689", "déployeur"),
    "impact-assessment.eu.fr": ("Analyse d’impact relative à la protection des données", "délégué à la protection"),
    "stop-request.eu.fr": ("article 5, paragraphe 1, point f)", "article 50, paragraphe 3", "exposées"),
    "access.br.pt-BR": ("artigos 18 e 19 da Lei Geral de Proteção de Dados Pessoais (LGPD)", "declaração completa"),
    "objection.br.pt-BR": ("artigo 18 da Lei Geral", "artigo 14 da LGPD", "melhor interesse da criança", "revogo"),
    "erasure.br.pt-BR": ("Eliminação", "artigo 18 da Lei Geral de Proteção de Dados Pessoais (LGPD)"),
    "complaint.br.pt-BR": ("Petição", "artigo 18, § 1º, da Lei Geral", "controlador"),
    "records.br.pt-BR": ("Lei nº 12.527/2011 (Lei de Acesso à Informação)", "artigo 11", "20 dias"),
    "access.cn.zh-Hans": ("查阅、复制", "《中华人民共和国个人信息保护法》第四十四条至第五十条", "处理规则"),
    "objection.cn.zh-Hans": ("撤回", "《中华人民共和国个人信息保护法》第四十四条至第五十条"),
    "erasure.cn.zh-Hans": ("删除", "《中华人民共和国个人信息保护法》第四十七条"),
    "complaint.cn.zh-Hans": ("投诉", "《中华人民共和国个人信息保护法》第六十五条"),
    "records.in.hi": ("सूचना का अधिकार अधिनियम, 2005", "धारा 7(1)", "भारतीय नागरिक"),
}

# Words of English that none of these languages has.
LEFT = re.compile(r"(?i)\b(the|and|of|please|child|school|which|with|from|your|pupils?|alerts|labels|not|is|are)\b")
# What would say that somebody broke the law, or threaten: no letter does.
HARSH = {
    "de": r"(?i)rechtswidrig|illegal|gesetzwidrig|verboten ist|strafbar|Klage|Anwalt|verletz|!",
    "fr": r"(?i)illégal|illicite|viol(?!et)|délit|tribunal|avocat|poursuites|!",
    "pt-BR": r"(?i)ilegal|ilícit|viola|crime|processar|advogad|!",
    "zh-Hans": r"违法|非法|侵犯|起诉|律师|！",
    "hi": r"अवैध|गैरकानूनी|उल्लंघन|अपराध|मुकदम|!",
}
# How each says that other grounds stay open.
OPEN = {
    "de": r"insbesondere",
    "fr": r"notamment|en particulier",
    "pt-BR": r"em especial",
    "zh-Hans": r"包括但不限于",
    "hi": r"विशेष रूप से",
}


def letter(id, *flags, questions=(), without=()):
    """A letter in its language, from what somebody told who speaks it."""
    template = templates()[id]
    relation, child, school_class, view, to, system, events, remedy = TOLD[template.head.language]
    told = facts(
        *flags,
        without=without,
        sender={"name": "A. Example", "contact": "1", "relation": relation},
        child={"name": child, "birth_year": 2014, "school_class": school_class, "view": view},
        controller={"name": to},
        authority={"name": to},
        system={"name": system},
        events=events,
        remedy=remedy,
    )
    return written(template, told, questions=questions)


def conditions(template):
    return Counter(re.findall(r"\{%.*?%\}", template.body))


def test_each_place_has_every_letter_in_its_languages_and_no_other():
    expected = {
        f"{template.head.kind}.{place}.{language}"
        for place, languages in SPOKEN.items()
        for template in ENGLISH.values()
        if template.head.place == place
        for language in languages
    }
    assert set(TRANSLATED) == expected == set(TERMS)
    for template in TRANSLATED.values():
        assert choose(template.head.place, template.head.kind, template.head.language) is template


@pytest.mark.parametrize("id", TRANSLATED)
def test_it_is_built_as_the_english_one_is(id):
    template = TRANSLATED[id]
    english = ENGLISH[f"{template.head.kind}.{template.head.place}.en"]
    own = {"id", "language", "translation", "authentic", "may_quote"}
    assert template.head.model_dump(exclude=own) == english.head.model_dump(exclude=own)
    assert template.ids == english.ids
    assert conditions(template) == conditions(english)
    # It is written in a language of the place's offices, so it can be sent; and it says what it is.
    assert template.head.authentic
    assert template.head.translation == "unreviewed"
    assert template.head.may_quote == ()


@pytest.mark.parametrize("id", TRANSLATED)
def test_the_terms_of_the_law_stand_in_it(id):
    template = TRANSLATED[id]
    made = letter(id, *template.head.flags)
    text = to_markdown(made.paper).replace("\\", "")
    assert [term for term in TERMS[id] if term not in text] == []
    if "due" in made.why and made.due is not None and made.due.due is not None:
        assert date_words(made.due.due, template.head.language) in text
    assert "a translation that nobody whose language it is has reviewed" in to_markdown(made.covering)


@pytest.mark.parametrize("id", TRANSLATED)
def test_no_word_of_english_is_left(id):
    template = TRANSLATED[id]
    for flags, without in ((template.head.flags, ()), ((), ("system.name", "sender.relation"))):
        text = to_markdown(letter(id, *flags, without=without).paper).replace("A. Example", "")
        assert LEFT.findall(text) == []


@pytest.mark.parametrize("id", TRANSLATED)
def test_the_tone_is_calm_and_other_grounds_stay_open(id):
    template = TRANSLATED[id]
    language = template.head.language
    assert re.findall(HARSH[language], template.body) == []
    if template.head.kind not in ("stop-request", "impact-assessment"):
        assert re.search(f"(?i){OPEN[language]}", template.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_asked_in_the_language(language):
    there, english = asks(language), asks("en")
    assert list(there.fields) == list(english.fields)
    assert list(there.model) == list(english.model)
    for text in (*there.fields.values(), *there.model.values()):
        assert LEFT.findall(re.sub(r"\{\w+\}", "", text)) == []
        assert text == text.strip()
        assert text.endswith(("?", "？", ".", "。", "।"))
    assert len({*there.fields.values(), *there.model.values()}) == len(there.fields) + len(there.model)


@pytest.mark.parametrize(("place", "language"), [(p, one) for p, spoken in SPOKEN.items() for one in spoken])
def test_gaps_of_a_record_are_asked_for_in_it(place, language):
    kind = "records" if place == "in" else "access"
    questions = from_gaps(gaps(worked("967-schools"), rights.at(place, DAY), DAY), kind, language)
    text = to_markdown(letter(f"{kind}.{place}.{language}", questions=questions).paper).replace("\\", "")
    assert questions
    assert all(question.text in text for question in questions)


@pytest.mark.parametrize("id", [id for id in TRANSLATED if id.endswith(".fr")])
def test_french_has_its_spaces_and_apostrophes(id):
    text = TRANSLATED[id].body + "".join((*asks("fr").fields.values(), *asks("fr").model.values()))
    text = re.sub(r"\{[{%].*?[%}]\}", "", text)
    assert "'" not in text
    assert re.findall(r"(?<!\u00a0)[:;?!%]", text) == []


@pytest.mark.parametrize("id", [id for id in TRANSLATED if id.endswith(".zh-Hans")])
def test_chinese_has_its_own_stops_and_no_break_within_a_sentence(id):
    for line in re.sub(r"\{[{%].*?[%}]\}", "", TRANSLATED[id].body).splitlines():
        text = re.sub(r"^(\[#[a-z]+\]|#+|1\.) ", "", line)
        assert not re.search(r"[\u4e00-\u9fff][,.:;?!()]|[,.:;?!()][\u4e00-\u9fff]|\S \S", text)
