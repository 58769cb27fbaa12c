"""Only what can go wrong quickly; a run that ends in a file is in `detect/test_command.py`."""

from pathlib import Path

import pytest

from models.errors import ExportFailedError
from models.exported import export_weights


def test_why_nothing_was_exported_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the child finds the code from anywhere
    broken = tmp_path / "yölo.safetensors"
    broken.write_bytes(b"nonsense")
    with pytest.raises(ExportFailedError, match=r"trained, but not exported: .*not a readable safetensors"):
        export_weights("yolo", broken, tmp_path / "out.onnx")
    said = capfd.readouterr()
    assert said.err == ""
    assert "export 1/4: Reading" in said.out
    assert not (tmp_path / "out.onnx").exists()
