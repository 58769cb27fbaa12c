"""``detector-app models list|get|remove|verify``: public trained models, downloaded on request."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector_app.errors import DetectorError

if TYPE_CHECKING:
    from tqdm import tqdm

    from detector_app.model_gallery import Download, DownloadProgress, GalleryEntry

OK, FAILED = 0, 1
DESCRIPTION = (
    "Public trained models: list them, get them, check them, delete them. Nothing is fetched unless you ask for it."
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand with its own subcommands."""
    parser = subparsers.add_parser("models", help="public trained models", description=DESCRIPTION)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _add(actions, "list", list_, "what there is, and what is here", "")
    _add(actions, "get", get, "download, and open by name from then on", "+")
    _add(actions, "remove", remove_, "delete from this machine", "+")
    _add(actions, "verify", verify_, "compare every byte with what was published", "*")


def _add(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    execute: Callable[[argparse.Namespace], int],
    line: str,
    names: str,
) -> None:
    parser = actions.add_parser(name, help=line, description=execute.__doc__)
    if names:
        parser.add_argument("names", nargs=names, metavar="NAME", help="a name of detector-app models list")
    parser.add_argument(
        "--folder", type=Path, help="where models are kept (default: DETECTOR_APP_MODELS, or the user's data)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.set_defaults(execute=execute)


def list_(args: argparse.Namespace) -> int:
    """List the models of the gallery: task, size, published accuracy, licence, source, and whether it is on this machine."""
    from detector_app.model_gallery import entries

    folder = _folder(args)
    facts = [_facts(entry, folder) for entry in entries()]
    if args.json:
        print(json.dumps({"folder": str(folder), "models": facts}, ensure_ascii=False, indent=2))
        return OK
    for entry, fact in zip(entries(), facts, strict=True):
        figures = ", ".join(f"{m.name} {m.value:.3f} on {m.data}" for m in entry.metrics) or "no published figure"
        print(f"{entry.name}  [{fact['state']}]\n  {entry.what()}")
        print(
            f"  {entry.task}, {entry.size_bytes / 1e6:.1f} MB, {figures}; licence {entry.licence}; {entry.source_page}"
        )
        if entry.needs_train:
            print('  is converted here, which needs PyTorch: pip install "detector-app[train]"')
        if entry.unchecked:
            print(f"  not checked: {'; '.join(entry.unchecked)}")
    print(f"Models are kept in {folder}")
    return OK


def get(args: argparse.Namespace) -> int:
    """Download models; a download that broke off continues. Exit code 1 if one of them could not be had."""
    from detector_app.model_gallery import Download

    def one(entry: GalleryEntry, folder: Path) -> dict[str, Any]:
        with _bar(entry, quiet=args.json) as hear, _interruptible(Download(entry, folder, hear)) as download:
            path = download.run()
        if not args.json:
            print(f"{entry.name}: {path}")
        return {"path": str(path)}

    return _each(args, one)


def remove_(args: argparse.Namespace) -> int:
    """Delete models, whole or begun, from this machine. Exit code 1 if one of them was not there."""
    from detector_app.model_gallery import remove

    def one(entry: GalleryEntry, folder: Path) -> dict[str, Any]:
        freed = remove(entry, folder)
        if not args.json:
            print(f"{entry.name}: removed, {freed / 1e6:.1f} MB are free again")
        return {"freed_bytes": freed}

    return _each(args, one)


def verify_(args: argparse.Namespace) -> int:
    """Compare models on this machine, by default all of them, byte by byte with what was published. Exit code 1 if one differs."""
    from detector_app.model_gallery import State, entries, state_of, verify

    if not args.names:
        folder = _folder(args)
        args.names = [entry.name for entry in entries() if state_of(entry, folder).state is State.INSTALLED]

    def one(entry: GalleryEntry, folder: Path) -> dict[str, Any]:
        verify(entry, folder)
        if not args.json:
            print(f"{entry.name}: whole")
        return {}

    return _each(args, one)


def _each(args: argparse.Namespace, one: Callable[[GalleryEntry, Path], dict[str, Any]]) -> int:
    """Do ``one`` thing to every model that is named; what fails is told and does not keep the others from it.

    Raises:
        UnknownEntryError: a name is not in the table; then nothing was done.
    """
    from detector_app.model_gallery import find_entry

    folder = _folder(args)
    results: list[dict[str, Any]] = []
    for entry in [find_entry(name) for name in args.names]:
        try:
            results.append({"name": entry.name, "ok": True, **one(entry, folder)})
        except DetectorError as error:
            results.append({"name": entry.name, "ok": False, "error": str(error)})
            print(f"detector-app: {error}", file=sys.stderr)
    if args.json:
        print(json.dumps({"folder": str(folder), "models": results}, ensure_ascii=False, indent=2))
    return OK if all(result["ok"] for result in results) else FAILED


def _folder(args: argparse.Namespace) -> Path:
    from detector_app.model_gallery import gallery_folder

    return args.folder.expanduser() if args.folder else gallery_folder()


def _facts(entry: GalleryEntry, folder: Path) -> dict[str, Any]:
    import dataclasses

    from detector_app.model_gallery import state_of

    here = state_of(entry, folder)
    facts = {
        "state": here.state.value,
        "path": str(here.path),
        "have_bytes": here.have_bytes,
        "size_bytes": entry.size_bytes,
        "needs_train": entry.needs_train,
    }
    return dataclasses.asdict(entry) | facts


@contextmanager
def _bar(entry: GalleryEntry, *, quiet: bool) -> Iterator[Callable[[DownloadProgress], None]]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # it would start a thread of its own
    options: dict[str, Any] = {"unit": "B", "unit_scale": True, "unit_divisor": 1000, "file": sys.stderr}
    with tqdm(desc=entry.name, total=entry.size_bytes, disable=quiet, **options) as bar:
        yield lambda news: _show(bar, news)


def _show(bar: tqdm[Any], news: DownloadProgress) -> None:
    words = {"fetch": news.file, "check": "checking", "convert": "converting"}
    bar.set_postfix_str(words[news.stage], refresh=False)
    bar.update(news.done_bytes - bar.n)
    if news.stage != "fetch":
        bar.refresh()


@contextmanager
def _interruptible(download: Download) -> Iterator[Download]:
    """SIGTERM ends the download as a cancel does: what has come is kept. Ctrl-C does so by itself."""
    if threading.current_thread() is not threading.main_thread():
        yield download
        return
    before = signal.signal(signal.SIGTERM, lambda *_: download.cancel())
    try:
        yield download
    finally:
        signal.signal(signal.SIGTERM, before)
