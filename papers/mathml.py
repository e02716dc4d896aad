"""TeX formulas as MathML that is safe to put into a page. Pure.

The converter copies what it does not understand into its output unescaped, so nothing of it is used before it was parsed
and every element and attribute found in the lists below.
"""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert

LONGEST = 600  # characters of TeX; a longer formula stays text
_DEEPEST = 40
_ANY, _UNKNOWN = None, -1
_NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'

# Element -> how many children it must have.
_ELEMENTS: dict[str, int | None] = {
    "math": _ANY, "mrow": _ANY, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "ms": 0, "mspace": 0, "mstyle": _ANY, "mpadded": _ANY,
    "mphantom": _ANY, "menclose": _ANY, "msqrt": _ANY, "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3,
    "munder": 2, "mover": 2, "munderover": 3, "mtable": _ANY, "mtr": _ANY, "mtd": _ANY,
}  # fmt: skip
_ATTRIBUTES = {
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence", "form",
    "height", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines",
    "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """`letters` are the formula's letters and signs alone: `x_2` gives `x2`."""

    tex: str
    markup: str
    letters: str

    def html(self, *, block: bool) -> str:
        display = "block" if block else "inline"
        return f'<math display="{display}" alttext="{escape(self.tex)}">{self.markup}</math>'


@lru_cache(4096)
def formula(tex: str) -> Formula | None:
    """None when it is not TeX that can be typeset."""
    if len(tex) > LONGEST or not _balanced(tex):
        return None
    try:
        # Safe to parse: without a document type there are no entities to expand.
        root = ET.fromstring(convert(tex).replace(_NAMESPACE, "", 1))  # noqa: S314
    except Exception:  # the converter raises whatever its tables and stacks raise
        return None
    if not _cleaned(root):
        return None
    _space_functions(root)
    markup = "".join(ET.tostring(child, encoding="unicode") for child in root)
    return Formula(tex, markup, "".join("".join(root.itertext()).split()))


def _balanced(tex: str) -> bool:
    """Braces that match and do not nest so deep that a tree of them could exhaust the stack."""
    depth = 0
    for sign in tex.replace("\\\\", "").replace("\\{", "").replace("\\}", ""):
        depth += (sign == "{") - (sign == "}")
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0 and "<!" not in tex


def _cleaned(root: ET.Element) -> bool:
    """Drop unknown attributes; False when an element is unknown or malformed, or a command was left over."""
    for element in root.iter():
        arity = _ELEMENTS.get(element.tag, _UNKNOWN)
        if (arity is not None and len(element) != arity) or "\\" in (element.text or "") or element.tail:
            return False
        element.attrib = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    return bool("".join(root.itertext()).strip())


def _space_functions(root: ET.Element) -> None:
    """A thin space between a function's name and its argument, as TeX sets it: log n, not logn."""
    for row in list(root.iter("mrow")):
        for at in reversed(range(len(row) - 1)):
            here, following = row[at], row[at + 1]
            if here.tag == "mi" and len(here.text or "") > 1 and following.tag in ("mi", "mn"):
                row.insert(at + 1, ET.Element("mspace", {"width": "0.167em"}))
