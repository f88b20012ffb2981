"""From arriving documents to what each has in common with earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.index.arrivals import Arrivals, Keyer
from provenance.index.candidates import Candidates, choose
from provenance.index.comparison import Comparison, compare_pairs
from provenance.index.hits import order_of, ranks
from provenance.index.keys import Keys, Kind
from provenance.index.policy import Policy
from provenance.index.rules import Found, is_related
from provenance.index.store import Hits, Store, Stored, stored_as
from provenance.index.surroundings import SharedKey, may_share
from provenance.match.page_furniture import page_furniture
from provenance.match.spans import flag_tokens
from provenance.text.corpus import TokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOKS: Final = (6, 10, 16, 24, 32)
"""With so many documents a passage key is looked at whether it is boilerplate."""
TOGETHER: Final = 1 << 39
"""Documents that arrive together have these numbers and up until they are stored."""
_NUMBER_BITS: Final = np.uint64(40)
_NUMBERS: Final = np.uint64((1 << 40) - 1)


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of one arriving document.

    `known` is the stored document of its id and text, if there is one. `found` are those of the
    `chosen` candidates that it was compared with; `hits` which of its keys (numbered from 0) which
    documents have, among the first `holders` of each; `common` flags its keys that are
    boilerplate, and `due` are those that may become it with this document.
    """

    known: Stored | None
    chosen: Candidates
    found: tuple[Found, ...]
    hits: Hits
    common: "NDArray[np.bool_]"
    due: "NDArray[np.int64]"


class Examiner:
    """Looks documents up in a store and compares them with the candidates."""

    def __init__(self, store: Store, keyer: Keyer, policy: Policy) -> None:
        self._store = store
        self._keyer = keyer
        self._policy = policy

    def examine(self, arrivals: Arrivals, since: int, *, together: bool = True) -> list[Examined]:
        """Return what is known of each document.

        With `together` those before it among the arrivals count as stored and kept.
        Only documents from the number `since` on are looked at.
        """
        keys = arrivals.keys
        count = len(arrivals)
        common = self._common(keys)
        hits = self._hits(keys, common, since, together=together)
        chosen = self._chosen(keys, hits)
        stored = self._fetch(arrivals, chosen)
        known = [self._known(arrivals, i, chosen[i], stored) for i in range(count)]
        found = self._compare(arrivals, chosen, known, stored, common)
        cuts = np.searchsorted(hits.rows, keys.bounds).tolist()
        due = _due(hits, keys, common) if together else np.empty(0, np.int64)
        due_cuts = np.searchsorted(due, keys.bounds)
        return [
            Examined(
                known[i],
                chosen[i],
                tuple(found.get(i, ())),
                Hits(
                    hits.rows[cuts[i] : cuts[i + 1]] - keys.bounds[i],
                    hits.numbers[cuts[i] : cuts[i + 1]],
                ),
                common[keys.bounds[i] : keys.bounds[i + 1]],
                due[due_cuts[i] : due_cuts[i + 1]] - keys.bounds[i],
            )
            for i in range(count)
        ]

    def relatives(self, arrivals: Arrivals, since: int) -> list[Stored]:
        """Return the stored documents that any of some others share text with, by number.

        Documents of the same id are left out, whatever their text.
        """
        keys = arrivals.keys
        common = self._common(keys)
        hits = self._hits(keys, common, since, together=False)
        chosen = self._chosen(keys, hits)
        stored = self._fetch(arrivals, chosen)
        wanted = {
            i: [n for n in numbers if stored[n].id != arrivals.documents[i].id]
            for i, numbers in self._worth(arrivals, range(len(chosen)), chosen, stored).items()
        }
        wanted = {i: numbers for i, numbers in wanted.items() if numbers}
        found: dict[int, Stored] = {}
        for i, compared in self._compared(arrivals, wanted, chosen, stored, common).items():
            limits = self._policy.of(arrivals.documents[i].source)
            found |= {f.earlier.number: f.earlier for f in compared if is_related(f, limits)}
        return [found[number] for number in sorted(found)]

    def _chosen(self, keys: Keys, hits: Hits) -> list[Candidates]:
        holders = self._store.settings.holders
        return choose(keys, hits, holders, compile_kernels=self._keyer.compile_kernels)

    def _common(self, keys: Keys) -> "NDArray[np.bool_]":
        """Flag the keys that are known as boilerplate."""
        common = self._store.is_common(keys.values)
        common &= keys.kinds == Kind.PASSAGE
        return common

    def without(self, examined: Examined, keys: Keys, gone: AbstractSet[int]) -> Examined | None:
        """Return what would be known of a document if some before it were not there.

        None where that takes another look.
        """
        hits, chosen, holders = examined.hits, examined.chosen, self._store.settings.holders
        lost = np.array([number in gone for number in hits.numbers.tolist()], np.bool_)
        count = np.bincount(hits.rows, minlength=len(keys.values))
        if (count[hits.rows[lost]] >= holders).any() or chosen.same_text in gone:
            return None
        left = Hits(hits.rows[~lost], hits.numbers[~lost])
        (again,) = self._chosen(keys, left)
        if not set(again.numbers) <= set(chosen.numbers) or not gone.isdisjoint(chosen.same_page):
            return None
        kept = set(again.numbers)
        due = _due(left, keys, examined.common)
        found = tuple(f for f in examined.found if f.earlier.number in kept)
        return replace(examined, chosen=again, found=found, hits=left, due=due)

    def _hits(self, keys: Keys, common: "NDArray[np.bool_]", since: int, *, together: bool) -> Hits:
        """Return the hits of the keys that are not common."""
        values, kinds, place = keys.values, keys.kinds, None
        if common.any():
            place = np.flatnonzero(~common)
            values, kinds = values[place], kinds[place]
        most = np.where(kinds <= Kind.ADDRESS, 0, self._store.settings.holders)
        self._store.expect(values)
        hits = self._store.find(values, most, since)
        rows = hits.rows if place is None else place[hits.rows]
        if not together or len(keys) == 1:
            return Hits(rows, hits.numbers)
        place = np.arange(len(values)) if place is None else place
        before = np.bincount(hits.rows, minlength=len(place))
        within = _within(values, keys.owners()[place], before, most)
        numbers = np.concatenate([hits.numbers, within.numbers]).astype(np.uint64)
        rows = np.concatenate([rows, place[within.rows]]).astype(np.uint64)
        both = (rows << _NUMBER_BITS) | numbers
        both.sort()
        return Hits((both >> _NUMBER_BITS).astype(np.int64), (both & _NUMBERS).astype(np.int64))

    def _fetch(self, arrivals: Arrivals, chosen: Sequence[Candidates]) -> dict[int, Stored]:
        numbers = sorted({n for c in chosen for n in (*c.numbers, *c.same_page)})
        if not numbers:
            return {}
        stored = {s.number: s for s in self._store.fetch([n for n in numbers if n < TOGETHER])}
        for number in numbers:
            if number >= TOGETHER:
                i = number - TOGETHER
                about = arrivals.documents[i], arrivals.data[i], arrivals.digests[i]
                stored[number] = stored_as(number, *about)
        return stored

    def _known(
        self,
        arrivals: Arrivals,
        which: int,
        candidates: Candidates,
        stored: Mapping[int, Stored],
    ) -> Stored | None:
        for number in candidates.same_page:
            found = stored.get(number)
            if (
                found is not None
                and found.id == arrivals.documents[which].id
                and found.digest == arrivals.digests[which]
            ):
                return found
        return None

    def _compare(
        self,
        arrivals: Arrivals,
        chosen: Sequence[Candidates],
        known: Sequence[Stored | None],
        stored: Mapping[int, Stored],
        common: "NDArray[np.bool_]",
    ) -> dict[int, list[Found]]:
        """Return the comparisons with all candidates, or with the one of the same tokens only."""
        if not stored:
            return {}
        texts = {
            i: [c.same_text]
            for i, c in enumerate(chosen)
            if known[i] is None and c.same_text is not None and _has_text(stored, c.same_text)
        }
        exact = {
            i: found
            for i, found in self._compared(arrivals, texts, chosen, stored, common).items()
            if found[0].comparison.same_tokens
        }
        some = [i for i in range(len(chosen)) if known[i] is None and i not in exact]
        others = self._worth(arrivals, some, chosen, stored)
        return self._compared(arrivals, others, chosen, stored, common) | exact

    def _worth(
        self,
        arrivals: Arrivals,
        which: Iterable[int],
        chosen: Sequence[Candidates],
        stored: Mapping[int, Stored],
    ) -> dict[int, list[int]]:
        """Return the candidates of some documents that are worth a comparison of all words."""
        wanted: dict[int, list[int]] = {}
        by_one = []
        for i in which:
            for number, place in zip(chosen[i].numbers, chosen[i].by_one, strict=True):
                if not _has_text(stored, number):
                    continue
                wanted.setdefault(i, []).append(number)
                if place >= 0:
                    by_one.append((number, SharedKey(i, place, stored[number].data)))
        if not by_one:
            return wanted
        shared = may_share(self._keyer, arrivals, [key for _, key in by_one])
        for (number, key), may in zip(by_one, shared, strict=True):
            if not may:
                wanted[key.document].remove(number)
        return {i: numbers for i, numbers in wanted.items() if numbers}

    def _compared(
        self,
        arrivals: Arrivals,
        wanted: Mapping[int, Sequence[int]],
        chosen: Sequence[Candidates],
        stored: Mapping[int, Stored],
        common: "NDArray[np.bool_]",
    ) -> dict[int, list[Found]]:
        if not wanted:
            return {}
        row_of = {
            n: len(wanted) + at
            for at, n in enumerate(sorted({n for w in wanted.values() for n in w}))
        }
        table = self._keyer.tokens(arrivals, list(wanted), [stored[n].data for n in row_of])
        pairs = [(row, i, n) for row, i in enumerate(wanted) for n in wanted[i]]
        marked = self._marked(arrivals, list(wanted), table, common)
        comparisons = self._comparisons(arrivals, pairs, row_of, table, marked)
        furniture = _furniture(arrivals, pairs, comparisons, table)
        if furniture.any():
            # lines of furniture are looked for only where something is shared, as they take long
            again = [
                at for at, (row, _, _) in enumerate(pairs) if furniture[table.slice(row)].any()
            ]
            some = [pairs[at] for at in again]
            new = self._comparisons(arrivals, some, row_of, table, marked | furniture)
            for at, comparison in zip(again, new, strict=True):
                comparisons[at] = comparison
        found: dict[int, list[Found]] = {}
        for (_, i, n), comparison in zip(pairs, comparisons, strict=True):
            earlier = stored[n]
            name = earlier.id
            if name == arrivals.documents[i].id:
                name = f"{name}#{earlier.digest.hex()[:8]}"
            same_page = n in chosen[i].same_page and _is_address(arrivals, i)
            found.setdefault(i, []).append(Found(earlier, name, comparison, same_page))
        return found

    def _comparisons(
        self,
        arrivals: Arrivals,
        pairs: Sequence[tuple[int, int, int]],
        row_of: Mapping[int, int],
        table: TokenTable,
        marked: "NDArray[np.bool_]",
    ) -> list[Comparison]:
        """Return the comparison of each pair: a row of the table, its document, and a number."""
        rules = [self._policy.of(arrivals.documents[i].source) for _, i, _ in pairs]
        settings = self._store.settings
        return compare_pairs(
            table,
            [row for row, _, _ in pairs],
            [row_of[n] for _, _, n in pairs],
            marked,
            [(rule.min_tokens, rule.min_run) for rule in rules] if settings.passages else None,
            settings.shingle,
            compile_kernels=self._keyer.compile_kernels,
        )

    def _marked(
        self,
        arrivals: Arrivals,
        which: Sequence[int],
        table: TokenTable,
        common: "NDArray[np.bool_]",
    ) -> "NDArray[np.bool_]":
        """Flag the tokens of arriving documents that are known as boilerplate."""
        marked = np.zeros(len(table.ids), np.bool_)
        keys, settings = arrivals.keys, self._store.settings
        for row, i in enumerate(which):
            part = slice(int(keys.bounds[i]), int(keys.bounds[i + 1]))
            places = np.sort(keys.places[part][common[part]])
            first, end = table.slice(row).start, table.slice(row).stop
            for at, place in enumerate(places.tolist()):
                high = place + settings.passage_shingle
                # between two neighbouring keys of one boilerplate there is no other text
                if at + 1 < len(places) and places[at + 1] - place <= settings.window:
                    high = int(places[at + 1])
                marked[first + place : min(first + high, end)] = True
        return marked


def _furniture(
    arrivals: Arrivals,
    pairs: Sequence[tuple[int, int, int]],
    comparisons: Sequence[Comparison],
    table: TokenTable,
) -> "NDArray[np.bool_]":
    """Flag the furniture of the arriving documents some passage of which touches it."""
    sharing = {
        row: i for (row, i, _), both in zip(pairs, comparisons, strict=True) if both.passages
    }
    lines = ((row, page_furniture(arrivals.documents[i].text)) for row, i in sharing.items())
    marked = flag_tokens(table, lines)
    touched = {
        row
        for (row, _, _), both in zip(pairs, comparisons, strict=True)
        for p in both.passages
        if marked[table.bounds[row] + p.own.first : table.bounds[row] + p.own.last].any()
    }
    for row in sharing.keys() - touched:
        marked[table.slice(row)] = False
    return marked


def _due(hits: Hits, keys: Keys, common: "NDArray[np.bool_]") -> "NDArray[np.int64]":
    """Return the passage keys that one more document makes worth a look."""
    held = np.bincount(hits.rows, minlength=len(keys.values)) + 1
    looked_at = held == LOOKS[0]
    for look in LOOKS[1:]:
        looked_at |= held == look
    return np.flatnonzero(looked_at & (keys.kinds == Kind.PASSAGE) & ~common)


def _has_text(stored: Mapping[int, Stored], number: int) -> bool:
    return number in stored and stored[number].kept


def _is_address(arrivals: Arrivals, which: int) -> bool:
    """Tell whether a document has an id or address of its own, not just a place in a file."""
    document = arrivals.documents[which]
    return (
        document.url is not None
        or document.canonical_url is not None
        or document.id != document.path
    )


def _within(
    values: "NDArray[np.uint64]",
    owners: "NDArray[np.int64]",
    before: "NDArray[np.int64]",
    most: "NDArray[np.int64]",
) -> Hits:
    """Return which of the arrivals have keys of others that come later.

    `before` counts the stored documents of each key; of one key at most `most` are returned with
    these, all where it is 0.
    """
    order = order_of(values)  # owners rise already
    value, owner = values[order], owners[order]
    left = np.where(most == 0, len(values), most - before)[order]
    rank = ranks(value)
    rows, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    later = np.flatnonzero(rank)
    shift = 1
    while len(later):
        earlier = later - shift
        seen = rank[earlier] < left[later]
        rows.append(order[later[seen]])
        numbers.append(TOGETHER + owner[earlier[seen]])
        shift += 1
        later = later[rank[later] >= shift]
    return Hits(np.concatenate(rows), np.concatenate(numbers))
