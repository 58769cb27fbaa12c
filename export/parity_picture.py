"""The proof as a picture: scores of one against scores of the other, and how far boxes lie apart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.proof import Proof
from models.figure_style import DOTS_PER_INCH, INK, LINE, MUTED, color_of, dress, new_figure, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 40
LEAST_PX = 1e-7
"""Smaller differences are drawn as this one: a logarithm has no zero."""


def parity_picture(name: str, proof: Proof) -> bytes:
    """A PNG of the evidence of ``proof`` about the model ``name``."""
    report = proof.report
    subtitle = f"torch {report.torch_version} · ONNX Runtime {report.onnxruntime_version} · opset {report.opset}"
    figure = new_figure(9, 4.2, f"{shortened(name, 40)}: the exported graph against PyTorch", subtitle)
    left, right = figure.subplots(1, 2)
    if len(proof.scores):
        _scatter(left, proof.scores, "Scores of the boxes", "score")
        _histogram(right, proof.box_px, "Largest difference of a side of each box", "pixels", "boxes", allowed=1.0)
    else:
        _scatter(left, proof.values, "Values of the outputs", "value")
        gaps = np.abs(np.subtract(*proof.values.T))
        _histogram(right, gaps, "Differences of the values", "difference", "values", allowed=None)
    content = io.BytesIO()
    figure.savefig(content, dpi=DOTS_PER_INCH, format="png")
    return content.getvalue()


def _scatter(axes: Axes, pairs: NDArray[Any], title: str, unit: str) -> None:
    dress(axes, f"{title} ({len(pairs):,})", f"{unit} in PyTorch", f"{unit} in ONNX Runtime")
    if not len(pairs):
        return
    ends = [float(pairs.min()), float(pairs.max())]
    axes.plot(ends, ends, color=LINE, linewidth=1.2, zorder=1)
    axes.scatter(pairs[:, 0], pairs[:, 1], s=9, color=color_of(0), alpha=0.5, linewidths=0, zorder=2)
    largest = float(np.abs(np.subtract(*pairs.T)).max())
    axes.text(
        0.03, 0.95, f"largest difference {largest:.1e}", transform=axes.transAxes, fontsize=8, color=INK, va="top"
    )
    axes.set_aspect("equal", adjustable="datalim")


def _histogram(axes: Axes, gaps: NDArray[Any], title: str, unit: str, counted: str, *, allowed: float | None) -> None:
    dress(axes, title, unit, counted)
    axes.set_xscale("log")
    axes.tick_params(which="minor", length=0)
    values = np.maximum(gaps, LEAST_PX)
    top = max(float(values.max(initial=LEAST_PX)) * 2, allowed or 0.0, 1e-5)
    if allowed is not None:
        top = max(top, 2 * allowed)
        axes.axvline(allowed, color=color_of(3), linewidth=1.2)
        axes.text(
            allowed,
            0.97,
            "allowed ",
            ha="right",
            va="top",
            fontsize=8,
            color=MUTED,
            transform=axes.get_xaxis_transform(),
        )
    axes.hist(values, bins=np.geomspace(LEAST_PX, top, BINS).tolist(), color=color_of(0))
    if not len(gaps):
        axes.text(0.5, 0.5, "none found", transform=axes.transAxes, ha="center", fontsize=9, color=MUTED)
