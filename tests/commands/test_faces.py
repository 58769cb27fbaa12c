"""``detector-app faces`` as a person types it, with the models that come with the app."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.cli import main
from tests.faces.embedders import embedder_card, tiny_embedder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``eileen.png``, ``mirrored.png``, ``small.png`` and ``blurred.png`` of one person, ``wall.png``, ``two.png``, ``clip.mp4``."""
    from skimage.data import astronaut

    folder = tmp_path_factory.mktemp("pictures")
    eileen: NDArray[np.uint8] = np.ascontiguousarray(astronaut()[..., ::-1])
    small = np.asarray(cv2.resize(eileen, (320, 320), interpolation=cv2.INTER_AREA), np.uint8)
    made = {
        "eileen": eileen,
        "mirrored": eileen[:, ::-1],
        "small": small,
        "blurred": cv2.GaussianBlur(eileen, (0, 0), 5),
        "wall": np.full((200, 200, 3), 170, np.uint8),
        "two": np.hstack([eileen[:300, 60:360], eileen[:300, 60:360]]),
    }
    for name, picture in made.items():
        cv2.imwrite(str(folder / f"{name}.png"), picture)
    with av.open(str(folder / "clip.mp4"), "w") as video:
        stream = video.add_stream("libx264", rate=10, options={"crf": "10"})
        stream.width = stream.height = 320
        stream.pix_fmt = "yuv420p"
        for _ in range(4):
            video.mux(stream.encode(av.VideoFrame.from_ndarray(small, format="bgr24")))
        video.mux(stream.encode())
    return folder


@pytest.fixture
def faces(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call ``detector-app faces`` in the folder of the pictures with a gallery of its own."""
    monkeypatch.chdir(pictures)

    def call(command: str, *words: str) -> int:
        return main(["faces", command, *words, "--gallery", str(tmp_path / "faces.sqlite3")])

    return call


def test_from_enrolling_to_forgetting(faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen Ålesund", "eileen.png", "small.png", "--keep-crops") == 0
    assert "Eileen Ålesund: 2 pictures enrolled, 2 in all" in capsys.readouterr().out
    assert faces("list") == 0
    out = capsys.readouterr().out
    assert "Eileen Ålesund  2 pictures, 2 faces kept, since 2" in out
    assert f"Everything stays on this machine, in {tmp_path / 'faces.sqlite3'}" in out
    assert faces("rename", "eileen ålesund", "Eileen Bergen") == 0
    capsys.readouterr()
    assert faces("list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["gallery"] == str(tmp_path / "faces.sqlite3")
    assert [(one["name"], one["pictures"], one["crops"]) for one in listed["people"]] == [("Eileen Bergen", 2, 2)]
    assert faces("export", "Eileen Bergen", str(tmp_path / "out")) == 0
    assert (tmp_path / "out" / "Eileen_Bergen" / "person.json").is_file()
    assert faces("forget", "EILEEN BERGEN") == 0
    assert b"Eileen" not in (tmp_path / "faces.sqlite3").read_bytes()
    assert faces("forget", "Eileen") == 1
    assert "Nobody called “Eileen” is enrolled" in capsys.readouterr().err


def test_bad_pictures_are_told_and_the_others_enrolled(faces: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen", "eileen.png", "blurred.png", "wall.png", "two.png", "missing.png") == 1
    out, err = capsys.readouterr()
    assert "1 picture enrolled" in out
    assert "The face in blurred.png is blurred" in err
    assert "There is no face in wall.png" in err
    assert "There are 2 faces in two.png" in err
    assert "missing.png" in err
    assert faces("enrol", "Wall", "wall.png") == 1
    assert "Wall was not enrolled" in capsys.readouterr().err
    assert faces("enrol", "Two", "two.png", "--largest") == 0


def test_verify_answers_in_words_and_in_json(faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("verify", "eileen.png", "eileen.png", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["distance"], found["same"], found["embedder"], found["doubts"]) == (0, True, "orl-faces", [])
    assert 0 < found["threshold"] < 2
    assert not (tmp_path / "faces.sqlite3").exists(), "no gallery is made for a question"
    assert faces("verify", "eileen.png", "mirrored.png") == 0
    assert capsys.readouterr().out.startswith("the same person: distance 0.")
    assert faces("verify", "eileen.png", "small.png", "--threshold", "0") == 0
    assert capsys.readouterr().out.startswith("two different people: distance 0.")
    assert faces("verify", "eileen.png", "wall.png") == 1
    assert "no face in wall.png" in capsys.readouterr().err


def test_the_threshold_of_the_gallery_is_in_force(faces: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen", "eileen.png", "small.png") == 0
    assert faces("threshold", "--set", "0.0001") == 0
    out = capsys.readouterr().out
    assert "in force 0.000" in out
    assert "too few enrolments" in out
    assert faces("verify", "eileen.png", "small.png") == 0
    assert capsys.readouterr().out.startswith("two different people")
    assert faces("threshold", "--set", "model", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["threshold"] == found["model"]
    assert (found["genuine_pairs"], found["impostor_pairs"], sum(found["genuine"])) == (1, 0, 1)
    for word in ("3", "-1", "much"):
        assert faces("threshold", "--set", word) == 2


def test_a_threshold_is_suggested_from_the_people_enrolled(
    faces: Any, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people"
    for name in ("s1", "s5", "s9"):
        (people / name).mkdir(parents=True)
        for number in range(1, 5):
            picture = shared_data / "faces" / "orl_faces400" / name / f"{number}.pgm"
            (people / name / picture.name).write_bytes(picture.read_bytes())
    faces("import", str(people))
    capsys.readouterr()
    assert faces("threshold", "--set", "suggested") == 0
    out = capsys.readouterr().out
    assert "from your own enrolments" in out
    assert "#" in out
    assert "·" in out
    assert " ←" in out


def test_search_finds_in_pictures_and_videos(faces: Any, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen", "eileen.png") == 0
    capsys.readouterr()
    assert faces("search", "eileen", "small.png", "wall.png", "clip.mp4", "--every", "2", "--json") == 0
    out, err = capsys.readouterr()
    hits = [json.loads(line) for line in out.splitlines()]
    assert [(hit["source"], hit["index"], hit["name"]) for hit in hits] == [
        ("small.png", 0, "Eileen"),
        ("clip.mp4", 0, "Eileen"),
        ("clip.mp4", 2, "Eileen"),
    ]
    assert "found 3 times" in err
    assert faces("search", "Eileen", "nowhere", "small.png") == 1
    out, err = capsys.readouterr()
    assert "nowhere" in err
    assert out.startswith("small.png: Eileen 0.")
    assert faces("search", "Bob", str(pictures)) == 1


def test_a_folder_of_people_is_imported(faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "people"
    for name in ("Eileen", "Wall"):
        (folder / name).mkdir(parents=True)
        (folder / name / "1.png").write_bytes(Path(f"{name.lower()}.png").read_bytes())
    assert faces("import", str(folder)) == 1
    out, err = capsys.readouterr()
    assert "1 person enrolled with 1 picture, 1 refused" in out
    assert "no face" in err


def test_a_run_names_faces_and_blurs_strangers(faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen", "eileen.png") == 0
    out = tmp_path / "named"
    assert faces("run", "clip.mp4", "--blur-unknown", "--save", "jsonl,csv,frames", "--out", str(out)) == 0
    lines = [json.loads(line) for line in (out / "clip.jsonl").read_text().splitlines()]
    assert len(lines) == 4
    assert all(line["detections"][0]["identity"]["name"] == "Eileen" for line in lines)
    with (out / "clip.csv").open(newline="") as file:
        assert [row["person"] for row in csv.DictReader(file)] == ["Eileen"] * 4
    known = cv2.imread(str(out / "clip_frames" / "000000.jpg"))
    assert faces("forget", "Eileen") == 0
    assert faces("run", "clip.mp4", "--blur-unknown", "--save", "jsonl,csv,frames", "--out", str(out)) == 2
    assert "people_sha256" in capsys.readouterr().err
    out = tmp_path / "blurred"
    assert faces("run", "clip.mp4", "--blur-unknown", "--save", "frames,jsonl", "--out", str(out)) == 0
    blurred = cv2.imread(str(out / "clip_frames" / "000000.jpg"))
    left, top, right, bottom = map(int, lines[0]["detections"][0]["xyxy"])
    inner = (slice(top + 8, bottom - 8), slice(left + 8, right - 8))

    def detail(picture: NDArray[np.uint8]) -> float:
        """The median, because landmarks are drawn on some pixels."""
        return float(np.median(np.abs(cv2.Laplacian(cv2.cvtColor(picture[inner], cv2.COLOR_BGR2GRAY), cv2.CV_64F))))

    assert detail(blurred) < detail(known) / 3
    (first, *_) = [json.loads(line) for line in (out / "clip.jsonl").read_text().splitlines()]
    assert first["detections"][0]["identity"] == {"name": None, "distance": None, "known": False}


def test_objects_and_faces_together(faces: Any, tmp_path: Path) -> None:
    assert faces("enrol", "Eileen", "eileen.png") == 0
    out = tmp_path / "out"
    words = ("--model", "desk-yolo+mtcnn", "--save", "jsonl", "--out", str(out), "--score", "0.05")
    assert faces("run", "eileen.png", *words) == 0
    found = json.loads((out / "eileen.jsonl").read_text())["detections"]
    named = [one for one in found if one["class_name"] == "face"]
    assert [one["identity"]["name"] for one in named if "identity" in one] == ["Eileen"]
    assert all("identity" not in one and "landmarks" not in one for one in found if one["class_name"] != "face")


@pytest.mark.parametrize("words", [("--classes", "cup"), ("--max-detections", "1"), ("--scan-every", "3")])
def test_nothing_is_chosen_away_that_ought_to_be_blurred(
    faces: Any, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert faces("run", "clip.mp4", "--blur-unknown", *words) == 2
    assert words[0] in capsys.readouterr().err


def test_another_embedder_embeds_kept_faces_anew(
    faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert faces("enrol", "Eileen", "eileen.png", "--keep-crops") == 0
    assert faces("enrol", "Somebody", "small.png") == 0
    other = tiny_embedder(tmp_path / "other.onnx", card=embedder_card(name="look-alike"), inside=False)
    assert faces("search", "Eileen", "mirrored.png", "--embedder", str(other), "--threshold", "2") == 0
    out, err = capsys.readouterr()
    assert "embedded anew with look-alike: 1 picture." in err
    assert "left out: 1 picture, because the faces were not kept" in err
    assert "mirrored.png: Eileen" in out


def test_a_damaged_gallery_is_told_and_mended(faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faces("enrol", "Eileen", "eileen.png") == 0
    path = tmp_path / "faces.sqlite3"
    path.write_bytes(b"\0" * 200 + path.read_bytes()[200:])
    assert faces("list") == 0
    out, err = capsys.readouterr()
    assert "is damaged" in err
    assert "set aside as faces.sqlite3.broken-" in err
    assert "Eileen" in out


def test_models_that_are_not_for_faces_are_refused(
    faces: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert faces("verify", "eileen.png", "small.png", "--face-model", "desk-yolo") == 1
    assert "does not find faces" in capsys.readouterr().err
    assert faces("verify", "eileen.png", "small.png", "--embedder", "nobody") == 1
    assert "There is no model nobody" in capsys.readouterr().err


def test_help_says_where_the_gallery_is_and_needs_neither_torch_nor_qt(repository: Path) -> None:
    code = (
        "import sys; from detector_app.cli import main\n"
        "try: main(['faces', '--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'torch', 'PySide6', 'onnxruntime'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=repository)
    assert done.returncode == 0, done.stderr
    assert "Everything stays on this machine" in done.stdout
    assert "faces.sqlite3" in done.stdout


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["faces"])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_people_are_told_apart(faces: Any, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People of the training set: how well it does with others, the training's own report says."""
    folder = shared_data / "faces" / "orl_faces400"
    for a, b, same in (("s1/1", "s1/3", True), ("s5/1", "s5/2", True), ("s1/1", "s5/1", False)):
        assert faces("verify", str(folder / f"{a}.pgm"), str(folder / f"{b}.pgm"), "--json") == 0
        assert json.loads(capsys.readouterr().out)["same"] is same
