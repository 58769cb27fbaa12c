import errno
import hashlib
import os
import resource
import signal
from pathlib import Path

import pytest

from export.errors import ExportError
from export.files import check_source, check_target, replace_file, sha256_of

AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read and write everything")


def test_a_good_source_passes(tmp_path: Path):
    path = tmp_path / "a"
    path.write_text("x")
    check_source(path)


def test_sources_that_cannot_be_read_are_named(tmp_path: Path):
    empty = tmp_path / "empty"
    empty.touch()
    for path, words in ((tmp_path, "a folder"), (tmp_path / "no", "no such file"), (empty, "is empty")):
        with pytest.raises(ExportError, match=words) as caught:
            check_source(path)
        assert caught.value.where == str(path)


@AS_ROOT
def test_files_without_permission_are_named(tmp_path: Path):
    path = tmp_path / "a"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(ExportError, match="may not be read"):
        check_source(path)
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="nothing may be written"):
        check_target(tmp_path / "b.onnx")
    tmp_path.chmod(0o700)


def test_targets_that_cannot_be_written_are_named(tmp_path: Path):
    folder = tmp_path / "folder.onnx"
    folder.mkdir()
    for path, words in (
        (folder, "a folder"),
        (tmp_path / "no" / "a.onnx", "there is no folder"),
        (tmp_path / "weights.safetensors", "does not end in .onnx"),
    ):
        with pytest.raises(ExportError, match=words):
            check_target(path)
    check_target(tmp_path / "a.onnx")


def test_a_file_is_replaced_whole(tmp_path: Path):
    path = tmp_path / "a.onnx"
    path.write_text("old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [item.name for item in tmp_path.iterdir()] == ["a.onnx"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_full_disk_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "a.onnx"
    path.write_text("old")
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ExportError, match=os.strerror(errno.EFBIG)):
            replace_file(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.onnx"]


def test_a_name_that_is_too_long_is_an_export_error(tmp_path: Path):
    with pytest.raises(ExportError, match="cannot be written"):
        replace_file(tmp_path / ("a" * 300), b"x")


def test_sha256(tmp_path: Path):
    path = tmp_path / "a"
    path.write_bytes(b"weights" * 1000)
    assert sha256_of(path) == hashlib.sha256(b"weights" * 1000).hexdigest()
