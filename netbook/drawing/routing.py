"""Where wires meet their bars and by which lanes they get there: numbers only.

A wire comes down at some x, moves sideways in the channel above the bars if it has to,
and goes down again to its bar.
"""

from __future__ import annotations

from itertools import combinations

PITCH = 6.0  # between two wires side by side
STUB = 20.0  # straight below a port: room for the wire's label
GAP = 16.0  # between two bars
EDGE = 14.0  # how far a wire stays from the ends of its bar


def boundaries(
    starts: list[list[float]], mins: list[float], floors: list[float], width: float
) -> list[float]:
    """Divide 0…width among the bars (and the way past them) so that wires run straight.

    `starts[k]`: where the wires of bar k come down; `mins[k]`: how wide its part must be;
    `floors[k]`: how far to the right it must reach at least. Returns where each part ends.
    """
    step = 4.0
    places = [step * i for i in range(int(width / step) + 1)]
    best = [0.0] + [float("inf")] * (len(places) - 1)
    back: list[list[int]] = []
    for k in range(len(mins) - 1):
        left, right = starts[k], starts[k + 1]
        wish = (max(left) + min(right)) / 2 if left and right else width * (k + 1) / len(mins)
        reach = [0]  # up to here, which place is the best for the boundary before
        for i in range(1, len(places)):
            reach.append(i if best[i] < best[reach[-1]] else reach[-1])
        skip = int(-(-(mins[k] + GAP) // step))
        cost, froms = [], []
        for i, p in enumerate(places):
            froms.append(reach[max(0, i - skip)])
            if i < skip or p < floors[k] + GAP / 2:
                cost.append(float("inf"))
                continue
            low, high = p - GAP / 2 - EDGE, p + GAP / 2 + EDGE
            aside = sum(x - low for x in left if x > low) + sum(high - x for x in right if x < high)
            cost.append(best[froms[-1]] + aside + abs(p - wish) / 1000)
        best, back = cost, [*back, froms]
    at = min((i for i, p in enumerate(places) if p <= width - mins[-1]), key=best.__getitem__)
    ends = [width + GAP / 2]
    for froms in reversed(back):
        ends.append(places[at])
        at = froms[at]
    return ends[::-1]


def narrowest(mins: list[float], floors: list[float]) -> float:
    """The width below which `boundaries` finds no place for all."""
    end = 0.0
    for need, floor in zip(mins, floors, strict=True):
        end = 4 * -(-max(end + need + GAP, floor + GAP / 2) // 4)
    return end


def pins_for(starts: list[float], low: float, high: float, taken: list[float]) -> list[float]:
    """Where each wire meets its bar: straight below if it can, else near, and never past a neighbour.

    `taken`: where wires of other bars come down; those places stay free.
    """
    order = sorted(range(len(starts)), key=starts.__getitem__)
    pins = [*starts]
    for side, edge, sequence in ((1, high, order[::-1]), (-1, -low, order)):
        for i in sequence:
            x = min(side * pins[i], edge)
            while side * x != starts[i] and any(abs(side * x - other) < 3 for other in taken):
                x -= 1
            pins[i], edge = side * x, x - PITCH
    if taken and pins and (min(pins) < low or max(pins) > high):
        return pins_for(starts, low, high, [])  # too crowded; lanes can still keep the wires apart
    return pins


def lanes_for(moves: list[tuple[float, float]]) -> list[int]:
    """For each wire from x to another x a lane, 0 at the top, with few crossings and no two on one stretch.

    Wire i above wire j crosses it where i's way down meets j's lane, and where j's way down meets i's.
    A wire that goes straight down gets lane -1.
    """

    spans = [(min(move), max(move)) for move in moves]

    def crossings(i: int, j: int) -> float:
        down, start = moves[i][1], moves[j][0]
        blocked = max(0.0, 3 - abs(down - start))  # two that change places: the nearer pair decides
        return (spans[j][0] < down < spans[j][1]) + (spans[i][0] < start < spans[i][1]) + 1000 * blocked

    waiting = [i for i, (a, b) in enumerate(moves) if abs(a - b) > 0.01]
    gain: dict[int, dict[int, float]] = {i: {} for i in waiting}
    for i, j in combinations(waiting, 2):
        gain[i][j] = crossings(i, j) - crossings(j, i)
        gain[j][i] = -gain[i][j]
    score = {i: sum(row.values()) for i, row in gain.items()}
    lanes = [-1] * len(moves)
    done: list[int] = []
    while waiting:
        top = min(waiting, key=lambda i: (score[i], moves[i]))
        waiting.remove(top)
        for other in waiting:
            score[other] -= gain[other][top]
        a, b = spans[top][0] - PITCH, spans[top][1] + PITCH
        lanes[top] = 1 + max((lanes[i] for i in done if spans[i][0] < b and spans[i][1] > a), default=-1)
        done.append(top)
    return lanes
