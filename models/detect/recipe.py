"""A recipe: which model, on which data, with which settings; read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.detect.registry import DEFAULT_MODEL, entry_of
from models.errors import RecipeError
from models.setting_table import convert

TABLES = ("data", "notes", "settings")


@dataclass(frozen=True)
class Recipe:
    """Settings with the data they are meant for; paths are absolute or relative to the data root given to `read_recipe`.

    Attributes:
        settings: how to train: an instance of the model's own table, of which it knows more than is typed here.
        data: labelled sets.
        classes: names to keep, in id order; empty keeps all.
        notes: licence and attribution by set name.
        backgrounds: pictures, or folders of them, that show none of the classes.
        not_backgrounds: names of pictures in them that do.
        start: weights to start from.
        model: a name of `models.detect.registry.MODELS`.
    """

    settings: Any
    data: tuple[Path, ...] = ()
    classes: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    backgrounds: tuple[Path, ...] = ()
    not_backgrounds: tuple[str, ...] = ()
    start: Path | None = None
    model: str = DEFAULT_MODEL


def read_recipe(path: Path, data_root: Path, model: str | None = None) -> Recipe:
    """Reads a recipe: TOML with `model` and the tables `data`, `notes` and `settings`.

    `data` has paths, classes, backgrounds, not_backgrounds and start.

    Args:
        path: the file.
        data_root: where its relative paths start.
        model: instead of the one that it names.

    Raises:
        RecipeError: no such file, no TOML, an unknown model, or an unknown or ill-typed entry.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: not a readable recipe ({error})") from error
    if unknown := set(content) - {"model", *TABLES}:
        raise RecipeError(f"{path}: unknown tables {sorted(unknown)}; known are {', '.join(TABLES)}")
    data = content.get("data", {})
    chosen = model or content.get("model", DEFAULT_MODEL)
    table = entry_of(chosen).settings
    settings = {name: convert(table, name, value) for name, value in content.get("settings", {}).items()}
    return Recipe(
        table(**settings),
        tuple(data_root / entry for entry in data.get("paths", [])),
        tuple(data.get("classes", [])),
        content.get("notes", {}),
        tuple(data_root / entry for entry in data.get("backgrounds", [])),
        tuple(data.get("not_backgrounds", [])),
        data_root / data["start"] if "start" in data else None,
        chosen,
    )
