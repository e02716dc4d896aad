"""Reading settings from the environment: an empty value counts as none, a bad one stops the start and names the variable."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

WINDOWS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
ORIGIN = re.compile(r"https?://[^\s/?#]+")
Value = TypeVar("Value")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    given = text(name)
    if not given:
        return default
    if (word := given.lower()) in TRUE | FALSE:
        return word in TRUE
    raise ImproperlyConfigured(f"{name}={given!r}: give one of on, off, yes, no, true, false, 1, 0.")


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    given = text(name, str(default))
    if given.isascii() and given.isdigit() and least <= int(given) <= most:
        return int(given)
    raise ImproperlyConfigured(f"{name}={given!r}: give a whole number from {least} to {most}.")


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list; blanks around the commas do not matter."""
    given = text(name)
    return [word.strip() for word in given.split(",") if word.strip()] if given else default


def weights(name: str, default: dict[str, float]) -> dict[str, float]:
    """`part:number` for every part of `default`, separated by commas; not negative, and not all of them 0."""
    given = words(name, [f"{part}:{weight}" for part, weight in default.items()])
    try:
        found = {part.strip(): float(weight) for part, weight in (one.split(":") for one in given)}
    except ValueError:
        found = {}
    usable = found.keys() == default.keys() and all(0 <= weight < 1e6 for weight in found.values()) and any(found.values())
    if not usable:
        shape = ",".join(f"{part}:{weight:g}" for part, weight in default.items())
        raise ImproperlyConfigured(f"{name}: give a weight for each part, such as {shape}.")
    return found


def rates(name: str, default: str) -> list[tuple[str, int, int]]:
    """`100/minute, 20/second` as names, numbers and seconds; `off` is none."""
    given = text(name, default)
    found = [re.fullmatch(r"([1-9]\d{0,8})/(second|minute|hour|day)", part.strip()) for part in given.split(",")]
    if given.lower() == "off":
        return []
    if not all(found):
        raise ImproperlyConfigured(f"{name}={given!r}: give rates such as 100000/day, 20/second, or off.")
    return [(rate[2], int(rate[1]), WINDOWS[rate[2]]) for rate in found if rate]


def origins(name: str) -> list[str]:
    """A list of schemes with hosts: what Django compares with the header Origin."""
    given = words(name, [])
    for one in given:
        if not ORIGIN.fullmatch(one):
            raise ImproperlyConfigured(f"{name}: {one!r} is not an origin such as https://papers.example.")
    return given


def hosts(name: str, default: list[str]) -> list[str]:
    """A list of public host names, without schemes and ports."""
    given = [one.lower().removeprefix("www.") for one in words(name, default)]
    for one in given:
        if not HOST.fullmatch(one):
            raise ImproperlyConfigured(f"{name}: {one!r} is not the name of a host such as code.example.org.")
    return given


def directory(name: str, default: Path) -> Path:
    """A directory to write in, absolute and there when this returns."""
    path = Path(text(name, str(default))).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {str(path)!r} is not a directory one can write in: {error}.") from error


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    given = text(name, default)
    if given in allowed:
        return given
    raise ImproperlyConfigured(f"{name}={given!r}: give one of {', '.join(allowed)}.")


def address(name: str, default: str, parse: Callable[[str], Value]) -> Value:
    """A URL such as DATABASE_URL, read by one of django-environ's parsers."""
    given = text(name, default)
    try:
        return parse(given)
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        shown = given.rpartition("@")[2]  # without the password
        raise ImproperlyConfigured(f"{name}: {shown!r} is not an address this setting can use: {error}.") from error


def secret_key(name: str, path: Path) -> str:
    """The key from the environment, else from `path`, which the first start creates for its owner alone."""
    if given := text(name):
        if len(given) < 50:
            raise ImproperlyConfigured(f"{name}: give at least 50 characters, or leave it unset to have one made.")
        return given
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made by an earlier start, or by another process this very moment
    return path.read_text().strip()
