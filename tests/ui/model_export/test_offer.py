"""What the exporter says of itself, and what is no such thing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.ui.model_export.offer import Argument, Family, Kind, OfferError, read_offer

WEIGHTS = {
    "flag": "--weights",
    "help": "the file",
    "kind": "file",
    "required": True,
    "default": "",
    "choices": [],
    "suffixes": [".pt"],
}
YOLO = {"name": "yolo", "help": "our own", "cascade": False, "arguments": [WEIGHTS]}


def offer(**changes: object) -> str:
    return json.dumps({"families": [{**YOLO, **changes}]})


def with_argument(**changes: object) -> str:
    return offer(arguments=[{**WEIGHTS, **changes}])


def test_a_description() -> None:
    argument = Argument("--weights", "the file", Kind.FILE, required=True, suffixes=(".pt",))
    assert read_offer(offer()) == (Family("yolo", "our own", False, (argument,)),)


def test_what_libraries_print_around_it_does_not_matter() -> None:
    assert read_offer(f"a warning\n{offer()}\nbye\n") == read_offer(offer())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "}{",
        "no json",
        "{not json}",
        "{}",
        '{"families": []}',
        '{"families": {}}',
        '{"families": [1]}',
        offer(name="--help"),
        offer(name="a b"),
        offer(name=1),
        offer(help=None),
        offer(arguments={}),
        offer(arguments=[WEIGHTS] * 1_000),
        with_argument(flag="weights"),
        with_argument(flag="--out=/etc/passwd"),
        with_argument(flag="--wéights"),
        with_argument(kind="shell"),
        with_argument(kind=["file"]),
        '{"families":' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(OfferError):
        read_offer(text)


def test_odd_details_are_passed_over() -> None:
    text = with_argument(required="yes", default=["x"], choices="abc", suffixes=None, repeated=1)
    (family,) = read_offer(text)
    assert family.arguments == (Argument("--weights", "the file", Kind.FILE),)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_offer(text)
    except OfferError:
        return


@given(
    st.dictionaries(
        st.sampled_from(tuple(WEIGHTS)), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_any_argument_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        read_offer(with_argument(**changes))
    except OfferError:
        return
