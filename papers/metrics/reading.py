"""Days, works and texts of all papers as arrays, for comparing them."""

from dataclasses import dataclass

import numpy as np

from papers.metrics.scoring.percentiles import Ints


@dataclass(frozen=True)
class Dates:
    """Of several texts; `works` numbers the works, `texts` what they say."""

    papers: Ints
    begins: Ints
    ends: Ints
    works: Ints
    texts: Ints


class Numbers:
    """Gives equal values equal numbers."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def __call__(self, value: object) -> int:
        return self._known.setdefault(value, len(self._known))


def dates_of(found: list[tuple[int, int, int, int, int]]) -> Dates:
    columns = np.array(found, dtype=np.int64).reshape(-1, 5).T
    return Dates(*columns)
