"""Every option of `serve` on the command line, in the environment and in a file."""

import os
from itertools import product
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from paths import ROOT

from npswidgets.cli import main
from npswidgets.cli.configured import ALONE, CONFIG, MAY_BE_EMPTY, SECRETS, WrongSetting
from npswidgets.cli.serve import check_together, serve
from npswidgets.settings import NPS_PROXY_SECRET

OPTIONS = [one for one in serve.params if isinstance(one, click.Option) and one.name != CONFIG]


def key(option: click.Option) -> str:
    return max(option.opts, key=len).removeprefix("--")


def variable(option: click.Option) -> str:
    return option.envvar if isinstance(option.envvar, str) else (option.envvar or [""])[0]


def values(option: click.Option) -> tuple[Any, Any, Any]:
    """Three values that an option takes."""
    if option.is_flag:
        return True, True, True
    if isinstance(option.type, click.types.IntParamType):
        return 101, 102, 103
    if isinstance(option.type, click.Choice):
        return (*option.type.choices, *option.type.choices, *option.type.choices)[:3]
    return "512M", "513M", "514M"  # a text, and a size where there is one


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {*ALONE.values(), *(name for name in os.environ if name.startswith("NPS_"))}:
        monkeypatch.setenv(name, "")  # so that one that a file has set is taken back, too
        monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "serve.toml"


def taken(arguments: list[str]) -> dict[str, Any]:
    """What the command would be called with."""
    return serve.make_context("serve", arguments).params


def plain(option: click.Option, value: Any) -> Any:
    return option.type_cast_value(click.Context(serve), (value,) if option.multiple else value)


@pytest.mark.parametrize("option", OPTIONS, ids=key)
def test_the_command_line_goes_over_the_environment_and_that_over_the_file(
    option: click.Option, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_file, in_environment, on_line = values(option)
    said = str(in_file).lower() if isinstance(in_file, bool | int) else f'"{in_file}"'
    file.write_text(f"{key(option)} = {said}\n")
    name = option.name or ""
    assert taken(["--config", str(file)])[name] == plain(option, in_file)
    monkeypatch.setenv(variable(option), str(in_environment))
    assert taken(["--config", str(file)])[name] == plain(option, in_environment)
    arguments = [f"--{key(option)}", *([] if option.is_flag else [str(on_line)])]
    assert taken(["--config", str(file), *arguments])[name] == plain(option, on_line)


@pytest.mark.parametrize("option", OPTIONS, ids=key)
def test_the_help_says_the_variable_of_each_option(option: click.Option) -> None:
    shown = CliRunner().invoke(serve, ["--help"], terminal_width=400).output
    assert variable(option).startswith("NPS_")
    assert variable(option) in shown


def test_the_documents_name_each_option_in_its_three_forms() -> None:
    page = (ROOT / "docs" / "hosting" / "serve.toml").read_text("utf-8")
    for option in OPTIONS:
        assert f"{key(option)} = " in page
        assert variable(option) in page
    assert all(f"{one} = " in page and name in page for one, name in ALONE.items())


def test_the_file_of_the_documents_is_taken_whole(file: Path) -> None:
    page = (ROOT / "docs" / "hosting" / "serve.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") if line.startswith("# ") and " = " in line else line for line in page.splitlines()]
    file.write_text("\n".join(lines))
    file.chmod(0o600)
    assert taken(["--config", str(file)])["port"]


def test_a_file_with_the_mark_that_windows_puts_before_a_text_is_taken(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + b"port = 9000\r\n")
    assert taken(["--config", str(file)])["port"] == 9000


def test_the_file_itself_can_be_named_by_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("port = 8001\n")
    monkeypatch.setenv("NPS_CONFIG", str(file))
    assert taken([])["port"] == 8001


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("\nprot = 1", 2, '"prot" is no setting. There is: accessibility, behind-proxy'),
        ("[server]\nport = 1", 1, '"server" is no setting'),
        ("# x\nport = 70000", 2, '"port" is 70000; expected a whole number from 0 to 65535.'),
        ("port = '1'", 1, "\"port\" is '1'; expected a whole number"),
        ("port = true", 1, '"port" is True; expected a whole number'),
        ("demo = 'yes'", 1, "expected true or false"),
        ("url = 1", 1, "expected a text in quotes"),
        ("behind-proxy = [1]", 1, "expected a text in quotes, or several in brackets"),
        ("time-zone = 1", 1, "expected a text in quotes"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(file: Path, text: str, line: int, says: str) -> None:
    file.write_text(text)
    with pytest.raises(WrongSetting) as refused:
        taken(["--config", str(file)])
    assert f"{file}, line {line}: " in str(refused.value)
    assert says in str(refused.value)


@pytest.mark.parametrize("content", [b"port = ", b"port 1", b"\xff\xfe", b"port = 1\nport = 2"])
def test_what_is_no_toml_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(WrongSetting, match="Expected"):
        taken(["--config", str(file)])


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_is_never_shown(file: Path, name: str) -> None:
    file.write_text(f"{name} = 31415926")
    with pytest.raises(WrongSetting) as refused:
        taken(["--config", str(file)])
    assert "31415926" not in str(refused.value)


def test_a_secret_that_others_may_read_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('wifi-password = "x"\n')
    file.chmod(0o644)
    taken(["--config", str(file)])
    assert f"chmod 600 {file}" in capsys.readouterr().err


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644])
def test_the_proxy_s_secret_is_not_taken_from_a_file_that_others_may_read(file: Path, mode: int) -> None:
    file.write_text('proxy-secret = "what-nobody-else-may-know"\n')
    file.chmod(mode)
    with pytest.raises(WrongSetting, match="chmod 600") as refused:
        taken(["--config", str(file)])
    assert "what-nobody" not in str(refused.value)
    assert NPS_PROXY_SECRET not in os.environ
    file.chmod(0o400)
    taken(["--config", str(file)])
    assert os.environ[NPS_PROXY_SECRET] == "what-nobody-else-may-know"


@pytest.mark.parametrize("option", [one for one in OPTIONS if not one.is_flag], ids=key)
def test_a_value_that_was_left_empty_is_told_on_the_line_and_in_the_file(
    option: click.Option, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a shell, whose own variable is empty; an empty variable of ours counts as none."""
    without = taken([])
    monkeypatch.setenv(variable(option), "")
    assert taken([]) == without
    if key(option) in MAY_BE_EMPTY:
        return
    file.write_text(f"{key(option)} = ''")
    with pytest.raises(WrongSetting, match=f'line 1: "{key(option)}" is '):
        taken(["--config", str(file)])
    for empty in ("", " "):
        with pytest.raises(click.BadParameter) as refused:
            taken([f"--{key(option)}", empty])
        assert "It is empty." in refused.value.message or "is not a valid integer" in refused.value.message


@pytest.mark.parametrize("name", sorted(ALONE))
def test_so_is_one_of_what_is_no_option(name: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(f"{name} = ''")
    file.chmod(0o600)
    with pytest.raises(WrongSetting, match="It is empty"):
        taken(["--config", str(file)])
    file.write_text(f"{name} = 'a word'")
    monkeypatch.setenv(ALONE[name], "")
    taken(["--config", str(file)])
    assert os.environ[ALONE[name]] == "a word"


PLACES = {"option": "--{}", "variable": "NPS_{} in the environment", "file": '"{}" in {}'}
VALUES = {"socket": "/run/nps/socket", "port": "0", "host": "127.0.0.1"}


@pytest.mark.parametrize("other", ["port", "host"])
@pytest.mark.parametrize(("place", "other_place"), [*product(PLACES, PLACES)])
def test_a_server_is_not_told_two_places_to_listen_at(place: str, other_place: str, other: str, file: Path) -> None:
    given = {"socket": place, other: other_place}
    in_file = [
        f"{one} = {VALUES[one] if one == 'port' else repr(VALUES[one])}" for one in given if given[one] == "file"
    ]
    file.write_text("\n".join(in_file))
    on_line = [f"--{one}={VALUES[one]}" for one in given if given[one] == "option"]
    environment = {f"NPS_{one.upper()}": VALUES[one] for one in given if given[one] == "variable"}
    answer = CliRunner().invoke(main, ["serve", "--config", str(file), *on_line], env=environment)
    assert answer.exit_code == 1
    for one, where in given.items():
        assert PLACES[where].format(one.upper() if where == "variable" else one, file) in answer.output


def test_the_figures_of_a_server_at_a_socket_have_an_address(file: Path) -> None:
    said = ["--socket", "/run/nps/socket", "--host", "10.0.0.1", "--metrics-port", "9466"]
    check_together(serve.make_context("serve", said))


def test_a_password_of_no_wifi_is_told() -> None:
    answer = CliRunner().invoke(main, ["serve"], env={"NPS_WIFI_PASSWORD": "on the cards"})
    assert answer.exit_code == 1
    assert "NPS_WIFI_PASSWORD in the environment. Say --wifi, too." in answer.output
    assert "on the cards" not in answer.output


def test_a_wrong_value_of_the_environment_is_said_with_its_name() -> None:
    answer = CliRunner().invoke(serve, [], env={"NPS_PORT": "tcp://10.0.0.1:80"})
    assert answer.exit_code == 2
    assert "NPS_PORT" in answer.output
    assert "tcp://10.0.0.1:80" in answer.output
