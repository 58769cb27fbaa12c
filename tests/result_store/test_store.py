"""The sidecar: what goes in comes out, whatever happens in between."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.result_store.errors import StoreError, StoreFullError, StoreFutureError
from detector_app.result_store.keys import RunKey, content_key
from detector_app.result_store.packing import pack, points_of, unpack
from detector_app.result_store.place import SUFFIX, Keep, sidecar_path
from detector_app.result_store.store import ResultStore, StoredFrame, is_whole, page_of, set_aside
from detector_app.vision.detections import Detections

KEY = RunKey("m", "c", "{}")
NAMES = ("cup", "杯子")


def found(count: int, seed: int = 0, points: int = 0) -> Detections:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 500, (count, 4)).astype(np.float32)
    scores = -np.sort(-rng.uniform(0, 1, count)).astype(np.float32)
    marks = rng.uniform(0, 500, (count, points, 2)).astype(np.float32) if points else None
    return Detections(corners, scores, rng.integers(0, 2, count), NAMES, marks)


def frame(index: int, count: int = 2) -> StoredFrame:
    return StoredFrame(index, index / 25, 640, 360, found(count, index))


def same(one: Detections, other: Detections) -> None:
    np.testing.assert_array_equal(one.xyxy, other.xyxy)
    np.testing.assert_array_equal(one.scores, other.scores)
    np.testing.assert_array_equal(one.class_ids, other.class_ids)
    assert one.class_names == other.class_names
    assert (one.landmarks_xy is None) == (other.landmarks_xy is None)
    if one.landmarks_xy is not None:
        np.testing.assert_array_equal(one.landmarks_xy, other.landmarks_xy)


@given(st.integers(0, 40), st.integers(0, 1000), st.sampled_from([0, 5]))
def test_packing_loses_nothing(count: int, seed: int, points: int) -> None:
    before = found(count, seed, points)
    same(unpack(pack(before), count, points_of(before), NAMES), before)


def test_bytes_that_are_too_few_are_told() -> None:
    with pytest.raises(ValueError, match="21 bytes for 1 boxes, 22 expected"):
        unpack(pack(found(1))[:-1], 1, 0, NAMES)


def test_frames_come_back_in_order_and_empty_ones_count(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with ResultStore(path, "video") as store:
        run = store.run(KEY, "model", NAMES)
        store.add(run, [frame(5), frame(2, count=0)])
        store.add(run, [frame(3)])
        assert store.run(KEY, "model", NAMES) == run
        assert store.run(RunKey("other", "c", "{}"), "model", NAMES) != run
    with ResultStore(path, "video") as store:
        assert store.indices(run).tolist() == [2, 3, 5]
        back = list(store.frames(run))
        assert [one.index for one in back] == [2, 3, 5]
        assert (back[0].time_s, back[0].width_px, len(back[0].detections)) == (0.08, 640, 0)
        same(back[2].detections, frame(5).detections)
        assert [one.index for one in store.frames(run, 3, 5)] == [3]
    assert is_whole(path)


def test_many_frames_are_read_by_pages(tmp_path: Path) -> None:
    with ResultStore(tmp_path / "a.sqlite", "video") as store:
        run = store.run(KEY, "model", NAMES)
        store.add(run, [frame(i, count=1) for i in range(4500)])
        assert [one.index for one in store.frames(run)] == list(range(4500))


def test_another_video_in_its_place_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with ResultStore(path, "video") as store:
        store.add(store.run(KEY, "model", NAMES), [frame(1)])
    with ResultStore(path, "another") as store:
        assert store.indices(store.run(KEY, "model", NAMES)).tolist() == []


def test_two_stores_may_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with ResultStore(path, "video") as one, ResultStore(path, "video") as other:
        run = one.run(KEY, "model", NAMES)
        assert other.run(KEY, "model", NAMES) == run
        for i in range(20):
            (one if i % 2 else other).add(run, [frame(i)])
        assert one.indices(run).tolist() == list(range(20))


def test_a_file_from_the_future_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE later (x)")
        db.execute("PRAGMA user_version = 7")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreFutureError, match="version 7 of their file; this app knows 1"):
        ResultStore(path, "video")
    assert path.read_bytes() == before


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE precious (x)")
    db.close()
    with pytest.raises(StoreError, match="another program's file"):
        ResultStore(path, "video")


@pytest.mark.parametrize("damage", ["text", "cut"])
def test_a_damaged_file_is_set_aside_not_deleted(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.sqlite"
    with ResultStore(path, "video") as store:
        store.add(store.run(KEY, "model", NAMES), [frame(i) for i in range(200)])
    kept = b"no database at all" * 100 if damage == "text" else path.read_bytes()[:200] + b"\xff" * 5000
    path.write_bytes(kept)
    with ResultStore(path, "video") as store:
        assert store.indices(store.run(KEY, "model", NAMES)).tolist() == []
    assert path.with_name("a.sqlite.damaged").read_bytes() == kept


def test_a_full_disk_is_told_and_what_was_kept_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with ResultStore(path, "video") as store:
        run = store.run(KEY, "model", NAMES)
        store.add(run, [frame(0)])
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreFullError, match="no room left"):
            store.add(run, [frame(i, count=100) for i in range(1, 100)])
        assert store.indices(run).tolist() == [0]
    assert is_whole(path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere.*unable to open"):
        ResultStore(tmp_path / "nowhere" / "a.sqlite", "video")


KILLED = """
import sys, numpy as np
from pathlib import Path
from tests.result_store.test_store import KEY, NAMES, frame
from detector_app.result_store.store import ResultStore
store = ResultStore(Path(sys.argv[1]), "video")
run = store.run(KEY, "model", NAMES)
for first in range(0, 10**9, 16):
    store.add(run, [frame(i, count=20) for i in range(first, first + 16)])
    print(first, flush=True)
"""


def test_a_kill_loses_one_transaction_at_most(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [int(child.stdout.readline()) for _ in range(5)]
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    with ResultStore(path, "video") as store:
        indices = store.indices(store.run(KEY, "model", NAMES)).tolist()
    assert indices == list(range(len(indices)))
    assert len(indices) >= told[-1] + 16
    assert len(indices) % 16 == 0


def test_a_video_is_known_by_its_content(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    data = bytearray(rng.bytes(3_000_000))
    one, other = tmp_path / "one.mp4", tmp_path / "other.mp4"
    one.write_bytes(data)
    other.write_bytes(data)
    assert content_key(one) == content_key(other)
    for at in (0, 1_500_000, len(data) - 1):
        changed = bytearray(data)
        changed[at if at != 1_500_000 else (len(data) - 65536) * 7 // 15] ^= 1
        other.write_bytes(changed)
        assert content_key(one) != content_key(other)
    other.write_bytes(b"short")
    assert content_key(other)


def test_results_lie_beside_the_video_or_in_the_apps_folder(tmp_path: Path) -> None:
    video = tmp_path / "clip.mp4"
    key = "ab" * 32
    assert sidecar_path(video, key, Keep.BESIDE) == tmp_path / f"clip.mp4{SUFFIX}"
    assert sidecar_path(video, key, Keep.APP, tmp_path / "app") == tmp_path / "app" / f"{key[:32]}{SUFFIX}"
    assert sidecar_path(video, key, Keep.NOWHERE) is None
    gone = tmp_path / "gone" / "clip.mp4"
    assert sidecar_path(gone, key, Keep.BESIDE, tmp_path) == tmp_path / f"{key[:32]}{SUFFIX}"


def test_pages_of_scores_are_those_of_the_frames(tmp_path: Path) -> None:
    frames = [StoredFrame(i, i / 25, 640, 360, found(i % 4, i, points=5 * (i % 2))) for i in range(2500)]
    with ResultStore(tmp_path / "a.sqlite", "video") as store:
        run = store.run(KEY, "model", NAMES)
        assert list(store.score_pages(run)) == []
        store.add(run, frames)
        pages = list(store.score_pages(run))
        assert [len(page.indices) for page in pages] == [2000, 500]
        read, given = pages, [page_of(frames[:2000]), page_of(frames[2000:])]
        for one, other in zip(read, given, strict=True):
            for name in ("indices", "times_s", "counts", "class_ids", "scores"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert not store.whole(run)
        store.set_whole(run)
    with ResultStore(tmp_path / "a.sqlite", "video") as store:
        assert store.whole(run)


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    for text in ("first", "second"):
        path.write_text(text * 200, encoding="utf-8")
        ResultStore(path, "video").close()
    assert path.with_name("a.sqlite.damaged").read_text(encoding="utf-8").startswith("first")
    assert path.with_name("a.sqlite.damaged-2").read_text(encoding="utf-8").startswith("second")


def test_the_journal_of_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    journal = tmp_path / "a.sqlite-journal"
    path.write_text("no database" * 100, encoding="utf-8")
    journal.write_text("left over", encoding="utf-8")
    place = set_aside(path)
    assert not journal.exists()
    assert place.with_name(f"{place.name}-journal").read_text(encoding="utf-8") == "left over"
