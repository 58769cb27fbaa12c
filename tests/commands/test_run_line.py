"""The line that does what the window does: written and read back, every value of it."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detector_app.commands import faces, run
from detector_app.commands.chosen_settings import chosen_settings
from detector_app.commands.run_line import Gap, Names, Shown, gaps_of, posix_line, windows_line, words_of
from detector_app.model_card import ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings
from tests.onnx_files import tiny_card


def parsed(words: tuple[str, ...]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    for command in (run, faces):
        command.add_parser(subparsers)
    return parser.parse_args(words)


shares = st.floats(0, 1, allow_nan=False)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
class_names = st.lists(
    texts | st.sampled_from(["cup", "a,b", " wide ", "#1", '面包 "a"', "it's", "-x"]), min_size=1, max_size=6
)


@st.composite
def shown_detectors(draw: st.DrawFn) -> Shown:
    card = replace(tiny_card(), classes=tuple(draw(class_names)))
    classes = draw(st.none() | st.frozensets(st.integers(0, len(card.classes) - 1)))
    settings = DetectSettings(
        draw(shares),
        draw(shares),
        classes,
        draw(st.booleans()),
        draw(st.integers(1, 10000)),
        draw(st.integers(1, 100000)),
    )
    providers = draw(st.sampled_from(["auto", "cuda", "cpu"]))
    return Shown(
        "/films/" + draw(texts), "desk-yolo", card, settings, providers=providers, strict=draw(st.booleans()),
        threads=draw(st.integers(0, 256)),
    )  # fmt: skip


@given(shown_detectors())
@example(
    Shown("/a.mp4", "desk-yolo", replace(tiny_card(), classes=("-x", "y")), DetectSettings(classes=frozenset({0})))
)
def test_what_is_written_is_read_back(shown: Shown) -> None:
    args = parsed(words_of(shown))
    assert chosen_settings(shown.card, args) == shown.settings
    assert [Path(spec) for spec in args.inputs] == [Path(shown.spec).absolute()]
    assert args.providers == (None if shown.providers == "auto" else (shown.providers,))
    assert (args.strict, args.threads or 0) == (shown.strict, shown.threads)


@pytest.fixture(scope="module")
def mtcnn() -> ModelCard:
    pipeline = load_pipeline("mtcnn", providers=("cpu",), threads=1)
    pipeline.close()
    return pipeline.card


@given(
    st.floats(12, 1000), st.floats(0.3, 0.95), shares, shares, st.integers(1, 60), shares
)  # fmt: skip
def test_a_cascade_is_read_back(
    mtcnn: ModelCard, least_px: float, factor: float, propose: float, refine: float, every: int, score: float
) -> None:
    cascade = CascadeSettings(least_px, factor, propose, refine, None, every)
    settings = replace(default_settings(mtcnn), cascade=cascade, score=score)
    words = words_of(Shown("camera:0", "mtcnn", mtcnn, settings))
    assert chosen_settings(mtcnn, parsed(words)) == settings


def test_what_is_usual_is_left_out() -> None:
    card = tiny_card()
    assert words_of(Shown("/a/film.mp4", "desk-yolo", card, default_settings(card))) == (
        "run",
        str(Path("/a/film.mp4")),
    )
    names = words_of(Shown("/a/film.mp4", "mtcnn", card, default_settings(card), names=Names()))
    assert names == ("faces", "run", str(Path("/a/film.mp4")))


def test_faces_with_names_are_another_command(mtcnn: ModelCard, tmp_path: Path) -> None:
    people = Names(blur_strangers=True, embedder="other", gallery=tmp_path / "people.db")
    settings = default_settings(mtcnn)
    assert settings.cascade is not None
    fast = replace(settings, cascade=replace(settings.cascade, scan_every=5))
    shown = Shown("/a.mp4", "desk-yolo+mtcnn", mtcnn, fast, names=people)
    args = parsed(words_of(shown))
    assert (args.blur_unknown, args.embedder, args.gallery) == (True, "other", tmp_path / "people.db")
    assert args.model == "desk-yolo+mtcnn"
    assert args.scan_every is None, "every frame is searched where strangers are blurred"
    assert gaps_of(shown) == ()
    assert gaps_of(replace(shown, settings=replace(fast, classes=frozenset()))) == (Gap.BLURRED_CHOICE,)


def test_two_models_of_which_one_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my model.onnx").touch()
    monkeypatch.chdir(tmp_path)
    card = tiny_card()
    words = words_of(Shown("film.mp4", "my model.onnx+mtcnn", card, default_settings(card)))
    assert words[-1] == f"{tmp_path / 'my model.onnx'}+mtcnn"


def test_what_the_line_does_not_say_is_known() -> None:
    card = tiny_card()
    shown = Shown("rtsp://me:secret@house/1", "desk-yolo", card, default_settings(card), live=True, corrected=True)
    assert gaps_of(shown) == (Gap.LIVE, Gap.PASSWORD, Gap.CARD)
    assert Gap.CARD not in gaps_of(replace(shown, card_file=Path("/a/card.json")))
    assert "secret" not in posix_line(words_of(shown))


def test_a_classifier_has_no_thresholds() -> None:
    card = replace(tiny_card(), task="classify", decoder="classify", heads=(), outputs=())
    assert words_of(Shown("/a.png", "digits", card, DetectSettings(score=0.9)))[-2:] == ("--model", "digits")


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_posix_shell_takes_the_words_apart_again(words: list[str]) -> None:
    assert shlex.split(posix_line(tuple(words)))[1:] == words


@given(st.lists(st.text(st.sampled_from('ab \\"&,面'), max_size=8), max_size=5))
def test_windows_takes_the_words_apart_again(words: list[str]) -> None:
    assert split_as_windows_does(windows_line(tuple(words)))[1:] == words


def split_as_windows_does(line: str) -> list[str]:
    """The rules of ``CommandLineToArgvW``: 2n backslashes and a quote are n and a border; 2n+1 are n and a quote."""
    words: list[str] = []
    word, inside, begun, i = "", False, False, 0
    while i < len(line):
        slashes = len(line[i:]) - len(line[i:].lstrip("\\"))
        quote = line[i + slashes : i + slashes + 1] == '"'
        if quote:
            word += "\\" * (slashes // 2)
            inside = inside if slashes % 2 else not inside
            word += '"' * (slashes % 2)
            begun, i = True, i + slashes + 1
        elif slashes:
            word, begun, i = word + "\\" * slashes, True, i + slashes
        elif line[i] == " " and not inside:
            words += [word] if begun else []
            word, begun, i = "", False, i + 1
        else:
            word, begun, i = word + line[i], True, i + 1
    return words + ([word] if begun else [])


def test_the_oracle_knows_what_is_known() -> None:
    assert split_as_windows_does(r'a "b c\\" d\"e') == ["a", "b c\\", 'd"e']
