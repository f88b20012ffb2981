"""Documents that are judged together, with the verdicts of documents that come one by one."""

from collections.abc import Sequence

import numpy as np

from provenance.index.arrivals import Arrivals
from provenance.index.examiner import TOGETHER, Examined, Examiner
from provenance.index.learning import Learner
from provenance.index.policy import Policy
from provenance.index.rules import decide
from provenance.index.store import Entry, Store
from provenance.index.verdict import Verdict


def judge(arrivals: Arrivals, which: int, examined: Examined, policy: Policy) -> Verdict:
    """Return the verdict on an examined document: the stored one where there is one."""
    if examined.known is not None:
        return examined.known.verdict
    document = arrivals.documents[which]
    tokens = int(arrivals.keys.tokens[which])
    return decide(document, tokens, examined.found, policy.of(document.source))


class Group:
    """Documents that are examined together, as if all were kept, and then settled in order.

    Where a document meets one before it that was not kept after all, or a wording that has
    become boilerplate since, it is examined again by itself: so the verdicts are those of
    documents that come one by one.
    """

    def __init__(
        self,
        store: Store,
        examiner: Examiner,
        learner: Learner,
        arrivals: Arrivals,
        policy: Policy,
        arrived: int,
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._learner = learner
        self._arrivals = arrivals
        self._bounds = arrivals.keys.bounds.tolist()
        self._policy = policy
        self._arrived = arrived
        self._waiting: list[Entry] = []
        self._gone: set[int] = set()
        self._later: dict[int, list[int]] = {}
        self._doubtful: set[int] = set()
        self._touched: set[int] = set()

    def settle(self, since: int) -> list[Verdict]:
        """Judge all documents against those from the number `since` on, and store them."""
        arrivals = self._arrivals
        verdicts: list[Verdict] = []
        everything = self._examiner.examine(arrivals, since)
        self._later = _met_later(everything)
        for i, together in enumerate(everything):
            examined = self._settled(i, together, since)
            known = examined.known
            if known is not None and known.number >= TOGETHER:
                verdict = verdicts[known.number - TOGETHER]
            else:
                verdict = judge(arrivals, i, examined, self._policy)
            verdicts.append(verdict)
            if examined.known is not None or not verdict.keep:
                self._gone.add(TOGETHER + i)
                self._doubtful.update(self._later.get(TOGETHER + i, ()))
            if examined.known is None:
                self._waiting.append(self._entry(i, verdict))
                if verdict.keep:
                    self._learn(i, examined)
        self._flush()
        return verdicts

    def _settled(self, which: int, examined: Examined, since: int) -> Examined:
        """Return what is known of a document now that those before it are settled."""
        found: Examined | None = examined
        if which in self._touched:
            found = None
        elif which in self._doubtful:
            found = self._examiner.without(examined, self._arrivals.keys.of(which), self._gone)
        if found is None:
            self._flush()
            (found,) = self._examiner.examine(self._arrivals.only(which), since)
        return found

    def _entry(self, which: int, verdict: Verdict) -> Entry:
        arrivals, bounds = self._arrivals, self._bounds
        keys = arrivals.keys.values[bounds[which] : bounds[which + 1]]
        return Entry(
            arrivals.documents[which],
            arrivals.data[which],
            arrivals.digests[which],
            keys if verdict.keep else keys[:1],  # that of its id stands first
            verdict,
            verdict.keep,
            self._arrived,
        )

    def _learn(self, which: int, examined: Examined) -> None:
        if len(examined.due):
            learned = self._learner.learn(examined, self._arrivals, which)
            if len(learned):
                self._flush()
                self._store.learn(learned)
                keys = self._arrivals.keys
                self._touched.update(keys.owners()[np.isin(keys.values, learned)].tolist())

    def _flush(self) -> None:
        if self._waiting:
            self._store.add(self._waiting)
            self._waiting = []


def _met_later(examined: Sequence[Examined]) -> dict[int, list[int]]:
    """Return which documents meet each of those that arrived together with them."""
    sizes = [len(one.hits.numbers) for one in examined]
    numbers = np.concatenate([one.hits.numbers for one in examined])
    place = np.flatnonzero(numbers >= TOGETHER)
    by = np.repeat(np.arange(len(examined)), sizes)[place]
    found: dict[int, list[int]] = {}
    for number, i in sorted(set(zip(numbers[place].tolist(), by.tolist(), strict=True))):
        found.setdefault(number, []).append(i)
    return found
