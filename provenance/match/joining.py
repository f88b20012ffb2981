"""Groups of things that pairs join, directly or through others."""

from collections.abc import Iterable


def join(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return, for each of the things `0..count-1`, the first one of its group."""
    above = list(range(count))

    def first(thing: int) -> int:
        while above[thing] != thing:
            above[thing] = above[above[thing]]
            thing = above[thing]
        return thing

    for a, b in pairs:
        low, high = sorted((first(a), first(b)))
        above[high] = low
    return [first(thing) for thing in range(count)]
