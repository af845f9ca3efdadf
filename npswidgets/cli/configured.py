"""Options that can stand in three places: on the command line, else in the environment, else in a TOML file.

Every option has a variable of its name, such as NPS_BEHIND_PROXY, and a key in the file, such as `behind-proxy`.
"""

import os
import re
import stat
import sys
import tomllib
from collections.abc import Set
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from npswidgets import settings
from npswidgets.errors import WorkshopError

CONFIG = "config"
FILE = f"{__name__}.file"
"""Under which a command keeps the file that was read."""

SECRETS = {"wifi-password", "metrics-token", "proxy-secret"}
FOR_NOBODY_ELSE = {"proxy-secret"}
"""Who knows it can sign on as anybody: in a file that others may read it is refused."""

ALONE = {
    "hosts": settings.NPS_HOSTS,
    "time-zone": settings.NPS_TIME_ZONE,
    "accessibility": settings.NPS_ACCESSIBILITY,
    "erasures": settings.NPS_ERASURES,
    "forking": settings.NPS_FORKING,
    "metrics-token": settings.NPS_METRICS_TOKEN,
    "proxy-secret": settings.NPS_PROXY_SECRET,
}
"""Keys of the file that are no options: what seldom changes, and secrets, which others would see on a command line."""

MAY_BE_EMPTY = {"wifi", "wifi-password"}
"""For no Wi-Fi, or one without a password. Every other value that is empty, somebody has left to be filled in."""

EMPTY = "It is empty. Say what it is to be, or leave it out."

THREE_PLACES = (
    "An option can also stand in the environment, under the name in brackets, or in a TOML file (--config), under its "
    "own name without the dashes. The command line goes over the environment, and that over the file. A variable that "
    f"is empty counts as none. The file may also hold {', '.join(ALONE)}."
)


class WrongSetting(WorkshopError):
    """A key or a value of the file of settings that is not as it should be."""


class Filled(click.types.StringParamType):
    """Of an option's values those that are not empty: `--behind-proxy "$PROXY"` may have come out so."""

    def __init__(self, inner: click.types.StringParamType | click.Path) -> None:
        self._inner, self.name = inner, inner.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as the option takes it."""
        if isinstance(value, str) and not value.strip():
            self.fail(EMPTY, param, ctx)
        return self._inner.convert(value, param, ctx)


class Configured(click.Command):
    """A command whose options all have a variable of the environment, and a key in the file."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.epilog = THREE_PLACES
        file = click.Option(
            [f"--{CONFIG}"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            is_eager=True,
            expose_value=False,
            callback=_read_file,
            help="A TOML file with any of these options.",
        )
        self.params.append(file)
        for one in self.params:
            if isinstance(one, click.Option):
                one.envvar, one.show_envvar = one.envvar or f"NPS_{_key(one).upper().replace('-', '_')}", True
                if _key(one) not in MAY_BE_EMPTY and isinstance(one.type, click.types.StringParamType | click.Path):
                    one.type = Filled(one.type)


def keys(command: click.Command) -> set[str]:
    """What the options of a command are called in a file."""
    return {key for one in command.params if isinstance(one, click.Option) and (key := _key(one)) != CONFIG}


def said_where(context: click.Context, option: str) -> str:
    """Where the value of an option was said, for a sentence; empty where it was said nowhere."""
    (one,) = (one for one in context.command.params if isinstance(one, click.Option) and _key(one) == option)
    source = context.get_parameter_source(one.name or "")
    if source is ParameterSource.COMMANDLINE:
        return f"--{option}"
    if source is ParameterSource.ENVIRONMENT:
        named = [one.envvar] if isinstance(one.envvar, str) else one.envvar or []
        return f"{next(name for name in named if os.environ.get(name))} in the environment"
    return f'"{option}" in {context.meta[FILE]}' if source is ParameterSource.DEFAULT_MAP else ""


def _key(option: click.Option) -> str:
    """What an option is called in the file."""
    return max(option.opts, key=len).removeprefix("--")


def _read_file(context: click.Context, _: click.Parameter, file: Path | None) -> None:
    """Takes the values of a file for what is said nowhere else.

    Raises:
        WrongSetting: there is no such key, or a value is not what it should be; nothing is taken then.
    """
    if file is None:
        return
    text, found = _parsed(file)
    options = {
        _key(one): one for one in context.command.params if isinstance(one, click.Option) and _key(one) != CONFIG
    }
    taken: dict[str, Any] = {}
    for key, value in found.items():
        where = f'{file}, line {_line_of(key, text)}: "{key}"'
        if key not in options and key not in ALONE:
            raise WrongSetting(f"{where} is no setting. There is: {', '.join(sorted({*options, *ALONE}))}.")
        if key in options:
            taken[options[key].name or ""] = _checked(context, options[key], value, where)
        elif not isinstance(value, str):
            raise WrongSetting(_not_expected(where, key, value, "a text in quotes"))
        elif not value.strip():
            raise WrongSetting(f"{_not_expected(where, key, value, 'a text in quotes')} {EMPTY}")
    _look_who_reads(file, found.keys())
    context.default_map, context.meta[FILE] = taken, file
    for key in found.keys() & ALONE.keys():
        os.environ[ALONE[key]] = os.environ.get(ALONE[key]) or found[key]


def _look_who_reads(file: Path, keys: Set[str]) -> None:
    """Tells of a file with a secret in it that others may read.

    Raises:
        WrongSetting: nobody may know that secret.
    """
    if not keys & SECRETS or sys.platform == "win32" or not file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return
    words = f"Others on this computer may read {file}, which holds a secret. Then: chmod 600 {file}"
    if keys & FOR_NOBODY_ELSE:
        raise WrongSetting(words)
    click.echo(words, err=True)


def _parsed(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_text("utf-8-sig")  # editors of Windows begin a text with a mark, which TOML lets pass
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise WrongSetting(f"{file} is not in UTF-8. Expected a text file in TOML, such as: port = 8866") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f"{file} is no TOML: {error}. Expected lines such as: port = 8866") from None


def _checked(context: click.Context, option: click.Option, value: Any, where: str) -> Any:
    """The value, if the option takes it."""
    right, expected = _expected(option)
    if not right(value):
        raise WrongSetting(_not_expected(where, _key(option), value, expected))
    try:
        option.type_cast_value(context, [value] if option.multiple and isinstance(value, str) else value)
    except click.BadParameter as error:
        raise WrongSetting(f"{_not_expected(where, _key(option), value, expected)} {error.message}") from None
    return [value] if option.multiple and isinstance(value, str) else value


def _expected(option: click.Option) -> tuple[Any, str]:
    """Whether a value is of the right kind, and how that kind is called."""
    if option.is_flag:
        return lambda value: isinstance(value, bool), "true or false"
    if isinstance(option.type, click.types.IntParamType):
        bounds = option.type
        between = f" from {bounds.min} to {bounds.max}" if isinstance(bounds, click.IntRange) else ""
        return lambda value: type(value) is int, f"a whole number{between}"
    if option.multiple:
        return _is_texts, "a text in quotes, or several in brackets"
    return lambda value: isinstance(value, str), "a text in quotes"


def _is_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _not_expected(where: str, key: str, value: Any, expected: str) -> str:
    return f"{where} is {'a secret that is wrong' if key in SECRETS else repr(value)[:100]}; expected {expected}."


def _line_of(key: str, text: str) -> int:
    """The line that a key stands in, from 1."""
    begins = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if begins.match(line)), 1)
