"""Which format lies at a path, and the reader for it."""

from collections.abc import Callable
from pathlib import Path

import yaml

from models.detect.annotations import Annotations
from models.detect.coco_file import coco_files, parse_coco
from models.detect.voc_folder import parse_voc, voc_files
from models.detect.yolo_folder import parse_yolo, yolo_files
from models.errors import TrainingDataError

FORMATS: tuple[tuple[Callable[[Path], list[Path]], Callable[[Path], Annotations]], ...] = (
    (coco_files, parse_coco),
    (yolo_files, parse_yolo),
    (voc_files, parse_voc),
)


def read_annotations(path: Path) -> list[Annotations]:
    """Reads all annotation files at a path: a COCO .json, a YOLO .yaml, or a folder of either or of VOC .xml files.

    Raises:
        TrainingDataError: nothing is there, or a file cannot be read as annotations.
    """
    if not path.exists():
        raise TrainingDataError(f"{path}: no such data set; give a folder, a COCO .json or a YOLO .yaml")
    for matches, parse in FORMATS:
        if files := matches(path):
            return [_guarded(parse, file) for file in files]
    raise TrainingDataError(f"{path}: holds no annotations.json, data .yaml, classes.txt with labels/, nor .xml files")


def _guarded(parse: Callable[[Path], Annotations], file: Path) -> Annotations:
    """Damaged files fail in many ways; the user needs one message that names the file."""
    try:
        return parse(file)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, yaml.YAMLError) as error:
        raise TrainingDataError(f"{file}: cannot be read as annotations ({type(error).__name__}: {error})") from error
