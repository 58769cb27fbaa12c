import shutil
from pathlib import Path

import pytest

from models.classify.folders import ClassFolders, read_folders
from models.errors import TrainingDataError
from tests.models.classify.drawn import write_folders


def names(folders: ClassFolders, part: str) -> set[str]:
    return {f"{folders.classes[int(record.labels[0])]}/{record.path.name}" for record in getattr(folders, part)}


def test_without_a_val_folder_a_share_of_each_class_is_kept_by_content(tmp_path: Path) -> None:
    folders = read_folders(write_folders(tmp_path / "set", 10), 0.3)
    assert folders.classes == ("blue", "red")
    assert (len(folders.train), len(folders.val), dict(folders.tests)) == (14, 6, {})
    assert sum(name.startswith("red/") for name in names(folders, "val")) == 3
    for path in sorted((tmp_path / "set" / "red").iterdir()):
        path.rename(path.with_name(f"x{path.name}"))
    again = read_folders(tmp_path / "set", 0.3)
    assert again.split_sha256 == folders.split_sha256, "names do not matter, only the pictures"


def test_given_parts_are_kept_and_every_test_folder_is_read(tmp_path: Path) -> None:
    for part, seed in (("train", 0), ("val", 100), ("test", 200), ("test-night", 300)):
        write_folders(tmp_path / part, 3, first_seed=seed)
    folders = read_folders(tmp_path, 0.3)
    assert (len(folders.train), len(folders.val)) == (6, 6)
    assert {part: len(records) for part, records in folders.tests.items()} == {"test": 6, "test-night": 6}
    assert folders.source.pictures == 12, "what only tests did not train"


def test_training_loses_what_also_validates(tmp_path: Path) -> None:
    write_folders(tmp_path / "train", 3)
    write_folders(tmp_path / "val", 2, first_seed=50)
    shutil.copy(tmp_path / "train" / "red" / "000.png", tmp_path / "val" / "red" / "copy.png")
    folders = read_folders(tmp_path, 0.3)
    assert names(folders, "train") == {"blue/000.png", "blue/001.png", "blue/002.png", "red/001.png", "red/002.png"}
    assert folders.remarks == ("1 training pictures are also in val or test and do not train",)


def test_broken_pictures_are_left_out_and_named(tmp_path: Path) -> None:
    root = write_folders(tmp_path, 4)
    whole = (root / "red" / "000.png").read_bytes()
    (root / "red" / "cut.png").write_bytes(whole[: len(whole) // 2])
    (root / "blue" / "none.JPG").write_text("no picture")
    (root / "blue" / "notes.txt").write_text("no picture, and it does not claim to be one")
    (root / "blue" / ".hidden.png").write_text("neither")
    folders = read_folders(root, 0.3)
    assert len(folders.train) + len(folders.val) == 8
    (remark,) = folders.remarks
    assert remark.startswith("2 pictures cannot be read and are left out: ")
    assert "none.JPG" in remark
    assert "cut.png" in remark


def test_upper_case_and_nested_files_count(tmp_path: Path) -> None:
    root = write_folders(tmp_path, 2)
    (root / "red" / "day two").mkdir()
    (root / "red" / "001.png").rename(root / "red" / "day two" / "Ü 1.PNG")
    folders = read_folders(root, 0.5)
    assert len(folders.train) + len(folders.val) == 4


def test_the_licence_comes_from_the_files_beside_or_from_a_note(tmp_path: Path) -> None:
    root = write_folders(tmp_path / "set", 2)
    (root / "LICENSE").write_text("MIT License\n\nmore")
    assert read_folders(root, 0.5).source.licence == "MIT License"
    noted = read_folders(root, 0.5, {"set": "CC BY 4.0; by somebody"}).source
    assert (noted.licence, noted.attribution) == ("CC BY 4.0", "by somebody")


def empty_class(root: Path) -> None:
    shutil.rmtree(root / "red")
    (root / "red").mkdir()


def one_class(root: Path) -> None:
    shutil.rmtree(root / "red")


def twins(root: Path) -> None:
    shutil.copy(root / "red" / "000.png", root / "blue" / "same.png")


def untrained_class(root: Path) -> None:
    write_folders(root / "train", 2)
    write_folders(root / "val", 2, ("red", "green"), first_seed=50)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (empty_class, r"classes \['red'\] have no picture to train on"),
        (one_class, "holds only the folder 'blue'; at least two"),
        (twins, "are the same picture in two classes"),
        (untrained_class, r"val: classes \['green'\] have no training pictures"),
        (shutil.rmtree, "no such folder"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(tmp_path: Path, spoil: object, words: str) -> None:
    root = write_folders(tmp_path / "set", 3)
    spoil(root)  # type: ignore[operator]
    with pytest.raises(TrainingDataError, match=words):
        read_folders(root, 0.3)
