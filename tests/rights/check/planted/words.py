"""Words that the field dictionary has never seen: names of columns and labels in six languages that it does not speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words of one language: several for each thing, so that no two exports need look alike.

    ``labels`` are in the order of `LABELS`, ``rules`` in that of `RULES`.
    """

    pupil: tuple[str, ...]
    date: tuple[str, ...]
    time: tuple[str, ...]
    moment: tuple[str, ...]
    lesson: tuple[str, ...]
    label: tuple[str, ...]
    kind: tuple[str, ...]
    alert: tuple[str, ...]
    entries: tuple[str, ...]
    reading_word: str
    alert_word: str
    rules: tuple[str, ...]
    labels: tuple[str, ...]


LABELS = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise", "away", "none")
RULES = ("negative affect", "not attentive")
CLASS_OF = {**dict.fromkeys(LABELS, "emotion"), "away": "gaze", "none": "nothing"}
"""What the deployment's own labels are, by which the made-up user answers."""

TONGUES: Mapping[str, Tongue] = {
    "Finnish": Tongue(
        pupil=("oppilas", "oppilastunnus"),
        date=("päivämäärä", "päiväys"),
        time=("kellonaika", "kello"),
        moment=("ajankohta", "hetki"),
        lesson=("oppitunti", "jakso"),
        label=("ilme", "mielentila", "tunnetila"),
        kind=("laji", "luokitus"),
        alert=("hälytys", "huomautus"),
        entries=("havainnot", "merkinnät"),
        reading_word="mittaus",
        alert_word="hälyte",
        rules=("alavire", "levoton"),
        labels=("ilmeetön", "iloinen", "surullinen", "vihainen", "pelokas", "inhoava", "yllättynyt", "muualla", "eikasvoja"),
    ),
    "Turkish": Tongue(
        pupil=("öğrenci", "öğrencino"),
        date=("tarih", "gün"),
        time=("saat", "dakika"),
        moment=("zaman", "zamandamgası"),
        lesson=("ders", "derssaati"),
        label=("duygu", "yüzifadesi", "ruhhali"),
        kind=("tür", "kayıttürü"),
        alert=("uyarı", "ikaz"),
        entries=("kayıtlar", "ölçümler"),
        reading_word="ölçüm",
        alert_word="uyarım",
        rules=("düşükmoral", "dalgın"),
        labels=("yansız", "mutlu", "üzgün", "kızgın", "korkmuş", "iğrenmiş", "şaşkın", "başkayöne", "yüzyok"),
    ),
    "Polish": Tongue(
        pupil=("uczeń", "wychowanek"),
        date=("dzień", "dzieńodczytu"),
        time=("godzina", "czas"),
        moment=("chwila", "znacznikczasu"),
        lesson=("lekcja", "zajęcia"),
        label=("nastrój", "minaucznia", "odczucie"),
        kind=("rodzaj", "typwpisu"),
        alert=("ostrzeżenie", "zgłoszenie"),
        entries=("wpisy", "odczyty"),
        reading_word="odczyt",
        alert_word="ostrzegawczy",
        rules=("przygnębienie", "rozkojarzenie"),
        labels=("obojętny", "wesoły", "smutny", "rozzłoszczony", "przestraszony", "zniesmaczony", "zdziwiony", "odwrócony", "beztwarzy"),
    ),
    "Swahili": Tongue(
        pupil=("mwanafunzi", "mtoto"),
        date=("tarehe", "siku"),
        time=("saa", "wakati"),
        moment=("muda", "mudawakipimo"),
        lesson=("kipindi", "somo"),
        label=("hisia", "haliyauso", "moyo"),
        kind=("aina", "ainaya"),
        alert=("tahadhari", "onyo"),
        entries=("vipimo", "maingizo"),
        reading_word="kipimo",
        alert_word="onyolake",
        rules=("hali duni", "bila makini"),
        labels=("tulivu", "furaha", "huzuni", "hasira", "hofu", "karaha", "mshangao", "kwingine", "bilauso"),
    ),
    "Hungarian": Tongue(
        pupil=("tanuló", "diákkód"),
        date=("keltezés", "nap"),
        time=("időpont", "óraperc"),
        moment=("időbélyeg", "mikor"),
        lesson=("tanóra", "óraszám"),
        label=("érzelem", "arckifejezés", "hangulat"),
        kind=("fajta", "bejegyzésfajta"),
        alert=("riasztás", "figyelmeztetés"),
        entries=("mérések", "bejegyzések"),
        reading_word="mérés",
        alert_word="riadó",
        rules=("rosszkedv", "szétszórt"),
        labels=("semleges", "vidám", "szomorú", "dühös", "rémült", "undorodó", "meglepett", "félrenéző", "nincsarc"),
    ),
    "Indonesian": Tongue(
        pupil=("murid", "siswa"),
        date=("tanggal", "hari"),
        time=("pukul", "jam"),
        moment=("waktu", "waktucatat"),
        lesson=("pelajaran", "jamke"),
        label=("perasaan", "raut", "suasanahati"),
        kind=("jenis", "golongan"),
        alert=("peringatan", "teguran"),
        entries=("catatan", "rekaman"),
        reading_word="ukuran",
        alert_word="teguranlisan",
        rules=("murung terus", "kurang simak"),
        labels=("biasa", "gembira", "sedih", "marah", "takut", "jijik", "terkejut", "menoleh", "tanpawajah"),
    ),
}  # fmt: skip

DISGUISES: Mapping[str, str] = {
    "head down": "apparent-expression",
    "yawning": "apparent-expression",
    "tired": "physical-state",
    "fidgeting": "behaviour",
    **dict.fromkeys(("leaning back", "low energy"), "behaviour"),
    **dict.fromkeys(("state b", "zone two", "pattern nine", "grade orange", "klasse vier", "type omega"), "emotion"),
}
"""What a label may be renamed to, and what a user would say that it is: words that say something else of a child, and
words that say nothing."""


def drawn(lots: Random, words: tuple[str, ...]) -> str:
    """One of several words, here and there as programs write it."""
    word = lots.choice(words)
    return lots.choice((word, word.capitalize(), word.upper() if word.isascii() else word))
