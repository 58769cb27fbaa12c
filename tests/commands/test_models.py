"""``detector-app models``: list, get, verify and remove, over real TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector_app import model_gallery
from detector_app.cli import FAILED, OK, main
from detector_app.model_gallery import table
from detector_app.model_gallery.folder import FOLDER_VARIABLE
from tests.model_gallery.conftest import entry_for
from tests.onnx_files import tiny_anchor_model
from tests.servers.https_files import FileServer, Served, make_certificate, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A gallery of two models, one of which has gone from its server."""
    certificate = make_certificate(tmp_path)
    content = tiny_anchor_model(tmp_path / "made.onnx").read_bytes()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "models"))
    with serving(certificate, {"tiny.onnx": Served(content), "gone.onnx": Served(content)}) as open_server:
        rows = (entry_for(open_server, "tiny.onnx"), entry_for(open_server, "gone.onnx", name="gone"))
        monkeypatch.setattr(table, "entries", lambda: rows)
        monkeypatch.setattr(model_gallery, "entries", lambda: rows)
        del open_server.files["gone.onnx"]
        yield open_server


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["models", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_from_list_to_removal(server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = told(capsys, "list")
    assert (code, [row["state"] for row in facts["models"]]) == (OK, ["absent", "absent"])
    assert facts["folder"] == str(tmp_path / "models")

    assert main(["models", "get", "tiny"]) == OK
    said = capsys.readouterr()
    assert said.out == f"tiny: {tmp_path / 'models' / 'tiny' / 'tiny.onnx'}\n"
    assert "100%" in said.err
    assert main(["info", "tiny"]) == OK
    assert "tiny.onnx" in capsys.readouterr().out

    assert told(capsys, "verify") == (OK, {"folder": facts["folder"], "models": [{"name": "tiny", "ok": True}]})
    assert main(["models", "remove", "tiny"]) == OK
    assert "removed" in capsys.readouterr().out
    assert main(["info", "tiny"]) == FAILED
    assert told(capsys, "verify")[1]["models"] == []


def test_one_that_fails_does_not_keep_others(server: FileServer, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = told(capsys, "get", "gone", "tiny")
    assert code == FAILED
    assert [row["ok"] for row in facts["models"]] == [False, True]
    assert "404" in facts["models"][0]["error"]


def test_a_damaged_model(server: FileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "get", "tiny")
    (tmp_path / "models" / "tiny" / "tiny.onnx").write_bytes(b"other")
    code, facts = told(capsys, "verify")
    assert code == FAILED
    assert "SHA-256" in facts["models"][0]["error"]


def test_an_unknown_name(server: FileServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "get", "tiny", "nobody"]) == FAILED
    assert "It has: tiny, gone" in capsys.readouterr().err
    assert server.requests == []


def test_what_is_not_there(server: FileServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "remove", "tiny"]) == FAILED
    assert main(["models", "verify", "tiny"]) == FAILED
    assert "detector-app models get tiny" in capsys.readouterr().err


def test_the_list_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["models", "list", "--folder", str(tmp_path)]) == OK
    said = capsys.readouterr().out
    assert "mAP50 0.343 on COCO val2017" in said
    assert "not checked: the address" in said
    assert said.endswith(f"Models are kept in {tmp_path}\n")
