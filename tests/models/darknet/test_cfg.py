import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.darknet.cfg import parse_cfg
from models.darknet.errors import CfgError
from models.darknet.network import build_network
from models.darknet.plan import BUILDERS

NET = "[net]\nwidth=32\nheight=32\nchannels=3\n"


def test_sections_options_comments_and_white_space():
    text = "# made by hand\n[net]\r\n width = 3 2\n;old\n\n[ yolo ]\nanchors = 1,2,  3,4, # px\nnum=1\nnum=2\n"
    net, yolo = parse_cfg(text, "a.cfg")
    assert (net.name, net.line, yolo.name, yolo.line) == ("net", 2, "yolo", 6)
    assert net.integer("width", 0, 0, 100) == 32
    assert yolo.reals("anchors") == (1.0, 2.0, 3.0, 4.0)
    assert yolo.integer("num", 0, 0, 9) == 2, "the last of two equal keys wins"
    assert yolo.options["num"].line == 9


def test_absent_options_have_defaults():
    _, section = parse_cfg("[net]\n[yolo]\n", "a.cfg")
    assert section.integer("num", 7, 0, 9) == 7
    assert section.real("scale_x_y", 1.5) == 1.5
    assert section.integers("mask") == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begins with a [net]"),
        ("\n\n[yolo]\n", 3, "begins with a [net]"),
        ("width=1\n[net]\n", 1, "before the first [section]"),
        ("[net]\nwidth 32\n[yolo]", 2, "neither [section] nor key=value"),
        ("[net]\n=3\n[yolo]", 2, "neither [section] nor key=value"),
        ("[net]\n[yolo\n", 2, "is not a [section]"),
        ("[net]\n[]\n", 2, "is not a [section]"),
        ("[net]\nwidth=32\n", 1, "no layer follows"),
    ],
)
def test_malformed_text_is_refused_with_its_line(text: str, line: int, words: str):
    with pytest.raises(CfgError) as caught:
        parse_cfg(text, "a.cfg")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"a.cfg, line {line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("value", ["", "x", "1.5", "0x10", "1,2", "101", "-1", "9" * 5000, "∞"])
def test_a_whole_number_is_checked(value: str):
    _, section = parse_cfg(f"[net]\n[yolo]\n\nnum={value}\n", "a.cfg")
    with pytest.raises(CfgError, match="line 4"):
        section.integer("num", 1, 0, 100)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999", "a"])
def test_a_number_is_checked(value: str):
    _, section = parse_cfg(f"[net]\n[yolo]\nanchors=1,{value}\n", "a.cfg")
    with pytest.raises(CfgError, match="line 3"):
        section.reals("anchors")


@given(st.text(alphabet="[]=#;,.-\n\r\t 0123456789abcnetyolwidh\x0b\u2028", max_size=200))
def test_any_text_parses_or_is_refused(text: str):
    try:
        sections = parse_cfg(text, "a.cfg")
    except CfgError:
        return
    assert sections[0].name in ("net", "network")


NUMBERS = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(["", "0", "1", "2", "3", "16", "-1,-2", "0,1,2", "1.5", "nan", "1e300", "999999999", "leaky", "x"]),
)
KEYS = st.from_regex(
    "filters|size|stride|stride_x|pad|padding|groups|group_id|dilation|batch_normalize|activation|layers|from|num|mask|anchors|"
    "classes|coords|softmax|scale|scale_x_y|new_coords|temperature|xnor|tree|reverse|share_index|weights_type|scale_wh",
    fullmatch=True,
)
SECTIONS = st.tuples(
    st.sampled_from([*BUILDERS, "crop", "connected", "net"]), st.dictionaries(KEYS, NUMBERS, max_size=6)
)


@given(st.lists(SECTIONS, min_size=1, max_size=8), st.sampled_from(["32", "33", "8", "100000", "-4"]))
def test_any_layers_build_or_are_refused(sections: list[tuple[str, dict[str, str]]], width: str):
    lines = ["[net]", f"width={width}", "height=32"]
    for name, options in sections:
        lines += [f"[{name}]", *(f"{key}={value}" for key, value in options.items())]
    try:
        network, line = build_network(parse_cfg("\n".join(lines), "a.cfg")), None
    except CfgError as error:
        network, line = None, error.line
    if network is None:
        assert line is not None
        assert 1 <= line <= len(lines)
    else:
        assert len(network.plan) == len(sections)
