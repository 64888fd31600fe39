"""The day that is shipped is what the command makes: its first look, rendered and read again."""

from __future__ import annotations

import pytest

from misread.closed.day import shipped
from misread.closed.day.make import cast_of, made
from misread.closed.day.model import DAY, Day, faces_name, picture, room_name
from misread.closed.readers.packages.place import kept

pytest.importorskip("vtkmodules", reason="the renderer's pictures need VTK: pip install misread[closed]")


@pytest.mark.long
@pytest.mark.skipif(kept() is None, reason="no networks: run `misread closed prepare`")
def test_the_first_look_made_again_is_the_one_that_is_shipped() -> None:
    told: list[tuple[int, int]] = []
    files = made(cast_of(), lambda done, of: told.append((done, of)), first=1)
    again, day = Day.model_validate_json(files[DAY]), shipped()
    assert told == [(1, 1)]
    assert [one.faces[0] for one in again.pupils] == [one.faces[0] for one in day.pupils]
    assert again.database == day.database
    assert again.moments == day.moments[:1]
    assert files[room_name(0)] == picture(room_name(0))
    assert set(files) >= {faces_name(one.pupil) for one in day.pupils if one.between_eyes}
