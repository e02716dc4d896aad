"""Cleaning text from outside. Pure.

Removed: control characters, which XML and PostgreSQL cannot hold and nobody sees, zero-width characters and soft hyphens.
Mended: text read in the wrong encoding ("DaumÃ©"), decomposed accents. Kept: everything a reader could have seen.
"""

import re
import unicodedata

import ftfy

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\u0085\x0b\x0c]")
# What UTF-8 looks like when it was read as Latin-1 or Windows-1252.
_MOJIBAKE = re.compile("[ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕâãäåæçèéêëìíîïð][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_CODE_POINT = re.compile(r"U\+0{0,4}([0-9A-Fa-f]{2,4})(?![0-9A-Fa-f])")
MENDED_AT_MOST = 200_000  # characters; mending longer text takes too long for what it would gain
# Nobody stacks this many accents on a letter, and composing them takes time that grows with the square of their number.
_MARKS = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]"
_STACKED = re.compile(f"({_MARKS}{{20}}){_MARKS}+")
LONG_ENOUGH_TO_STACK = 2_000


def _plain(text: str) -> str:
    if not text.isascii() and len(text) <= MENDED_AT_MOST and _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    if not text.isprintable():  # neither line ends nor anything unseen is printable
        text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
    if len(text) > LONG_ENOUGH_TO_STACK and not text.isascii():
        text = _STACKED.sub(r"\1", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _is_plain(text: str) -> bool:
    """Nothing to clean: most of what comes, so it is worth asking first."""
    return text.isascii() and text.isprintable() and "  " not in text


def clean_line(text: str) -> str:
    """One line: every run of blanks, no-break spaces and line ends included, becomes one blank."""
    if _is_plain(text):
        return text.strip()
    return " ".join(_plain(text).split())


def clean_text(text: str) -> str:
    """Running text: paragraphs stay apart, single line ends inside them become blanks."""
    if _is_plain(text):
        return text.strip()
    text = _plain(text)
    if "\n" not in text:
        return " ".join(text.split())
    paragraphs = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(line for part in paragraphs if (line := " ".join(part.split())))


def clean_name(text: str) -> str:
    """A personal name: one line, code points written out ("KU+000E4stner") read, an "and" before it and
    footnote marks after it removed."""
    line = clean_line(_CODE_POINT.sub(_character, text) if "U+" in text else text)
    if line.startswith(("and ", "& ")):
        line = line.partition(" ")[2]
    return line.rstrip("*†‡§¶").strip()


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character.isalpha() else found[0]
