"""HTML, JATS and MathML in titles and abstracts as text. Pure.

Only tags that these languages have are taken for tags: "vector<int>" and "a < b" stay.
"""

import re
from html import unescape

_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?"""
_INLINE = (
    "a|abbr|b|bold|cite|code|em|ext-link|font|i|inline-formula|italic|monospace|named-content|q|roman|s|sc|scp|small|span"
    "|strong|styled-content|sub|sup|tex|tex-math|tt|u|underline|xref"
)
_BLOCK = (
    "abstract|article-title|br|disp-formula|div|h[1-6]|label|li|list|list-item|ol|p|sec|subtitle|table|tbody|td|title|tr|ul"
)
_TAG = re.compile(rf"</?(?:(?:jats|mml|m|ns\d):[\w-]+|{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_BREAK = re.compile(rf"</?(?:jats:)?(?:{_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE)
_TEX = re.compile(r"<(?:jats:)?tex-math[^<>]*>((?:(?!<(?:jats:)?tex-math).)*?)</(?:jats:)?tex-math>", re.DOTALL | re.IGNORECASE)
_MATHML = re.compile(r"<(?:mml:)?math\b[^<>]*>((?:(?!<(?:mml:)?math\b).)*?)</(?:mml:)?math>", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(r"\s*<[^<>]*>\s*")
_DOCUMENT = re.compile(r"\\begin\{document\}((?:(?!\\begin\{document\}).)*?)\\end\{document\}", re.DOTALL)
_HEADING = re.compile(r"^\s*(?:abstract|summary|zusammenfassung|résumé)\s*[:.]?\s*\n+", re.IGNORECASE)


def without_markup(text: str) -> str:
    """The text a reader would see: paragraphs apart, TeX instead of MathML where both are given."""
    if "<" not in text and "&" not in text:
        return text
    for _ in range(2):  # some sources escape what they had escaped before
        if _TEX.search(text):
            text = _MATHML.sub("", text)
            text = _TEX.sub(lambda found: _formula(found[1]), text)
        text = _MATHML.sub(lambda found: _ANY_TAG.sub("", found[1]), text)
        text = unescape(_TAG.sub("", _BREAK.sub("\n\n", text)))
    return text


def abstract_of(text: str) -> str:
    """The same for an abstract, which need not begin with "Abstract"."""
    return _HEADING.sub("", without_markup(text), count=1)


def _formula(tex: str) -> str:
    if document := _DOCUMENT.search(tex):
        tex = document[1]
    tex = unescape(tex).strip().strip("$").strip()
    return f"${tex}$" if tex else ""
