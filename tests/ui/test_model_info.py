from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from detector_app.engine.state import EngineState
from detector_app.model_card import DataSource, ModelCard
from detector_app.parity import BoxRow, ParityReport, ParityRow
from detector_app.pipelines.placement import (
    CPU,
    CUDA,
    TENSORRT,
    Absence,
    Fallback,
    OperatorShare,
    Placement,
    ProviderShare,
    Reason,
)
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.parity_tables import BoxTable, OutputTable
from detector_app.ui.report_table import ReportTable
from tests.onnx_files import tiny_card
from tests.region_files import fast_rcnn_card, faster_rcnn_card, grid_card, rcnn_card, selected_card

PARITY = ParityReport(
    (
        ParityRow("head_16", (3, 3, 192, 128), 5.7e-6, 7e-7, 1e-3, True),
        ParityRow("head_16", (1, 3, 32, 32), 0.5, 0.1, 1e-3, False),
    ),
    passed=False,
    opset=18,
    torch_version="2.13",
    onnxruntime_version="1.31",
    notes=("two sizes",),
)
PLACEMENT = Placement(
    (TENSORRT, CUDA, CPU),
    (CUDA, CPU),
    {CUDA: 40, CPU: 3},
    (
        ProviderShare(
            CUDA,
            40,
            12.25,
            tuple(
                OperatorShare(name, 9 - i, 3.0 - i / 2)
                for i, name in enumerate(("Conv", "MemcpyFromHost", "Add", "Mul", "Exp", "Sub"))
            ),
            copies=8,
        ),
        ProviderShare(CPU, 3, 0.5, (OperatorShare("LpNormalization", 2, 0.4), OperatorShare("Gather", 1, 0.1))),
    ),
    (
        Fallback("a", "LpNormalization", CPU, Reason.NO_KERNEL, 0.2),
        Fallback("b", "LpNormalization", CPU, Reason.NO_KERNEL, 0.2),
        Fallback("c", "Gather", CPU, Reason.SHAPES, 0.1),
    ),
    (Absence(TENSORRT, Reason.LIBRARY, "libnvinfer.so.10: no such file"),),
)


def full_card() -> ModelCard:
    source = DataSource("cups & bottles", "CC BY 4.0", "by someone <kind>", 70)
    return replace(tiny_card(), training=(source,), metrics={"mAP50": 0.4321}, parity=PARITY, weights_sha256="ab" * 32)


def card_with_boxes() -> ModelCard:
    rows = (
        BoxRow("pictures, many", (1, 3, 320, 320), 0.25, 0.5, 46, 9.92e-5, 2.53e-6),
        BoxRow("black, none", (3, 3, 192, 128), 0.9, 0.5, 0, 0.0, 0.0, borderline=1, passed=False),
    )
    return replace(full_card(), parity=replace(PARITY, boxes=rows))


def shown(qtbot: QtBot, state: EngineState) -> tuple[ModelInfo, set[str]]:
    window = ModelInfo(state)
    qtbot.addWidget(window)
    return window, texts(window)


def tables(window: ModelInfo, kind: type[ReportTable]) -> list[ReportTable]:
    return window.findChildren(kind)


def texts(window: ModelInfo) -> set[str]:
    return {label.text() for label in window.findChildren(QLabel)}


def test_it_shows_the_card_the_placement_and_the_proof(qtbot: QtBot) -> None:
    _, found = shown(qtbot, EngineState(model=full_card(), model_name="desk", placement=PLACEMENT))
    expected = {
        "tiny-squares", "red, blue", "320 × 320 px, or sides from 32 to 2048 in steps of 32", "stride 16: 32×32", "TensorRT, CUDA, CPU",
        "Conv 9, Add 7, Mul 6, Exp 5 and 1 more, copies to and from the device 8", "12.2 ms", "LpNormalization 2, Gather 1", "Not on CUDA",
        Reason.NO_KERNEL.value, Reason.SHAPES.value, "its library cannot be loaded · libnvinfer.so.10: no such file",
        "0.432", "cups & bottles", "by someone <kind>", "Proof of the export", "two sizes", "opset 18 · torch 2.13 · ONNX Runtime 1.31",
    }  # fmt: skip
    assert expected - found == set()


def test_the_proof_of_outputs_is_a_table(qtbot: QtBot) -> None:
    window, _ = shown(qtbot, EngineState(model=full_card(), model_name="x.onnx"))
    assert tables(window, OutputTable)[0].texts() == [
        ("head_16", "3×3×192×128", "5.70e-06", "7.00e-07", "1.00e-03", "agrees"),
        ("head_16", "1×3×32×32", "5.00e-01", "1.00e-01", "1.00e-03", "differs"),
    ]
    assert tables(window, BoxTable) == []  # this report is from before boxes were compared


def test_the_proof_of_boxes_is_another(qtbot: QtBot) -> None:
    window, _ = shown(qtbot, EngineState(model=card_with_boxes(), model_name="x.onnx"))
    (table,) = tables(window, BoxTable)
    assert table.texts() == [
        ("pictures, many", "1×3×320×320", "46", "9.92e-05", "2.53e-06", "0", "agrees"),
        ("black, none", "3×3×192×128", "0", "0.00e+00", "0.00e+00", "1", "differs"),
    ]


def test_only_the_page_scrolls_and_no_word_is_cut(qtbot: QtBot) -> None:
    window, _ = shown(qtbot, EngineState(model=card_with_boxes(), model_name="x.onnx"))
    window.show()
    qtbot.waitExposed(window)
    for table in (*tables(window, OutputTable), *tables(window, BoxTable)):
        assert (table.verticalScrollBar().maximum(), table.horizontalScrollBar().maximum()) == (0, 0)
        for column in range(table.columnCount()):
            needed = max(table.sizeHintForColumn(column), table.horizontalHeader().sectionSizeHint(column))
            assert table.columnWidth(column) >= needed
    page = window.findChild(QScrollArea)
    assert page.horizontalScrollBar().maximum() == 0
    assert page.verticalScrollBar().maximum() > 0


def test_a_card_with_little_in_it_is_shown_without_empty_rows(qtbot: QtBot) -> None:
    _, found = shown(qtbot, EngineState(model=tiny_card(), model_name="x.onnx"))
    assert "Proof of the export" not in found
    assert "Measured" not in found
    assert "" not in found


def test_it_follows_another_model_and_another_language(qtbot: QtBot) -> None:
    window, _ = shown(qtbot, EngineState(model=tiny_card(), model_name="x.onnx"))
    window.show_state(EngineState(model=replace(tiny_card(), name="other"), model_name="y.onnx"))
    qtbot.waitUntil(lambda: "tiny-squares" not in texts(window))
    assert "other" in texts(window)
    window.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert "other" in texts(window)


def test_grids_regions_and_selection_inside_are_told(qtbot: QtBot) -> None:
    said = {
        "20 × 20 cells of 2 boxes, sides as square roots": grid_card(),
        "at most 300, proposed inside the graph": faster_rcnn_card(),
        "at most 200, by selective search in pictures of 160 px": fast_rcnn_card(),
        "at most 200, by selective search in pictures of 160 px; each is cut out with 8.3% of surroundings on each side": rcnn_card(),
        "inside the graph, at most 300 boxes of a class": selected_card(),
    }
    for text, card in said.items():
        _, found = shown(qtbot, EngineState(model=card, model_name="x.onnx"))
        assert text in found
        assert "" not in found
