"""Charts: bars per year, shares of a whole, people around one. Pure: places and sizes only; templates draw them and repeat
them as tables.

Widths are percentages, so that a chart fills its column while its letters keep their size.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Any

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


# --- shares of one whole, or figures on one scale ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ShareBar:
    """A horizontal bar with its name; `value` None is unknown and has no bar. `width` is in per cent of the room there is."""

    label: str
    value: float | None
    width: float
    url: str = ""


def share_bars(rows: Iterable[tuple[str, float | None]], *, top: float = 0.0) -> list[ShareBar]:
    """In the order given; `top` is what fills the width, else the largest value does."""
    given = list(rows)
    full = top or max((value or 0.0 for _, value in given), default=0.0) or 1.0
    return [ShareBar(label, value, round(100 * min(value or 0.0, full) / full, 1)) for label, value in given]


# --- a person and those around them ------------------------------------------------------------------------------------------

WIDTH, HEIGHT, ROOM = 720, 460, 215  # of the drawing, and what names have to the left and right
LONGEST_NAME = 27


@dataclass(frozen=True)
class Node:
    """`record` is what the node stands for; its name stands at `text_x`."""

    record: Any
    weight: int
    x: float
    y: float
    radius: float
    text_x: float
    anchor: str

    @property
    def name(self) -> str:
        name = str(self.record)
        return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


@dataclass(frozen=True)
class Edge:
    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True)
class GraphRow:
    node: Node
    ties: list[tuple[Any, int]]


@dataclass(frozen=True)
class Graph:
    """People on a ring around one, `ties` between them by their keys."""

    nodes: tuple[Node, ...]
    ties: Mapping[tuple[int, int], int]
    spokes: tuple[Edge, ...]
    edges: tuple[Edge, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def rows(self) -> list[GraphRow]:
        """The same as a table: the closest first, each with whom of the others it is tied to most."""
        names = {node.record.pk: node.record for node in self.nodes}
        found = []
        for node in sorted(self.nodes, key=lambda node: -node.weight):
            own = [(sum(pair) - node.record.pk, weight) for pair, weight in self.ties.items() if node.record.pk in pair]
            most = sorted(own, key=lambda tie: (-tie[1], tie[0]))[:3]
            found.append(GraphRow(node, [(names[other], weight) for other, weight in most]))
        return found

    @property
    def middle(self) -> tuple[float, float]:
        return WIDTH / 2, HEIGHT / 2


def ring_graph(people: Sequence[tuple[Any, int]], ties: Mapping[tuple[int, int], int]) -> Graph | None:
    """`people` with how much ties each to the one in the middle, the most first; `ties` between them by their keys, the
    smaller first. The same people stand at the same places whenever it is drawn. None for fewer than three people.
    """
    if len(people) < 3:
        return None
    most = max(weight for _, weight in people)
    ring = _around(list(people), ties)
    nodes = tuple(_node(record, weight, place, len(ring), most) for place, (record, weight) in enumerate(ring))
    at = {node.record.pk: node for node in nodes}
    strongest = max(ties.values(), default=1)
    spokes = tuple(Edge(WIDTH / 2, HEIGHT / 2, node.x, node.y, _stroke(node.weight, most)) for node in nodes)
    edges = tuple(
        Edge(at[one].x, at[one].y, at[other].x, at[other].y, _stroke(weight, strongest))
        for (one, other), weight in sorted(ties.items())
    )
    return Graph(nodes, ties, spokes, edges)


def _around(people: list[tuple[Any, int]], ties: Mapping[tuple[int, int], int]) -> list[tuple[Any, int]]:
    """Next to each the one most tied to it, so that those who write together stand together."""
    ring, rest = people[:1], people[1:]
    while rest:
        last = ring[-1][0].pk
        best = max(rest, key=lambda person: ties.get((min(last, person[0].pk), max(last, person[0].pk)), 0))
        ring.append(best)
        rest.remove(best)
    return ring


def _node(record: Any, weight: int, place: int, of: int, most: int) -> Node:
    angle = 2 * pi * (place + 0.5) / of - pi / 2
    x = WIDTH / 2 + (WIDTH / 2 - ROOM) * cos(angle)
    y = HEIGHT / 2 + (HEIGHT / 2 - 20) * sin(angle)
    radius = round(3.5 + 5.5 * sqrt(weight / most), 1)
    right = cos(angle) > 0
    return Node(
        record, weight, round(x, 1), round(y, 1), radius, round(x + (radius + 5) * (1 if right else -1), 1),
        "start" if right else "end",
    )  # fmt: skip


def _stroke(weight: int, most: int) -> float:
    return round(0.6 + 3.4 * weight / most, 1)
