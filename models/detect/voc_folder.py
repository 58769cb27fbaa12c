"""Pascal VOC's XML files, one for each picture (Everingham et al., The PASCAL VOC Challenge, 2010)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

from models.detect.annotations import (
    AnnotatedPicture,
    Annotations,
    Gathered,
    Row,
    finite_numbers,
    pictures_by_stem,
    stated_size,
)
from models.detect.own_division import TEST, listed_parts, part_of_folders
from models.detect.problems import ProblemKind

EDGES = ("xmin", "ymin", "xmax", "ymax")


def voc_files(path: Path) -> list[Path]:
    """The folders with .xml files at a path: it and its children, but not a test split."""
    folders = [path, *(child for child in sorted(path.glob("*")) if child.is_dir())] if path.is_dir() else []
    return [folder for folder in folders if folder.name != "test" and any(folder.glob("*.xml"))]


def parse_voc(folder: Path) -> Annotations:
    """Reads a folder; its pictures lie in it, or beside it in `JPEGImages` or `images`. Classes are in order of appearance.

    A picture without an .xml file is background; one whose .xml cannot be read is left out, and so is one of the test split
    where `ImageSets/Main` beside the folder lists it.
    """
    gathered = Gathered()
    beside = _pictures_of(folder)
    classes: dict[str, int] = {}
    pictures, damaged = [], set()
    for text in sorted(folder.glob("*.xml")):
        try:
            root = ElementTree.parse(text).getroot()
        except (ElementTree.ParseError, DefusedXmlException) as error:
            gathered.add(ProblemKind.UNREADABLE, text.name, str(error))
            damaged.add(text.stem)
        else:
            pictures.append(_picture(root, text, beside, classes, gathered))
    named = {picture.path for picture in pictures}
    rest = [AnnotatedPicture(path, ()) for stem, path in beside.items() if path not in named and stem not in damaged]
    return Annotations(folder, tuple(classes), _divided(folder, (*pictures, *rest)), tuple(gathered.problems))


def _divided(folder: Path, pictures: Iterable[AnnotatedPicture]) -> tuple[AnnotatedPicture, ...]:
    """With the part of each picture, by the folder's name or by VOC's lists; without those of the test split."""
    whole, listed = part_of_folders([folder.name]), listed_parts(folder.parent / "ImageSets" / "Main")
    placed = (replace(picture, part=whole or listed(picture.path.stem)) for picture in pictures)
    return tuple(picture for picture in placed if picture.part != TEST)


def _pictures_of(folder: Path) -> dict[str, Path]:
    usual = [folder, folder.parent / "JPEGImages", folder.parent / "images"]
    if folder.name.lower() == "annotations":
        usual.append(folder.parent)
    return pictures_by_stem(own for own in usual if own.is_dir())


def _picture(
    root: Any, text: Path, beside: Mapping[str, Path], classes: dict[str, int], gathered: Gathered
) -> AnnotatedPicture:
    """The picture with the .xml file's own name, else the one that it names: tools often leave an old name inside."""
    name = PureWindowsPath((root.findtext("filename") or "").strip() or f"{text.stem}.jpg")
    picture = beside.get(text.stem) or beside.get(name.stem) or text.with_name(name.name)
    objects = root.findall("object")
    found = [_row(one, text.name, classes, gathered) for one in objects]
    size = stated_size(root.findtext("size/width"), root.findtext("size/height"))
    return AnnotatedPicture(picture, tuple(row for row in found if row is not None), size, listed=len(objects))


def _row(entry: Any, where: str, classes: dict[str, int], gathered: Gathered) -> Row | None:
    """VOC counts pixels from 1 and names the first and the last of a box: it spans from xmin − 1 to xmax."""
    edges = finite_numbers([entry.findtext(f"bndbox/{edge}") for edge in EDGES])
    name = (entry.findtext("name") or "").strip()
    if edges is None or not name:
        gathered.add(ProblemKind.UNREADABLE, where, "an object without a name or without a box of numbers")
        return None
    xmin, ymin, xmax, ymax = edges
    return classes.setdefault(name, len(classes)), xmin - 1, ymin - 1, xmax, ymax
