"""From the first file of a cascade to its pipeline: the other files, checks, warm-up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.errors import CardInvalidError, ModelMismatchError, ModelNotFoundError
from detector_app.model_card import InputSpec, ModelCard, Stage
from detector_app.pipelines.card_check import check_interface, check_outputs
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline
from detector_app.pipelines.placement import CPU, short_name
from detector_app.pipelines.session import OnnxSession

ROLES: tuple[dict[str, tuple[int, ...]], ...] = (
    {"boxes": (0, 4, 0, 0), "scores": (0, 2, 0, 0)},
    {"boxes": (0, 4), "scores": (0, 2)},
    {"boxes": (0, 4), "landmarks": (0, 10), "scores": (0, 2)},
)
"""Outputs of each stage by role, with their sizes by axis; 0 is any."""

OpenSession = Callable[[Path, int | None], OnnxSession]
"""A file, and the threads of its session (None for the usual number) → the session."""


def open_cascade(card: ModelCard, path: Path, open_session: OpenSession, threads: int) -> MtcnnPipeline:
    """The pipeline of a cascade whose first file, which holds ``card``, lies at ``path``.

    On the CPU every session has one thread, and ``threads`` of them are used at a time; other processors take turns by themselves.

    Raises:
        CardInvalidError: the card does not describe a cascade of three.
        ModelNotFoundError: one of its files is not there.
        ModelMismatchError: one is another one than the card says, or does not fit it.
        ModelError, InferenceError: one cannot be opened or run.
    """
    _check_card(card, path)
    opened: list[OnnxSession] = []
    try:
        for stage in card.stages:
            file = path.parent / stage.file
            _check_file(stage, file)
            opened.append(open_session(file, 1))
        for stage, session, roles in zip(card.stages, opened, ROLES, strict=True):
            _check_stage(card, stage, session, roles, path.parent / stage.file)
        first, second, third = opened
        on_cpu = all(session.placement.main == short_name(CPU) for session in opened)
        return MtcnnPipeline(card, (first, second, third), threads if on_cpu else 1)
    except BaseException:
        for session in opened:
            session.close()
        raise


def _check_card(card: ModelCard, path: Path) -> None:
    if len(card.stages) != len(ROLES) or card.cascade is None:
        expected = "pnet, rnet and onet, and what they start from"
        raise CardInvalidError(str(path), field="stages and cascade", found=len(card.stages), expected=expected)
    for stage, roles in zip(card.stages, ROLES, strict=True):
        found = {output.role for output in stage.outputs}
        if found != set(roles) or (stage.input.dtype, stage.input.layout, stage.input.channels) != (
            "float32",
            "NCHW",
            3,
        ):
            raise CardInvalidError(
                str(path),
                field=f"stages.{stage.name}",
                found=f"{', '.join(sorted(found))} from {stage.input.dtype} {stage.input.layout}",
                expected=f"{', '.join(roles)} from float32 NCHW",
            )


def _check_file(stage: Stage, file: Path) -> None:
    if not file.is_file():
        raise ModelNotFoundError(str(file), known=f"{stage.file} belongs to the same model and must lie beside it")
    if stage.sha256:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != stage.sha256:
            raise ModelMismatchError(str(file), field="sha256", found=found, expected=stage.sha256)


def _check_stage(
    card: ModelCard, stage: Stage, session: OnnxSession, roles: dict[str, tuple[int, ...]], file: Path
) -> None:
    """Names, types and shapes, on a first run that also warms the session up."""
    check_interface(_alone(card, stage), session.graph, str(file))
    outputs = session.warm_up({stage.input.name: _black(stage.input)})
    check_outputs({output.name: roles[output.role] for output in stage.outputs}, outputs, str(file))


def _alone(card: ModelCard, stage: Stage) -> ModelCard:
    """A card of one stage, for the checks that know one graph."""
    return ModelCard(f"{card.name}.{stage.name}", card.task, card.decoder, stage.input, stage.outputs)


def _black(spec: InputSpec) -> NDArray[np.float32]:
    return np.zeros((1, spec.channels, *spec.size_hw), np.float32)
