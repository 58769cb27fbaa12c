import json

import pytest

from export.arguments import KINDS
from export.cli import main
from export.families import FAMILIES


@pytest.fixture(scope="module")
def families() -> dict[str, dict[str, dict]]:
    """Arguments by family and flag, as another program reads them."""
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("builtins.print", lambda text, **_: said.append(text))
        assert main(["describe"]) == 0
    found = json.loads("\n".join(said))["families"]
    return {one["name"]: {argument["flag"]: argument for argument in one["arguments"]} | {"": one} for one in found}


def test_every_family_is_described(families: dict):
    assert list(families) == list(FAMILIES)
    assert {name for name in families if families[name][""]["cascade"]} == {"mtcnn"}
    for name, arguments in families.items():
        assert arguments[""]["help"] == FAMILIES[name].help
        assert {"--out", "--name", "--licence", "--no-picture"} < set(arguments)
        assert "--progress" not in arguments, "who starts the command chooses it"
        assert ("--batch" in arguments) != arguments[""]["cascade"]


def test_arguments_say_what_a_form_needs(families: dict):
    assert families["darknet"]["--cfg"] == {
        "flag": "--cfg", "help": "the network's .cfg", "kind": "file", "required": True, "default": "", "choices": [],
        "suffixes": [".cfg"], "repeated": False,
    }  # fmt: skip
    assert families["darknet"]["--resize"]["choices"] == ["letterbox", "stretch"]
    assert families["classifier"]["--option"]["repeated"] is True
    assert families["mtcnn"]["--weights"]["kind"] == "folder"
    assert families["mtcnn"]["--weights"]["required"] is False
    assert families["yolo"]["--out"]["suffixes"] == [".onnx"]
    assert families["mtcnn"]["--out"]["kind"] == "folder"
    for arguments in families.values():
        for flag, argument in arguments.items():
            if flag:
                assert argument["kind"] in KINDS
                assert argument["help"]
                assert not argument["choices"] or argument["default"] in ("", *argument["choices"])


@pytest.mark.parametrize("family", list(FAMILIES))
def test_the_help_names_every_argument(family: str, families: dict, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main([family, "--help"])
    text = capsys.readouterr().out
    assert all(flag in text for flag in families[family])
