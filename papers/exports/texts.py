"""Text that is safe in files of any format. Pure."""

import re

# Signs that XML and PostgreSQL cannot hold and nobody sees, and halves of surrogate pairs, which no encoding can write.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


def line(text: str) -> str:
    """One line without control characters."""
    return " ".join((text if text.isprintable() else _UNSEEN.sub("", text)).split())


def running(text: str) -> str:
    """Running text: paragraphs stay apart by an empty line."""
    return "\n\n".join(found for part in _PARAGRAPH.split(text) if (found := line(part)))
