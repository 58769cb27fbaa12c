from hypothesis import given
from hypothesis import strategies as st

from detector_app.model_card import InputSpec, SizeRange
from export.recipe import input_shapes


@given(st.sampled_from([1, 8, 32, 64]), st.integers(1, 10), st.integers(1, 10))
def test_verified_shapes_were_never_traced(multiple: int, rows: int, columns: int):
    spec = InputSpec("images", (rows * multiple, columns * multiple), SizeRange(multiple, 4096, multiple))
    shapes = input_shapes(spec)
    sizes = {shape[2:] for shape in shapes.verified}
    assert shapes.traced[2:] not in sizes
    assert spec.size_hw in sizes
    assert (multiple, multiple) in sizes
    batches = {shape[0] for shape in shapes.verified}
    assert len(batches) >= 2
    assert shapes.traced[0] not in batches
    for _, channels, height, width in (shapes.traced, *shapes.verified):
        assert channels == 3
        assert height % multiple == width % multiple == 0


def test_a_fixed_input_is_verified_at_its_own_size_and_batch():
    shapes = input_shapes(InputSpec("images", (24, 40), None, dynamic_batch=False))
    assert {shapes.traced, *shapes.verified} == {(1, 3, 24, 40)}


def test_a_fixed_size_is_verified_with_other_batches():
    shapes = input_shapes(InputSpec("images", (24, 40), None))
    assert shapes.traced not in shapes.verified
    assert {shape[0] for shape in shapes.verified} == {1, 3}


def test_no_verified_side_is_smaller_than_the_smallest():
    shapes = input_shapes(InputSpec("pictures", (12, 12), SizeRange(12, 4096, 1)))
    assert shapes.traced[2:] == (16, 18)
    assert {shape[2:] for shape in shapes.verified} == {(12, 12), (17, 15)}
