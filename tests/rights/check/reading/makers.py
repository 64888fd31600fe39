"""Files made for the tests: small exports in every form, and workbooks written part by part."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

HEAD = ("pupil", "ts", "label")
ROWS = (("A", "2026-09-02 08:00:00", "bored"), ("A", "2026-09-02 08:05:00", ""), ("A", "2026-09-02 08:10:00", "happy"))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def csv_of(rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def zip_of(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(sheet: str, shared: str = "", styles: str = "", **more: bytes) -> bytes:
    """A workbook of one sheet, its XML given; `more` are further parts."""
    kinds = {"styles": styles, "sharedStrings": shared}
    related = "".join(
        f'<Relationship Id="{kind}" Type="{RELATED}/{kind}" Target="{kind}.xml"/>'
        for kind, text in kinds.items()
        if text
    )
    return zip_of(
        {
            "[Content_Types].xml": b"<Types/>",
            "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="s" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>{related}</Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            **{f"xl/{kind}.xml": text.encode() for kind, text in kinds.items() if text},
            **more,
        }
    )  # fmt: skip


def sheet_xml(*rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def every_form() -> dict[str, bytes]:
    """The same three rows in each form that is read."""
    objects = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
    table = csv_of((HEAD, *ROWS))
    return {
        "a.csv": table,
        "b.csv": csv_of((HEAD, *ROWS), ";", "utf-16"),
        "c.json": json.dumps({"source": "made up", "readings": objects}).encode(),
        "d.jsonl": "\n".join(map(json.dumps, objects)).encode(),
        "e.xlsx": xlsx_of({"One": (HEAD, *ROWS), "Two": (HEAD, *ROWS)}),
        "f.zip": zip_of({"in/a.csv": table, "in/e.xlsx": xlsx_of({"One": (HEAD, *ROWS)}), "photo.jpg": b"\xff\xd8\xff\xe0\x00"}),
    }  # fmt: skip
