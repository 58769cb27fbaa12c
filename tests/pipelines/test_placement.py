"""Who ran which node, and why not where it was asked to: on recorded profiles (see profiles/README.md)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
    merged,
)
from detector_app.pipelines.profile import Kernel, Tensor, kernels, placed, read_profile
from tests.pipelines.profiles import record

PROFILES = Path(record.__file__).parent


def placement(name: str, *asked: str) -> Placement:
    present = {"cpu": (CPU,), "cuda": (CUDA, CPU), "tensorrt": (TENSORRT, CUDA, CPU)}[name]
    return placed(Placement(asked, present), read_profile(PROFILES / f"{name}.json"))


def test_on_the_cpu_all_nodes_run_where_they_were_asked_to() -> None:
    found = placement("cpu", CPU)
    assert found.nodes == {CPU: 12}
    assert found.fallbacks == found.strays == ()
    (share,) = found.shares
    assert share.nodes == sum(operator.nodes for operator in share.operators) == 12
    assert share.ms == pytest.approx(sum(operator.ms for operator in share.operators))
    assert share.operators[0].operator == "Conv"
    assert share.operators[0].nodes == 2
    assert [o.ms for o in share.operators] == sorted((o.ms for o in share.operators), reverse=True)


def test_on_cuda_shapes_stay_behind_on_purpose_and_the_operator_without_a_kernel_is_named() -> None:
    found = placement("cuda", CUDA, CPU)
    assert found.main == "CUDA"
    assert found.as_asked
    assert {f.node: f.reason for f in found.fallbacks} == {
        "height": Reason.SHAPES,
        "pair": Reason.SHAPES,
        "target": Reason.SHAPES,
        "unit": Reason.NO_KERNEL,
    }
    (stray,) = found.strays
    assert (stray.operator, stray.provider, stray.types) == ("LpNormalization", CPU, "float → float")
    assert next(share.copies for share in found.shares if share.provider == CUDA) == 2


def test_tensorrt_is_the_main_one_though_it_has_the_fewest_nodes() -> None:
    found = placement("tensorrt", TENSORRT, CUDA)
    assert found.nodes[CUDA] > found.nodes[TENSORRT] == 2
    assert found.main == "TensorRT"
    assert found.shares[0].operators[0].operator == "TRTKernel"
    assert [f.node for f in found.fallbacks] == ["unit", "boxes"]


def test_strict_lets_cuda_help_tensorrt_only_if_it_was_asked_for() -> None:
    assert [f.node for f in placement("tensorrt", TENSORRT, CUDA).strays] == ["unit"]
    assert [f.node for f in placement("tensorrt", TENSORRT).strays] == ["unit", "boxes"]
    assert [f.node for f in placement("tensorrt", TENSORRT, CUDA, CPU).strays] == ["unit"]


@pytest.mark.parametrize(
    ("operator", "inputs", "outputs", "expected"),
    [
        ("Gather", [("int64", (4,)), ("int64", ())], [("int64", ())], True),
        ("Cast", [("int64", (1,))], [("float", (1,))], True),
        ("Shape", [("float", (1, 3, 640, 640))], [("int64", (4,))], True),
        ("Size", [("float", (1, 3, 640, 640))], [("int64", ())], True),
        ("Concat", [("int64", (60,)), ("int64", (41,))], [("int64", (101,))], False),  # too long for a shape
        (
            "Gather",
            [("float", (1, 1000, 4)), ("int64", (1,))],
            [("float", (1, 4))],
            False,
        ),  # a large table is carried over
        ("Mul", [("float", (0,))], [("float", (0,))], False),  # nothing was there, and next time there may be much
        ("NonMaxSuppression", [("int64", (1,))], [("int64", (1,))], False),  # real work, however little
        ("Cast", [], [], False),  # nothing is known
    ],
)
def test_what_counts_as_arithmetic_on_shapes(
    operator: str, inputs: list[tuple[str, tuple[int, ...]]], outputs: list[tuple[str, tuple[int, ...]]], expected: bool
) -> None:
    sides = [tuple(Tensor(*one) for one in side) for side in (inputs, outputs)]
    assert Kernel("n", operator, CPU, 0.1, *sides).on_shapes is expected


def test_shapes_on_another_provider_than_the_cpu_are_no_excuse() -> None:
    kernel = Kernel("n", "Cast", CUDA, 0.1, (Tensor("int64", (1,)),), (Tensor("float", (1,)),))
    (fallback,) = placed(Placement((TENSORRT,), (TENSORRT, CUDA, CPU)), (kernel,)).fallbacks
    assert fallback.reason is Reason.NO_KERNEL


def test_a_node_that_ran_in_a_loop_is_one_node() -> None:
    events = json.loads((PROFILES / "cpu.json").read_text(encoding="utf-8"))
    once, twice = kernels(events), kernels([*events, *events])
    assert len(once) == len(twice)
    assert sum(k.ms for k in twice) == pytest.approx(2 * sum(k.ms for k in once))


def test_the_recording_is_what_this_onnxruntime_writes(tmp_path: Path) -> None:
    recorded = read_profile(PROFILES / "cpu.json")
    anew = kernels(record.record(tmp_path))
    assert [(k.node, k.operator, k.provider, k.inputs, k.outputs) for k in anew] == [
        (k.node, k.operator, k.provider, k.inputs, k.outputs) for k in recorded
    ]


def test_the_derived_recordings_follow_from_the_real_one() -> None:
    events = json.loads((PROFILES / "cpu.json").read_text(encoding="utf-8"))
    for name, derive in record.KINDS.items():
        assert json.loads((PROFILES / f"{name}.json").read_text(encoding="utf-8")) == derive(events)


@pytest.mark.parametrize(
    "content", ["", "[", "{}", '[{"cat": "Node"}]', '[{"cat": "Node", "name": "a_kernel_time"}]', "[1]", "null"]
)
def test_a_damaged_profile_tells_nothing(content: str, tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(content, encoding="utf-8")
    assert read_profile(path) == ()
    assert read_profile(tmp_path / "absent.json") == ()


def test_nothing_measured_leaves_what_the_session_says() -> None:
    found = placed(Placement((CUDA, CPU), (CUDA, CPU)), ())
    assert (found.nodes, found.shares, found.main) == ({}, (), "CUDA")


def test_several_graphs_are_one_model() -> None:
    first, second = placement("cuda", CUDA), placement("cuda", CUDA)
    both = merged([first, second])
    assert both.nodes == {name: 2 * count for name, count in first.nodes.items()}
    assert len(both.fallbacks) == 2 * len(first.fallbacks)
    assert [share.nodes for share in both.shares] == [2 * share.nodes for share in first.shares]
    assert both.shares[0].operators[0] == OperatorShare(
        first.shares[0].operators[0].operator,
        2 * first.shares[0].operators[0].nodes,
        2 * first.shares[0].operators[0].ms,
    )
    absent = Absence(TENSORRT, Reason.NO_DEVICE)
    one = Placement((CPU,), (CPU,), {CPU: 1}, (ProviderShare(CPU, 1, 1.0),), (), (absent,))
    assert merged([one, one]).absences == (absent,)
    assert merged([one]) == Placement((CPU,), (CPU,), {CPU: 1}, (ProviderShare(CPU, 1, 1.0),), (), (absent,))


def test_a_fallback_says_all_that_a_reader_needs() -> None:
    assert Fallback("n", "Sin", CPU, Reason.NO_KERNEL).reason.value.endswith("these types")
