"""Which document of each cluster is kept, by an order that the user chooses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from provenance import timestamps
from provenance.errors import ConfigError
from provenance.match.clusters import content_id
from provenance.model import Cluster, Pair

Row: TypeAlias = Mapping[str, Any]  # of the documents of a result

POLICIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "earliest": ("published", "-characters"),
        "latest": ("-published", "-characters"),
        "longest": ("-characters", "published"),
        "most-complete": ("-coverage", "-fields", "characters", "published"),
        "preferred": ("preferred", "published", "-characters"),
    }
)
DEFAULT: Final = POLICIES["earliest"]
KEYS: Final = (
    *("published", "fetched", "characters", "tokens", "coverage", "fields", "preferred"),
    *("source", "url", "title", "language", "path", "id"),
)
_KNOWN: Final = ("source", "url", "title", "published", "language")
_Edges: TypeAlias = dict[str, dict[str, tuple[float, float]]]


def parse_order(keep: str | None, prefer: Sequence[str]) -> tuple[str, ...]:
    """Return the sort keys of a policy, or of names from `KEYS` with commas, `-` for descending.

    Without `keep`, sources that are preferred come first if there are any, then the earliest.
    Raises `ConfigError` for an unknown name, and where preference and sources do not fit.
    """
    chosen = keep or ("preferred" if prefer else "earliest")
    order = POLICIES.get(chosen) or tuple(name.strip() for name in chosen.split(","))
    for name in order:
        if name.removeprefix("-") not in KEYS:
            raise ConfigError(
                f"--keep {chosen!r} is no policy and no list of keys. Policies: "
                f"{', '.join(POLICIES)}. Keys: {', '.join(KEYS)}; - before one for descending"
            )
    preferring = any(name.removeprefix("-") == "preferred" for name in order)
    if preferring and not prefer:
        raise ConfigError(f"--keep {chosen} needs --prefer SOURCE, once for each source")
    if prefer and not preferring:
        raise ConfigError(f"--prefer has no say in --keep {chosen}; add the key preferred to it")
    return order


@dataclass(frozen=True, slots=True)
class _Groups:
    """Documents of equal shingle sets as one, and how much of each other group one holds.

    `holds[g][h]` is the Jaccard of two groups and the share of h that stands in g.
    """

    group_of: Mapping[str, str]
    members: Mapping[str, Sequence[str]]
    holds: _Edges


def _grouped(pairs: Iterable[Pair]) -> _Groups:
    """Join documents whose Jaccard is 1: of many, not every pair is listed, but a tree is."""
    found = list(pairs)
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        path = []
        while (above := parent.setdefault(name, name)) != name:
            path.append(name)
            name = above
        for below in path:
            parent[below] = name
        return name

    for pair in found:
        a, b = root(pair.a), root(pair.b)
        if pair.jaccard == 1.0 and a != b:
            parent[max(a, b)] = min(a, b)
    members: dict[str, list[str]] = {}
    for name in parent:
        members.setdefault(root(name), []).append(name)
    holds: _Edges = {}
    for pair in found:
        a, b = root(pair.a), root(pair.b)
        if a != b:
            holds.setdefault(a, {})[b] = pair.jaccard, pair.b_containment
            holds.setdefault(b, {})[a] = pair.jaccard, pair.a_containment
    return _Groups({name: root(name) for name in parent}, members, holds)


def choose_clusters(
    documents: Mapping[str, Row],
    pairs: Iterable[Pair],
    order: Sequence[str],
    prefer: Sequence[str],
    *,
    threshold: float,
    containment: float,
) -> tuple[Cluster, ...]:
    """Return clusters whose representative comes first in an order, sorted by id.

    As in a scan, every member is a near-duplicate of its representative or is contained in it,
    so that no text is lost for one that is only like another copy. Missing values come last;
    ties go to the earliest, the longest, then by content.
    """
    groups = _grouped(pairs)
    key = _key(order, prefer, groups)
    ranked = {name: key(documents[name]) for name in groups.group_of}
    sorted_members = {
        group: sorted(names, key=ranked.__getitem__) for group, names in groups.members.items()
    }
    taken: set[str] = set()
    clusters = []
    for leader in sorted(sorted_members, key=lambda group: ranked[sorted_members[group][0]]):
        if leader in taken:
            continue
        joined, similarity = [leader], 1.0
        for group, (jaccard, share) in groups.holds.get(leader, {}).items():
            if group not in taken and (jaccard >= threshold or share >= containment):
                joined.append(group)
                similarity = min(similarity, jaccard)
        taken.update(joined)
        names = sorted(name for group in joined for name in sorted_members[group])
        if len(names) > 1:
            first = sorted_members[leader][0]
            clusters.append(Cluster(content_id("c", *names), first, tuple(names), similarity))
    return tuple(sorted(clusters, key=lambda cluster: cluster.id))


def likeness(clusters: Iterable[Cluster], pairs: Iterable[Pair]) -> dict[str, tuple[float, float]]:
    """Return, for members, the Jaccard with their representative and the share that it holds."""
    leader = {name: c.representative for c in clusters for name in c.members}
    found: dict[str, tuple[float, float]] = {}
    kept = [pair for pair in pairs if leader.get(pair.a, "") == leader.get(pair.b)]
    groups = _grouped(kept)
    for name, representative in leader.items():
        own, held = groups.group_of.get(name), groups.group_of.get(representative)
        if name == representative or own is None or held is None:
            continue
        alike = (1.0, 1.0) if own == held else groups.holds.get(held, {}).get(own)
        if alike is not None:
            found[name] = alike
    return found


def _key(
    order: Sequence[str], prefer: Sequence[str], groups: _Groups
) -> Callable[[Row], tuple[Any, ...]]:
    names = [name.lower().removeprefix("www.") for name in prefer]
    covered = {
        group: sum(len(groups.members[other]) * share for other, (_, share) in held.items())
        for group, held in groups.holds.items()
    }

    def value(row: Row, name: str) -> Any:  # noqa: ANN401 - values of one key have one type
        match name:
            case "coverage":
                group = groups.group_of[row["id"]]
                return round(covered.get(group, 0.0), 6) + len(groups.members[group])
            case "fields":
                return sum(row[field] is not None for field in _KNOWN)
            case "preferred":
                return min((names.index(own) for own in _names(row) if own in names), default=None)
            case _:
                return row[name]

    def key(row: Row) -> tuple[Any, ...]:
        parts = [_part(value(row, n.removeprefix("-")), n) for n in (*order, *DEFAULT)]
        return (*parts, row["digest"], row["id"])

    return key


def _names(row: Row) -> set[str]:
    """Return what a document's source can be called: its name, and the host of its address."""
    names = {row["source"].lower().removeprefix("www.")} if row["source"] else set()
    try:
        host = urlsplit(row["url"] or "").hostname
    except ValueError:
        host = None
    return names | {host.removeprefix("www.")} if host else names


def _part(value: Any, name: str) -> tuple[bool, Any]:  # noqa: ANN401 - as above
    """Return a value to sort by; a missing one comes last both ways."""
    descending = name.startswith("-")
    if name.removeprefix("-") in ("published", "fetched") and value is not None:
        # A date without an hour must not beat one that states it, whichever is wanted.
        date = timestamps.parse(value)
        value = None if date is None else date.earliest if descending else date.latest
    if value is None:
        return True, 0
    if not descending:
        return False, value
    return False, -value if isinstance(value, int | float) else _Descending(value)


@dataclass(frozen=True, slots=True)
class _Descending:
    text: str

    def __lt__(self, other: "_Descending") -> bool:
        return other.text < self.text
