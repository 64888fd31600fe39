"""Packs from anybody: altered, forged, or made to do harm. Each is refused in one message, and nothing is written."""

from __future__ import annotations

import io
import json
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from misread.errors import MisreadError
from misread.report.pack import read_pack
from misread.report.pack.archive import LIMIT, read_archive, write_archive
from tests.pack.conftest import forged, members_of, zipped
from tests.pack.test_pack import refused

RELAXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)


def without(pack, *names):
    members = members_of(pack)
    for name in ("manifest.json", *names):
        del members[name]
    return members


def said_of(data, tmp_path):
    """What is said of a pack, which must be refused."""
    (tmp_path / "p.zip").write_bytes(data)
    with pytest.raises(MisreadError) as caught:
        read_pack(tmp_path / "p.zip")
    assert len(caught.value.problems) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["p.zip"]
    return str(caught.value)


@RELAXED
@given(st.data())
def test_any_byte_that_was_altered_is_noticed(pack, data):
    # Half of the draws from the ends, where names, sizes and directory lie.
    near = st.one_of(st.integers(0, 4000), st.integers(len(pack) - 2000, len(pack) - 1))
    at = data.draw(st.one_of(near, st.integers(0, len(pack) - 1)))
    other = bytes([pack[at] ^ data.draw(st.integers(1, 255))])
    with pytest.raises(MisreadError):
        read_archive(pack[:at] + other + pack[at + 1 :], "p.zip")


@RELAXED
@given(st.data())
def test_bytes_put_in_or_taken_out_are_noticed(pack, data):
    at, end = sorted((data.draw(st.integers(0, len(pack))), data.draw(st.integers(0, len(pack)))))
    added = data.draw(st.binary(max_size=40))
    other = pack[:at] + added + pack[end:]
    if other != pack:
        with pytest.raises(MisreadError):
            read_archive(other, "p.zip")


@RELAXED
@given(st.binary(max_size=2000))
def test_any_bytes_at_all_are_refused_in_one_message(data):
    with pytest.raises(MisreadError):
        read_archive(data, "p.zip")


@given(
    st.dictionaries(
        st.from_regex(r"\A(evidence/)?[a-z][a-z0-9_-]{0,20}\.(toml|json)\Z"), st.binary(max_size=300), max_size=8
    )
)
def test_what_is_written_is_read_back(members):
    members.pop("manifest.json", None)
    assert read_archive(write_archive(members), "p.zip") == members
    assert members_of(write_archive(members)).keys() == {"manifest.json", *members}


def test_a_bomb_is_refused_by_what_it_says(pack, tmp_path):
    members = {**without(pack, "report.html"), "report.html": b"0" * (LIMIT + 1)}
    data = zipped([("manifest.json", b"{}"), *members.items()], zipfile.ZIP_DEFLATED)
    assert len(data) < LIMIT / 100
    assert "It is a zip bomb: `" in said_of(data, tmp_path)


def test_a_small_bomb_is_refused_by_how_much_it_would_grow(pack, tmp_path):
    data = zipped([("manifest.json", b"0" * 1_000_000)], zipfile.ZIP_DEFLATED)
    assert "It is a zip bomb: `manifest.json` would unpack to 1,000,000 bytes" in said_of(data, tmp_path)


def test_a_bomb_that_lies_about_its_size(pack, tmp_path):
    bomb = bytearray(zipped([("manifest.json", b"0" * 1_000_000)], zipfile.ZIP_DEFLATED))
    # In the local header and in the directory: uncompressed size 100, method "stored".
    for at, size, method in ((0, 22, 8), (bomb.rindex(b"PK\x01\x02"), 24, 10)):
        struct.pack_into("<L", bomb, at + size, 100)
        struct.pack_into("<H", bomb, at + method, 0)
    assert "p.zip" in said_of(bytes(bomb), tmp_path)


def test_members_that_share_their_bytes(tmp_path):
    # A directory that names one stored member fifty times, as overlapping bombs do.
    one = zipped([("a.json", b"0" * 2_000_000)])
    start = one.rindex(b"PK\x01\x02")
    entry, end = one[start : one.rindex(b"PK\x05\x06")], one[one.rindex(b"PK\x05\x06") :]
    entries = b"".join(entry.replace(b"a.json", f"{i:06d}".encode()) for i in range(50))
    _, a, b, _, _, _, offset, comment = struct.unpack("<4s4H2LH", end)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", a, b, 50, 50, len(entries), offset, comment)
    assert "It is a zip bomb" in said_of(one[:start] + entries + tail, tmp_path)


def test_a_directory_of_thousands(tmp_path):
    assert "holds 5,000 files" in said_of(zipped([(f"{i}.json", b"") for i in range(5000)]), tmp_path)


@pytest.mark.parametrize(
    "name",
    ["../evil.toml", "/tmp/evil.toml", "evidence/../../evil.toml", "evidence\\..\\evil.toml", "C:\\evil.toml", "C:evil",
     "evidence/", "evidence//evil.toml", "evidence/sub/evil.toml", ".hidden", "a\x1b[31m.json", "évil.json", ""],
)  # fmt: skip
def test_names_that_lead_elsewhere(pack, tmp_path, name):
    data = forged({**without(pack), name: b"x"})
    said = said_of(data, tmp_path)
    assert "\x1b" not in said
    assert not (tmp_path.parent / "evil.toml").exists()


def test_encrypted_members(pack, tmp_path):
    data = bytearray(forged(without(pack)))
    for at, flags in ((0, 6), (data.index(b"PK\x01\x02", data.rindex(b"requirements.txt") - 5000), 8)):
        struct.pack_into("<H", data, at + flags, 1)
    directory = io.BytesIO(bytes(data))
    with zipfile.ZipFile(directory) as file:
        assert any(info.flag_bits & 1 for info in file.infolist())
    assert "is encrypted" in said_of(bytes(data), tmp_path)


def test_a_name_that_is_there_twice(pack, tmp_path):
    members = members_of(pack)
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([*members.items(), ("run.json", b"{}")])
    assert "`run.json` is in it twice" in said_of(data, tmp_path)


@pytest.mark.parametrize("name", ["run.json", "deployment.toml", "evidence.json", "findings.json", "report.html"])
def test_a_member_that_is_missing(pack, tmp_path, name):
    members = members_of(pack)
    del members[name]
    assert f"`{name}` is missing: the manifest has it" in said_of(zipped(members.items()), tmp_path)
    assert f"`{name}` is missing" in said_of(forged(without(pack, name)), tmp_path)


def test_without_a_manifest(pack, tmp_path):
    assert "It has no manifest.json" in said_of(zipped(without(pack).items()), tmp_path)


def test_a_format_that_is_not_known(pack, tmp_path):
    said = said_of(forged(without(pack), format="misread-pack/2"), tmp_path)
    assert "'misread-pack/2', which this version of misread does not know" in said


def test_a_zip_within_is_not_opened(pack, tmp_path):
    inner = zipped([("bomb", b"0" * 10_000)], zipfile.ZIP_DEFLATED)
    assert "`inner.zip` is nothing that a pack holds" in said_of(
        forged({**without(pack), "inner.zip": inner}), tmp_path
    )


def test_packed_again_by_another_program(pack, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members_of(pack).items():
            file.writestr(name, content)
    assert "not packed again by another program" in said_of(out.getvalue(), tmp_path) or "is compressed" in said_of(
        out.getvalue(), tmp_path
    )


@pytest.mark.parametrize(
    "source", ["evidence:{}#X01", "evidence:../{}#X01", "audit:{}", "evidence:evidence/no.toml#X01"]
)
def test_a_deployment_may_not_read_what_lies_on_this_machine(pack, tmp_path, source):
    secret = tmp_path.parent / "secret.toml"
    secret.write_text("a secret")
    members = without(pack)
    text = members["deployment.toml"].decode()
    rows = text.partition("[classifier.confusion.reference]\n")[2].partition("\n\n")[0]
    members["deployment.toml"] = text.replace(rows, f'from = "{source.format(secret)}"').encode()
    said = said_of(forged(members), tmp_path)
    assert "Its deployment takes a profile from" in said
    assert "a secret" not in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"draws": 10**9}, "asks for 1,000,000,000 draws"),
        ({"draws": -1}, "asks for -1 draws"),
        ({"draws": True}, "does not say its draws"),
        ({"seed": 2**40}, "with the seed"),
        ({"changed": [{"key": 1}]}, "does not say what changed the deployment"),
        ({"packages": {"a": 1}}, "does not say its packages"),
        ({"format": "misread-run/9"}, "The format of run.json is 'misread-run/9'"),
    ],
)
def test_a_run_that_says_nonsense_of_itself(pack, tmp_path, change, says):
    members = without(pack)
    members["run.json"] = json.dumps({**json.loads(members["run.json"]), **change}).encode()
    assert says in said_of(forged(members), tmp_path)


def test_a_deployment_that_is_none_is_refused_by_the_pack_s_name(pack, tmp_path):
    members = without(pack)
    members["deployment.toml"] = b"[camera]\nobserve = 3\n"
    (tmp_path / "p.zip").write_bytes(forged(members))
    said = refused("verify", tmp_path / "p.zip")
    assert f"{tmp_path / 'p.zip'}: deployment.toml: population\n" in said
    assert f"{tmp_path / 'p.zip'}: deployment.toml:2: camera.observe\n" in said
    assert said.startswith(str(tmp_path))
    assert "misread-" not in said.replace(str(tmp_path), "")


def test_no_pack_at_all(tmp_path):
    (tmp_path / "p.zip").write_text("hello")
    assert "It is no zip file" in refused("verify", tmp_path / "p.zip")
    assert "It cannot be read" in refused("verify", tmp_path / "none.zip")
    # Whatever does not end in .zip is a deployment.
    assert "There is no such file" in refused("verify", tmp_path / "pack.tar")
    (tmp_path / "folder.zip").mkdir()
    assert "It cannot be read" in refused("verify", tmp_path / "folder.zip")
