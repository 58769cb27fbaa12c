"""What is remembered of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.commands.inputs import fingerprint, identity
from detector_app.commands.run_journal import COMPLETE, RUNNING, OtherRunError, RunJournal
from detector_app.errors import SinkError

PARAMETERS = {"score": 0.5, "classes": ["cup"]}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"some bytes")
    return path


def test_a_crash_leaves_the_input_to_be_done_again(tmp_path: Path, clip: Path) -> None:
    out = tmp_path / "out"
    assert RunJournal(out, PARAMETERS).begin(str(clip), "clip.mp4").stem == "clip"
    after = RunJournal(out, PARAMETERS)
    assert [entry.state for entry in after.entries] == [RUNNING]
    assert after.finished(str(clip)) is None
    assert after.begin(str(clip), "clip.mp4").stem == "clip"
    assert len(after.entries) == 1


def test_what_is_complete_stays_so_until_it_changes(tmp_path: Path, clip: Path) -> None:
    journal = RunJournal(tmp_path / "out", PARAMETERS)
    entry = replace(journal.begin(str(clip), "clip.mp4"), state=COMPLETE, frames=3, outputs=("clip.jsonl",))
    journal.note(entry)
    assert RunJournal(tmp_path / "out", PARAMETERS).finished(str(clip)) == entry
    clip.write_bytes(b"other bytes!")
    assert RunJournal(tmp_path / "out", PARAMETERS).finished(str(clip)) is None


def test_every_take_of_a_camera_is_kept(tmp_path: Path) -> None:
    journal = RunJournal(tmp_path / "out", PARAMETERS)
    for stem in ("Front-door", "Front-door-2", "Front-door-3"):
        entry = journal.begin("camera:0", "Front door")
        assert entry.stem == stem
        journal.note(replace(entry, state=COMPLETE))
        assert journal.finished("camera:0") is None
    assert len(RunJournal(tmp_path / "out", PARAMETERS).entries) == 3


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SinkError, match=r"file/out cannot be written: Not a directory"):
        RunJournal(tmp_path / "file" / "out", PARAMETERS)


def test_other_parameters_are_another_run(tmp_path: Path, clip: Path) -> None:
    RunJournal(tmp_path, PARAMETERS).begin(str(clip), "clip.mp4")
    with pytest.raises(OtherRunError, match=r"score was 0\.5, now 0\.6"):
        RunJournal(tmp_path, {**PARAMETERS, "score": 0.6})
    assert RunJournal(tmp_path, {**PARAMETERS, "score": 0.6}, overwrite=True).entries == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 99}', '{"schema": 1, "parameters": {}, "inputs": [{"x": 1}]}']
)
def test_what_is_no_journal_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(SinkError, match=r"run\.json"):
        RunJournal(tmp_path, {})


def test_passwords_are_not_written_down(tmp_path: Path) -> None:
    RunJournal(tmp_path, PARAMETERS).begin("rtsp://me:secret@camera.local/1", "camera")
    assert "secret" not in (tmp_path / "run.json").read_text(encoding="utf-8")


def test_the_same_file_is_the_same_input_from_everywhere(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clip.parent)
    assert identity("clip.mp4") == identity(str(clip))
    assert fingerprint("clip.mp4") == fingerprint(str(clip)) != ""
    assert fingerprint("camera:0") == fingerprint("rtsp://camera.local/1") == ""
