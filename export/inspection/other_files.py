"""Darknet's files, and what others are by their first bytes."""

from __future__ import annotations

from pathlib import Path

from export.inspection.report import Finding
from models.darknet.cfg import parse_cfg
from models.darknet.errors import CfgError

MOST_TEXT_BYTES = 1 << 20
MAGIC = (
    (b"\x89HDF\r\n\x1a\n", "hdf5", "an HDF5 file, as Keras writes (.h5)"),
    (b"\x93NUMPY", "npy", "an array of NumPy"),
    (b"\x1f\x8b", "gzip", "a gzip archive; it is not opened"),
    (b"BZh", "bzip2", "a bzip2 archive; it is not opened"),
    (b"\xfd7zXZ\x00", "xz", "an xz archive; it is not opened"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a 7z archive; it is not opened"),
    (b"\x04\x22\x4d\x18", "lz4", "an LZ4 stream, in which joblib keeps pickles; it is not opened"),
    (b"x\x9c", "zlib", "a zlib stream, in which joblib keeps pickles; it is not opened"),
    (b"\x89PNG", "picture", "a picture"),
    (b"\xff\xd8\xff", "picture", "a picture"),
    (b"GGUF", "gguf", "weights of a language model (GGUF)"),
)
LATER_MAGIC = (
    (4, b"TFL3", "tflite", "a TensorFlow Lite model"),
    (4, b"ORTM", "ort", "a model in onnxruntime's own format"),
)
CONTAINERS = ("gzip", "bzip2", "xz", "7z", "lz4", "zlib")


def read_by_magic(start: bytes) -> Finding | None:
    """What the first bytes say; None if they say nothing."""
    for magic, kind, what in MAGIC:
        if start.startswith(magic):
            warns = ("what is in it cannot be seen without unpacking it",) if kind in CONTAINERS else ()
            return Finding(kind, what, dangers=warns)
    for place, magic, kind, what in LATER_MAGIC:
        if start[place:].startswith(magic):
            return Finding(kind, what)
    return None


def read_keras_or_numpy(names: list[str]) -> Finding | None:
    """What a zip archive is by the names in it; None if they say nothing."""
    if "config.json" in names and any(name.endswith(".weights.h5") for name in names):
        danger = "a Keras archive may hold Python functions, which loading it would run"
        return Finding("keras", "a Keras archive (.keras)", {"entries": len(names)}, dangers=(danger,))
    if names and all(name.endswith(".npy") for name in names):
        return Finding(
            "npz", "arrays of NumPy (.npz)", {"arrays": [name.removesuffix(".npy")[:60] for name in names[:20]]}
        )
    return None


def read_weights(path: Path, start: bytes) -> Finding | None:
    """Darknet's .weights: three numbers of a version, the pictures seen, then float32 without names; None if it cannot be that."""
    if path.suffix != ".weights" or len(start) < 20:
        return None
    major, minor, revision = (int.from_bytes(start[i : i + 4], "little") for i in (0, 4, 8))
    wide = major * 10 + minor >= 2
    header = 20 if wide else 16
    values, rest = divmod(path.stat().st_size - header, 4)
    if major > 10 or minor > 100 or rest:
        return Finding(
            "darknet-weights",
            "a damaged .weights of Darknet",
            dangers=("its header or its length is none of Darknet's",),
        )
    seen = int.from_bytes(start[12:20] if wide else start[12:16], "little")
    facts = {"version": f"{major}.{minor}.{revision}", "pictures seen": f"{seen:,}", "values": f"{values:,}"}
    command = f"detector-export darknet --cfg NETWORK.cfg --weights {path} --names CLASSES.names --out MODEL.onnx"
    return Finding(
        "darknet-weights", "weights of Darknet, which mean nothing without their .cfg", facts, command=command
    )


def read_text(path: Path) -> Finding | None:
    """Darknet's .cfg, or some other text; None if it is no text."""
    with path.open("rb") as file:
        content = file.read(MOST_TEXT_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not content or "\0" in text:
        return None
    if len(content) > MOST_TEXT_BYTES:
        return Finding("text", "a long text")
    if text.lstrip().startswith("[") and "=" in text:
        return _cfg(path, text)
    return Finding("text", "a text", {"lines": text.count("\n") + 1, "begins": text.strip().partition("\n")[0][:80]})


def _cfg(path: Path, text: str) -> Finding:
    try:
        sections = parse_cfg(text, path.name)
    except CfgError as error:
        return Finding("text", f"a text with sections, but no .cfg of Darknet ({error})")
    names = [section.name for section in sections]
    heads = [name for name in names if name in ("yolo", "region")]
    facts = {"layers": len(names) - 1, "heads": heads, "kinds": sorted(set(names[1:]))}
    what = "the .cfg of a detector of Darknet" if heads else "the .cfg of a network of Darknet without a detection head"
    command = f"detector-export darknet --cfg {path} --weights NETWORK.weights --names CLASSES.names --out MODEL.onnx"
    return Finding("darknet-cfg", what, facts, command=command if heads else "")
