"""Figures per year as bars. Pure: places and sizes only; the template draws them and repeats them as a table.

Widths are percentages, so that a chart fills its column while its letters keep their size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MARK, NAMES = 16, 20  # pixels above the tallest bar for its figure, and below all bars for the years
LONGEST_SPAN = 80  # years; what lies further back is left to the table


@dataclass(frozen=True)
class Bar:
    """`mark` is the figure written above the bar, empty for most; `named` when the year stands below it."""

    year: int
    count: int
    x: float
    width: float
    y: float
    height: float
    mark: str
    named: bool
    anchor: str
    anchor_x: float

    @property
    def mark_y(self) -> float:
        return self.y - 5


@dataclass(frozen=True)
class BarChart:
    """`rows` are all figures there are, `bars` those drawn."""

    label: str
    unit: str
    height: int
    bars: tuple[Bar, ...]
    rows: tuple[tuple[int, int], ...]

    @property
    def baseline(self) -> int:
        return self.height - 4

    @property
    def description(self) -> str:
        top = max(self.bars, key=lambda bar: bar.count)
        return f"{self.label}, {self.bars[0].year} to {self.bars[-1].year}: most in {top.year}, {top.count:,}."


def short_count(number: int) -> str:
    """`950`, `24.1k`, `1.3M`.

    >>> short_count(24_100)
    '24.1k'
    """
    if number < 1_000:
        return str(number)
    scaled, letter = (number / 1_000, "k") if number < 999_950 else (number / 1_000_000, "M")
    return f"{scaled:.1f}".removesuffix(".0") + letter


def bar_chart(
    counts: Iterable[tuple[int, int]], *, label: str, unit: str, height: int = 150, names: int = 12
) -> BarChart | None:
    """The chart of (year, count) pairs, or None for fewer than two years.

    A year without a figure leaves a gap; at most `names` years are written out.
    """
    rows = tuple(sorted(dict(counts).items()))
    drawn = [row for row in rows if row[0] > rows[-1][0] - LONGEST_SPAN]
    if len(drawn) < 2:
        return None
    return BarChart(label, unit, height, tuple(_bars(drawn, height=height, names=names)), rows)


def _bars(rows: list[tuple[int, int]], *, height: int, names: int) -> Iterator[Bar]:
    first, last = rows[0][0], rows[-1][0]
    step = 100 / (last - first + 1)
    every = -(-(last - first + 1) // names)
    top = max(count for _, count in rows) or 1
    room = height - MARK - NAMES
    for year, count in rows:
        tall = max(round(room * count / top, 1), 1.0 if count else 0.0)
        x, width = round((year - first) * step + step * 0.07, 2), round(step * 0.86, 2)
        anchor, anchor_x = _anchor(x, width, crowded=every > 1)
        yield Bar(
            year, count, x, width, round(MARK + room - tall, 1), tall,
            mark=short_count(count) if count and (count == top or (every == 1 and count > 0.3 * top)) else "",
            named=(last - year) % every == 0, anchor=anchor, anchor_x=anchor_x,
        )  # fmt: skip


def _anchor(x: float, width: float, *, crowded: bool) -> tuple[str, float]:
    """Letters stand in the middle of their bar, but between narrow bars never reach over the chart's edge."""
    if crowded and x + width > 92:
        return "end", round(x + width, 2)
    if crowded and x < 8:
        return "start", x
    return "middle", round(x + width / 2, 2)
