import io
import json

from models.progress import emit


def test_one_line_one_object() -> None:
    stream = io.StringIO()
    emit("step", stream, fraction=0.5, label="第一\n行")
    emit("done", stream)
    first, second = stream.getvalue().splitlines()
    assert json.loads(first) == {"event": "step", "fraction": 0.5, "label": "第一\n行"}
    assert json.loads(second) == {"event": "done"}
