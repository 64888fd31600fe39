"""`misread pack`: everything behind a report in one file, for somebody who checks."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE.zip", help="The pack; by default DIR.zip, beside the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print what was packed as JSON.")
def pack(folder: str, out: str | None, as_json: bool) -> None:
    """Put a run into one file that can be run again anywhere.

    DIR is the folder that misread run wrote. The pack holds the deployment, the evidence it names, the findings, the
    report, the versions of everything that made them, and a digest of each; misread verify runs it again. The same
    folder always gives the same bytes.
    """
    target = _target(folder, out)
    import json
    from hashlib import sha256

    from misread.errors import printable
    from misread.files import write_whole
    from misread.report.pack import pack_folder
    from misread.report.pack.archive import FORMAT, read_archive

    data = pack_folder(Path(folder))
    write_whole(target, data)
    members = read_archive(data, str(target))
    if as_json:
        rows = [{"name": n, "bytes": len(c), "sha256": sha256(c).hexdigest()} for n, c in members.items()]
        answer = {
            "format": FORMAT,
            "pack": str(target),
            "bytes": len(data),
            "sha256": sha256(data).hexdigest(),
            "members": rows,
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    click.echo(f"Packed {len(members)} files, {len(data):,} bytes: {', '.join(members)}.")
    click.echo(f"Its digest (SHA-256), to give with it: {sha256(data).hexdigest()}")
    click.echo("\n" + printable(f"Pack: {target}"))


def _target(folder: str, out: str | None) -> Path:
    from misread.errors import MisreadError, Problem

    if out is None:
        here = Path(folder)
        # The name of `.` is that of the folder itself.
        return here.with_name(f"{here.name}.zip") if here.name else here.resolve().parent / f"{here.resolve().name}.zip"
    if not out.endswith(".zip"):
        what, mend = "A pack is one file whose name ends in .zip.", "name such a file."
        raise MisreadError(Problem(what, "FILE.zip.", mend, "--out", out))
    return Path(out)
