"""How long `misread rights check` takes over a million rows, in every form it reads, beside a plain pass over them.

    python benchmarks/rights.py [ROWS]

The rows are made here: a look every four seconds of a school year, about a pupil who is made up. Each form is checked
by the command as a user types it, with a record and a calendar, in a process of its own: CPU seconds and the peak of
its memory are the process's. The peer is the shortest program that counts one column of the same file, in a process of
its own too, with the library one would take: csv, json, zipfile, openpyxl. Nothing is asserted; ratios are what can be
compared.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

ROWS = 1_000_000
OFFICE = "application/vnd.openxmlformats-officedocument"
EVERY = 4
"""Seconds from one look to the next."""
A_DAY = 5 * 3600 // EVERY
HEAD = ("pupil", "date", "time", "lesson", "emotion", "confidence", "alert", "camera", "model_version")
LABELS = ("neutral", "happy", "sad", "angry", "bored", "none")
CALENDAR = 'terms = [[2025-09-01, 2026-12-18]]\nhours = "08:00-13:00"\n'
COMMAND = """
import sys
from misread.cli.rights.check import check
check(sys.argv[1:], standalone_mode=False)
"""
PEERS = {
    "csv": """
import collections, csv, sys
with open(sys.argv[1], newline="") as file:
    print(collections.Counter(row["emotion"] for row in csv.DictReader(file)))
""",
    "zip": """
import collections, csv, io, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive, archive.open(archive.namelist()[0]) as file:
    print(collections.Counter(row["emotion"] for row in csv.DictReader(io.TextIOWrapper(file, newline=""))))
""",
    "jsonl": """
import collections, json, sys
with open(sys.argv[1]) as file:
    print(collections.Counter(json.loads(line)["emotion"] for line in file))
""",
    "json": """
import collections, json, sys
with open(sys.argv[1]) as file:
    print(collections.Counter(look["emotion"] for day in json.load(file)["days"] for look in day["looks"]))
""",
    "xlsx": """
import collections, openpyxl, sys
rows = openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True)
at = next(rows).index("emotion")
print(collections.Counter(row[at] for row in rows))
""",
}
NAMES = {
    "csv": ("CSV", "csv.DictReader"),
    "zip": ("ZIP of CSV", "zipfile, csv.DictReader"),
    "jsonl": ("JSON Lines", "json.loads a line"),
    "json": ("one JSON document, looks in days", "json.load, all at once"),
    "xlsx": ("XLSX", "openpyxl, read only"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
    megabytes: float


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        files = made(Path(folder), rows)
        calendar = Path(folder) / "calendar.toml"
        calendar.write_text(CALENDAR)
        options = ("--json", "--record", "967-schools", "--calendar", str(calendar))
        print(f"| {rows:,} rows as | MB | CPU s | peak MB | the peer | CPU s | peak MB | ÷ peer |")
        print("|---|---:|---:|---:|---|---:|---:|---:|")
        for form, path in files.items():
            own = cost(COMMAND, str(path), *options)
            peer = cost(PEERS[form], str(path))
            name, library = NAMES[form]
            size = path.stat().st_size / 1e6
            print(
                f"| {name} | {size:.0f} | {own.seconds:.1f} | {own.megabytes:.0f} | {library} "
                f"| {peer.seconds:.1f} | {peer.megabytes:.0f} | {own.seconds / peer.seconds:.1f} |"
            )


def cost(program: str, *typed: str) -> Cost:
    """What it takes to run a program in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, *typed], stdout=subprocess.DEVNULL
    ) as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{typed[0]}: exit code {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


# What is read.


def looks(rows: int) -> Iterator[tuple[str, ...]]:
    """Looks at one made-up pupil, on school days from 08:00 on."""
    lots = random.Random(1)
    day = datetime(2025, 9, 1, 8)
    for i in range(rows):
        if i and i % A_DAY == 0:
            day += timedelta(days=3 if day.weekday() == 4 else 1)
        at = day + timedelta(seconds=EVERY * (i % A_DAY))
        alert = "low engagement" if i % 400 == 399 else ""
        sure = f"{lots.uniform(0.3, 1):.3f}"
        lesson = str(i % A_DAY // 900 + 1)
        yield "P-17", str(at.date()), str(at.time()), lesson, lots.choice(LABELS), sure, alert, "cam-3", "2.1"


def made(folder: Path, rows: int) -> dict[str, Path]:
    """The same looks in every form."""
    files = {form: folder / f"looks.{form}" for form in NAMES}
    with files["csv"].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(looks(rows))
    with zipfile.ZipFile(files["zip"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(files["csv"], "export/looks.csv")
    with files["jsonl"].open("w") as file:
        file.writelines(f"{json.dumps(dict(zip(HEAD, look, strict=True)))}\n" for look in looks(rows))
    with files["json"].open("w") as file:
        in_days(file.write, rows)
    with zipfile.ZipFile(files["xlsx"], "w", zipfile.ZIP_DEFLATED) as archive:
        workbook(archive, rows)
    return files


def in_days(write, rows: int) -> None:
    """One document: days, and the looks of each."""
    write('{"studentId": "P-17", "days": [')
    last = ""
    for _pupil, date, time, lesson, label, sure, alert, camera, version in looks(rows):
        if date != last:
            write(f'{"]}, " if last else ""}{{"date": "{date}", "model_version": "{version}", "looks": [')
        else:
            write(",\n")
        last = date
        look = {"time": time, "lesson": int(lesson), "emotion": label, "confidence": float(sure), "camera": camera}
        write(json.dumps(look | ({"alert": alert} if alert else {})))
    write("]}]}")


def workbook(archive: zipfile.ZipFile, rows: int) -> None:
    """A workbook as spreadsheet programs write them: texts are shared, dates and numbers are numbers."""
    main, office = "http://schemas.openxmlformats.org", "officeDocument/2006/relationships"
    related = f"{main}/{office}"
    space = f'xmlns="{main}/spreadsheetml/2006/main"'
    shared: dict[str, int] = {}

    def put(column: str, number: int, cell: str) -> str:
        if column in "DF":
            return f'<c r="{column}{number}"><v>{cell}</v></c>'
        if column in "BC":
            style, value = (1, serial(cell)) if column == "B" else (2, serial_of_time(cell))
            return f'<c r="{column}{number}" s="{style}"><v>{value}</v></c>'
        return f'<c r="{column}{number}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>' if cell else ""

    with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
        head = "".join(
            f'<c r="{column}1" t="s"><v>{shared.setdefault(name, len(shared))}</v></c>'
            for column, name in zip("ABCDEFGHI", HEAD, strict=True)
        )
        sheet.write(f'<?xml version="1.0"?><worksheet {space}><sheetData><row r="1">{head}</row>'.encode())
        for number, look in enumerate(looks(rows), 2):
            cells = "".join(put(column, number, cell) for column, cell in zip("ABCDEFGHI", look, strict=True))
            sheet.write(f'<row r="{number}">{cells}</row>'.encode())
        sheet.write(b"</sheetData></worksheet>")
    texts = "".join(f"<si><t>{text}</t></si>" for text in shared)
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 21))
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{OFFICE}.spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("xl/workbook.xml", "sheet.main"),
            ("xl/worksheets/sheet1.xml", "worksheet"),
            ("xl/sharedStrings.xml", "sharedStrings"),
            ("xl/styles.xml", "styles"),
        )
    )
    kinds = ("worksheet", "sharedStrings", "styles")
    targets = ("worksheets/sheet1.xml", "sharedStrings.xml", "styles.xml")
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{related}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(zip(kinds, targets, strict=True))
    )
    package = f"{main}/package/2006"
    rels = f'xmlns="{package}/relationships"'
    for name, text in {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships {rels}><Relationship Id="r" Type="{related}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {rels}>{relations}</Relationships>",
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{related}"><sheets>'
        '<sheet name="Looks" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/sharedStrings.xml": f"<sst {space}>{texts}</sst>",
        "xl/styles.xml": f"<styleSheet {space}><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>"
        '<borders><border/></borders><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>'
        f"<cellXfs>{formats}</cellXfs></styleSheet>",
    }.items():
        archive.writestr(name, text)


def serial(date: str) -> int:
    return (datetime.fromisoformat(date) - datetime(1899, 12, 30)).days


def serial_of_time(time: str) -> float:
    return (datetime.fromisoformat(f"2000-01-01 {time}") - datetime(2000, 1, 1)) / timedelta(days=1)


if __name__ == "__main__":
    main()
