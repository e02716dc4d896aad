"""The part of the style that an administrator chooses, as custom properties. Pure."""

import re
from collections.abc import Iterable

from authors.colours import NIGHT, PAPER, contrast

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_CODE = re.compile(r"[A-Za-z0-9.-]+")
WHITE, BLACK = "#ffffff", "#10181a"


def site_css(*, accent: str, accent_dark: str, categories: Iterable[tuple[str, str]]) -> str:
    """Rules for the accent colours and for each (code, colour) of `categories`; what is not a colour is left out."""
    rules = [_accent(*given) for given in (("light", accent, PAPER), ("dark", accent_dark, NIGHT)) if _HEX.fullmatch(given[1])]
    rules += [_category(code, colour) for code, colour in categories if _HEX.fullmatch(colour) and _CODE.fullmatch(code)]
    return "".join(f"{rule}\n" for rule in rules)


def _accent(scheme: str, colour: str, ground: str) -> str:
    declared = {
        "accent": colour,
        "on-accent": _letters_on(colour),
        "accent-soft": f"color-mix(in oklab, {colour} 13%, {ground})",
        "bar": f"color-mix(in oklab, {colour} 45%, {ground})",
    }
    return ":root { " + " ".join(f"--{name}-{scheme}: {value};" for name, value in declared.items()) + " }"


def _category(code: str, colour: str) -> str:
    """The colour may be any: letters take 35% of it and the rest of the ink, which reads on both papers."""
    ground, ink = f"color-mix(in oklab, {colour} 13%, var(--paper))", f"color-mix(in oklab, {colour} 35%, var(--ink))"
    return f'[data-category="{code}"] {{ --category-ground: {ground}; --category-ink: {ink}; }}'


def _letters_on(colour: str) -> str:
    """White or black, whichever contrasts more."""
    return WHITE if contrast(WHITE, colour) >= contrast(BLACK, colour) else BLACK
