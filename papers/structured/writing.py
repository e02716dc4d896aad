"""Structured data as it stands in a page. Pure."""

import json

from papers.structured.parts import Data

# No text may end the element it stands in, or begin a comment there; between quotes JSON reads these as the signs they are.
_SAFE = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def json_ld(data: Data) -> str:
    """What may stand in a <script> without further escaping."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_SAFE)
