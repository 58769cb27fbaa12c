"""The best validation as pictures and as a table: precision over recall, the worst pictures, average precision by class."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.detect.evaluation import COCO_RECALLS, precision_table
from models.detect.failures import Verdict, best_score, judge_picture
from models.detect.loading import LetterboxedPictures
from models.detect.marked_sheet import Mark, Tile, save_sheet
from models.detect.outcome import Outcome
from models.detect.report import aligned
from models.figure_style import INK, MUTED, color_of, dress, new_figure, save_figure, shortened

COLORS = {"right": "#2ca58d", "wrong class": "#8667c9", "false": "#d1495b", "missed": "#f28e2b"}
LEGEND = (
    ("right", "right"),
    ("false: nothing there", "false"),
    ("wrong class", "wrong class"),
    ("missed object", "missed"),
)
WORST = 15
MOST_NAMED = 20


def draw_failures(
    outcome: Outcome, pictures: LetterboxedPictures, names: Sequence[str], classes: Sequence[str], out_png: Path
) -> None:
    """A sheet of the validation pictures with the most errors, at the score that serves best; what is right is drawn, too.

    Args:
        outcome: in the order of `pictures`.
        pictures: the validation side as the network sees it.
        names: of their files.
        classes: names in id order.
        out_png: written whole.

    Raises:
        OSError: the picture cannot be written.
    """
    score = best_score(outcome.found, outcome.truths)
    verdicts = [judge_picture(*pair, score) for pair in zip(outcome.found, outcome.truths, strict=True)]
    failing = sorted((i for i, one in enumerate(verdicts) if one.errors), key=lambda i: -verdicts[i].errors)
    tiles = [_tile(outcome, index, verdicts[index], pictures, names[index], classes) for index in failing[:WORST]]
    title = f"Worst of {len(verdicts)} validation pictures: {len(failing)} with errors at score {score:.2f}, epoch {outcome.epoch}"
    if not failing:
        title = f"No error on {len(verdicts)} validation pictures at score {score:.2f}, epoch {outcome.epoch}"
    save_sheet(tiles, title, [(words, COLORS[kind]) for words, kind in LEGEND], out_png)


def _tile(
    outcome: Outcome, index: int, verdict: Verdict, pictures: LetterboxedPictures, name: str, classes: Sequence[str]
) -> Tile:
    found, truth = outcome.found[index], outcome.truths[index]
    marks = [
        Mark(tuple(truth.boxes_xyxy[i].tolist()), COLORS["missed"], classes[truth.labels[i]], dashed=True)
        for i in verdict.missed
    ]
    marks += [
        Mark(tuple(found.boxes_xyxy[i].tolist()), COLORS[kind], f"{classes[found.labels[i]]} {found.scores[i]:.2f}")
        for i, kind in reversed(list(zip(verdict.shown, verdict.kinds, strict=True)))
    ]
    wrong = {kind: verdict.kinds.count(kind) for kind in ("false", "wrong class")} | {"missed": len(verdict.missed)}
    told = ", ".join(f"{count} {kind}" for kind, count in wrong.items() if count)
    return Tile(pictures[index][1].rgb, f"{told}: {name}", tuple(marks))


def draw_precision(outcome: Outcome, classes: Sequence[str], out_png: Path) -> None:
    """Precision over recall at IoU 0.5, a line for each class and a black one for the mean.

    Raises:
        OSError: the picture cannot be written.
    """
    table = precision_table(outcome.found, outcome.truths, classes, (0.5,))[0]
    figure = new_figure(8.4, 5.6, f"Precision over recall on validation, epoch {outcome.epoch}", "at IoU 0.5")
    axes = figure.subplots()
    dress(axes, f"mAP50 {outcome.metrics['mAP50']:.3f}", "recall: how many of the objects are found",
          "precision: how many of the boxes are right")  # fmt: skip
    present = [index for index in range(len(classes)) if not np.isnan(table[0, index])]
    for rank, index in enumerate(sorted(present, key=lambda index: -table[:, index].mean())):
        name = f"{shortened(classes[index])}  {table[:, index].mean():.3f}" if rank < MOST_NAMED else None
        axes.plot(COCO_RECALLS, table[:, index], color=color_of(index), linewidth=1.3, alpha=0.85, label=name)
    axes.plot(COCO_RECALLS, table[:, present].mean(axis=1), color=INK, linewidth=2.6, label="mean")
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.legend(fontsize=8, frameon=False, labelcolor=INK, loc="center left", bbox_to_anchor=(1, 0.5))
    axes.tick_params(colors=MUTED)
    save_figure(figure, out_png)


def outcome_text(outcome: Outcome, classes: Sequence[str]) -> str:
    """The figures of the best validation and a table of classes, the worst last."""
    table = precision_table(outcome.found, outcome.truths, classes)
    boxes = np.bincount(np.concatenate([truth.labels for truth in outcome.truths]), minlength=len(classes))
    known = sorted((i for i in range(len(classes)) if boxes[i]), key=lambda i: -table[0, :, i].mean())
    rows = [("class", "boxes", "AP50", "AP50-95")]
    rows += [(classes[i], str(boxes[i]), f"{table[0, :, i].mean():.3f}", f"{table[:, :, i].mean():.3f}") for i in known]
    figures = f"mAP50 {outcome.metrics['mAP50']:.3f}, mAP50-95 {outcome.metrics['mAP50_95']:.3f}"
    return "\n".join([f"Best validation (epoch {outcome.epoch}): {figures}", *(f"  {line}" for line in aligned(rows))])
