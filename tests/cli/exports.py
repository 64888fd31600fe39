"""Readers of the six layouts, written from what they look like: names, orders and words stand here a second time."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

from openpyxl import load_workbook

KINDS = ("label", "flag", "mark", "decision")


def core(entry):
    """What every layout tells of an entry."""
    return (
        entry.at,
        entry.lesson,
        str(entry.kind),
        entry.word,
        entry.message,
        entry.told,
        entry.by,
        chance(entry.chance),
    )


def chance(number):
    return None if number is None else round(number, 6)


def read(layout, data):
    """The entries in an export."""
    return {
        "log": log,
        "tabelle": tabelle,
        "days": days,
        "events": events,
        "years": years,
        "releves": releves,
    }[layout](data)


def log(data):
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")):
        (kind,) = (k for k in KINDS if row[k])
        at = datetime.fromisoformat(f"{row['date']} {row['time']}")
        told = tuple(filter(None, row["notified"].split(", ")))
        fate = _fate(row["outcome"], "chosen", "not chosen", "tied ")
        yield at, int(row["lesson"] or 0), kind, row[kind], row["message"], told, row["decided by"], fate


def tabelle(data):
    assert data.startswith(b"\xef\xbb\xbf")
    kinds = {"Messung": "label", "Meldung": "flag", "Vermerk": "mark", "Entscheidung": "decision"}
    who = {"Lehrkraft": "teacher", "Eltern": "parent", "Beratung": "counsellor"}
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert "." not in row["Minute ab 8 Uhr"]
        minute = float(row["Minute ab 8 Uhr"].replace(",", "."))
        at = datetime.strptime(row["Datum"], "%d.%m.%Y") + timedelta(hours=8, milliseconds=round(minute * 60_000))
        told = tuple(who[w] for w in filter(None, row["Empfänger"].split(" + ")))
        fate = _fate(row["Ergebnis"], "ausgewählt", "nicht ausgewählt", "gleichauf an der Grenze, Chance ")
        lesson = int(row["Stunde"] or 0)
        yield at, lesson, kinds[row["Art"]], row["Eintrag"], row["Mitteilung"], told, row["Entscheider"], fate


def days(data):
    whole = json.loads(data)
    assert whole["source"] == "made up by misread; no child"
    for day in whole["days"]:

        def at(row, day=day):
            return datetime.fromisoformat(f"{day['date']} {row['at']}")

        for period in day.get("periods", []):
            n = period["period"]
            found = [(at(r), 0, n, "label", r["emotion"], "", (), "", None) for r in period.get("readings", [])]
            for r in period.get("alerts", []):
                found.append((at(r), 1, n, "flag", r["alert"], r["text"], tuple(r["sentTo"]), "", None))
            # Stable: flags of one look stay in their order.
            for time, _, *rest in sorted(found, key=lambda f: f[:2]):
                yield time, *rest
        for r in day.get("designations", []):
            yield at(r), 0, "mark", r["designation"], "", (), "", None
        for r in day.get("decisions", []):
            fate = _fate(r["result"], "selected", "not selected", "tied, chance ")
            yield at(r), 0, "decision", r["decision"], "", (), r["decidedBy"], fate


def events(data):
    kinds = {"affect.reading": "label", "affect.alert": "flag", "profile.tag": "mark", "profile.decision": "decision"}
    who = {"staff": "teacher", "guardian": "parent", "counsel": "counsellor"}
    for line in data.decode("utf-8").splitlines():
        e = json.loads(line)
        at = datetime.fromtimestamp(e["ts"] / 1000, UTC).replace(tzinfo=None)
        told = tuple(who[w] for w in e.get("rcpt", []))
        kind = kinds[e["type"]]
        yield at, e.get("slot", 0), kind, e["value"], e.get("msg", ""), told, e.get("actor", ""), chance(e.get("p"))


def years(data):
    who = {"Teacher": "teacher", "Parent/guardian": "parent", "Counselor": "counsellor"}
    columns = ("Mood", "Concern", "Profile tag", "Placement decision")
    for sheet in load_workbook(io.BytesIO(data), read_only=True):
        assert re.fullmatch(r"Grade( \d+)?", sheet.title)
        for row in _rows(sheet):
            (column,) = (c for c in columns if row[c])
            at = _time(row["Date and time"], "%m/%d/%Y", "%I:%M:%S", " %p")
            told = tuple(who[w] for w in filter(None, row["Notice sent to"].split("; ")))
            fate = _fate(row["Result"], "Selected", "Not selected", "Tied at cutoff, chance ")
            kind = KINDS[columns.index(column)]
            yield at, row["Class period"] or 0, kind, row[column], row["Notice"], told, row["Made by"], fate


def releves(data):
    who = {"enseignant": "teacher", "parents": "parent", "conseiller": "counsellor"}
    (sheet,) = load_workbook(io.BytesIO(data), read_only=True)
    assert sheet.title == "Relevés"
    for row in _rows(sheet):
        start = _time(f"{row['Date']} {row['Heure de début']}", "%d/%m/%Y", "%H:%M:%S", "")
        n, found = row["Séance"] or 0, []
        for head, value in row.items():
            if offset := re.fullmatch(r"Relevé \+(\S+) min", head):
                if value:
                    assert "." not in offset[1]
                    after = timedelta(milliseconds=round(float(offset[1].replace(",", ".")) * 60_000))
                    found.append((start + after, 0, n, "label", value, "", (), "", None))
            elif (number := re.fullmatch(r"Signalement (\d+)", head)) and value:
                i = number[1]
                told = tuple(who[w] for w in filter(None, row[f"Destinataires {i}"].split(" et ")))
                at = _time(f"{row['Date']} {row[f'Heure du signalement {i}']}", "%d/%m/%Y", "%H:%M:%S", "")
                found.append((at, 1, n, "flag", value, row[f"Message {i}"], told, "", None))
        for time, _, *rest in sorted(found, key=lambda f: f[:2]):
            yield time, *rest
        if row["Mention"]:
            yield start, 0, "mark", row["Mention"], "", (), "", None
        if row["Décision"]:
            fate = _fate(row["Issue"], "retenu", "non retenu", "ex æquo au seuil, probabilité ")
            yield start, 0, "decision", row["Décision"], "", (), row["Décidée par"], fate


def _rows(sheet):
    rows = sheet.iter_rows(values_only=True)
    head = next(rows)
    for row in rows:
        cells = (*row, *[None] * (len(head) - len(row)))
        yield {h: "" if c is None else c for h, c in zip(head, cells, strict=True)}


def _time(text, date, clock, half):
    rest = ".%f" if "." in text else ""
    return datetime.strptime(text, f"{date} {clock}{rest}{half}")


def _fate(text, chosen, not_chosen, tied):
    if text in ("", chosen, not_chosen):
        return {"": None, chosen: 1, not_chosen: 0}[text]
    return chance(float(re.search(r"[0-9.,e-]+$", text)[0].replace(",", "."))) if text.startswith(tied) else text
