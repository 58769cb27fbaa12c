"""How a data set comes divided by its owner into training, validation and test: by names of folders and files, or by lists."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

TRAIN, VAL, TEST = "train", "val", "test"
WORDS = {
    "train": TRAIN, "training": TRAIN, "val": VAL, "valid": VAL, "validation": VAL, "test": TEST, "testing": TEST,
}  # fmt: skip


def part_of_name(name: str) -> str:
    """The part that a folder or a file is named after, such as `valid` or `instances_val2017.json`; "" if there is none."""
    return next((WORDS[word] for word in re.split(r"[^a-z]+", name.lower()) if word in WORDS), "")


def part_of_folders(parts: Iterable[str]) -> str:
    """The part that one of these folders is, by its whole name; "" if none is."""
    return next((part_of_name(name) for name in parts if re.sub(r"\d+$", "", name.lower()) in WORDS), "")


def stated_parts(root: Path, entries: Mapping[str, object]) -> Callable[[Path], str]:
    """The part of each picture as a .yaml or lists state it; "" for those that it does not tell, or tells twice.

    Args:
        root: the data set's folder.
        entries: by part a folder, a list file with a picture on each line, or several of them. Of paths from another
            computer only what lies below `root` is looked for.
    """
    places: dict[str, set[Path]] = {
        part: set().union(*(_places(root, str(entry)) for entry in _many(entries.get(part)))) for part in WORDS.values()
    }

    def part_of(picture: Path) -> str:
        above = {picture, *picture.parents}
        found = [part for part, own in places.items() if not own.isdisjoint(above)]
        return found[0] if len(found) == 1 else ""

    return part_of


def listed_parts(lists: Path) -> Callable[[str], str]:
    """The part of each picture, by its name without ending, as VOC's `ImageSets/Main` lists it; "" where it does not."""
    files = {part: lists / f"{part}.txt" for part in (VAL, TEST, TRAIN)}
    names = {part: {line.split()[0] for line in _lines(file)} for part, file in files.items() if file.is_file()}
    return lambda stem: next((part for part, own in names.items() if stem in own), "")


def _many(entry: object) -> Iterable[object]:
    return entry if isinstance(entry, list) else [entry] if entry else []


def _places(root: Path, entry: str) -> set[Path]:
    """Folders or pictures below the root that an entry means."""
    place = _below(root, entry)
    if place is None or place == root:
        return set()
    if place.suffix != ".txt":
        return {place}
    return {found for line in _lines(place) if (found := _below(root, line)) is not None}


def _below(root: Path, name: str) -> Path | None:
    """The longest end of a path that exists below the root."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    ends = (root.joinpath(*parts[start:]) for start in range(len(parts)))
    return next((path for path in ends if path.exists()), None)


def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
