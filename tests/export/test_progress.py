from detector_app.parity import ParityReport, ParityRow
from export.errors import ExportError
from export.progress import TextProgress, parity_table

REPORT = ParityReport(
    rows=(
        ParityRow("head_16", (1, 3, 320, 320), 1.25e-5, 1e-6, 1e-3, True),
        ParityRow("h", (3, 3, 64, 64), 0.5, 0.1, 1e-3, False),
    ),
    passed=False,
    opset=18,
    torch_version="2",
    onnxruntime_version="1",
)


def test_the_table_is_aligned():
    heading, good, bad = parity_table(REPORT).splitlines()
    assert good.split() == ["head_16", "1×3×320×320", "1.25e-05", "1.00e-06", "1.00e-03", "agrees"]
    assert bad.split() == ["h", "3×3×64×64", "5.00e-01", "1.00e-01", "1.00e-03", "DIFFERS"]
    assert heading.index("output") + len("output") == good.index("head_16") + len("head_16")
    assert heading.index("allowed") + len("allowed") == good.index("1.00e-03") + len("1.00e-03")


def test_text_goes_to_two_places():
    said: list[str] = []
    complained: list[str] = []
    progress = TextProgress(said.append, complained.append)
    progress.stage("trace", "Tracing")
    progress.done("a.onnx", 2_500_000, 42, REPORT, None)
    progress.failed(ExportError("a.onnx", what="it broke", todo="Mend it."))
    assert said[0] == "[2/4] Tracing …"
    assert said[-1] == "a.onnx: 2.5 MB, 42 nodes, opset 18"
    assert complained == ["error: a.onnx: it broke. Mend it."]
