"""The filter that a crawler asks before it stores a page."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from os import PathLike
from types import TracebackType
from typing import Self

import numpy as np

from provenance.audit import COMPILE_FROM
from provenance.compiled import can_compile, processors
from provenance.index.arrivals import Arrivals, Keyer, digest_of, encoded
from provenance.index.examiner import Examiner
from provenance.index.group import Group, judge
from provenance.index.keys import Kind, mixed, word_value
from provenance.index.learning import Learner
from provenance.index.opening import open_store
from provenance.index.policy import Copies, Policy
from provenance.index.settings import IndexSettings
from provenance.index.store import Conflict, Store, Stored
from provenance.index.verdict import Verdict
from provenance.model import Document
from provenance.warm_up import OF_AN_INDEX, make_missing

_ATTEMPTS = 3  # at a group, before its documents go one by one


class DuplicateFilter:
    """Tells of each document whether it is new, and if not, where its text comes from.

    `index` is the folder of an index or the address of one on a Redis server
    (`redis://HOST/DATABASE?prefix=NAME`), made where there is none, or a `Store`. A document
    is compared with those that were added before and kept. One whose id and text are stored gets
    its stored verdict, so that any call can be repeated. Every call that adds makes what it added
    last before it returns.

    `since` leaves out of sight what arrived before that second of Unix time. `wait` is how many
    seconds to wait for another writer of the index. `compile_kernels` forces the compiled or the
    plain path, which give the same verdicts; without it loops are compiled once there is enough
    to do. Raises `StoreError` where the index cannot be used, `ConfigError` where the policy asks
    for more than the index finds.
    """

    def __init__(  # noqa: PLR0913 - options of the whole filter, all by name
        self,
        index: str | PathLike[str] | Store,
        *,
        policy: Policy | None = None,
        settings: IndexSettings | None = None,
        read_only: bool = False,
        since: int | None = None,
        wait: float = 0.0,
        compile_kernels: bool | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy or Policy()
        self.store: Store
        if isinstance(index, str | PathLike):
            self.store = open_store(index, settings, read_only=read_only, wait=wait)
        else:
            self.store = index
        try:
            self.policy.check(self.store.settings)
        except BaseException:
            self.store.close()
            raise
        self._since = since
        self._clock = clock
        self._keyer = Keyer(self.store.settings)
        self._examiner = Examiner(self.store, self._keyer, self.policy)
        self._learner = Learner(self.store, self._keyer)
        self._compile = compile_kernels
        self._characters = 0

    def check(self, document: Document) -> Verdict:
        """Return what `check_and_add` would, and add nothing."""
        return self.check_many([document])[0]

    def add(self, document: Document) -> Verdict:
        """Add a document and keep it, whatever it is; return its verdict."""
        return self.add_many([document])[0]

    def check_and_add(self, document: Document) -> Verdict:
        """Return the verdict on a document and add it, both or nothing."""
        return self.check_and_add_many([document])[0]

    def check_many(self, documents: Iterable[Document]) -> list[Verdict]:
        """Return the verdict on each document against what was added before; add nothing."""
        arrivals = self._arrivals(documents)
        self.store.refresh()
        since = self._first_number()
        examined = self._examiner.examine(arrivals, since, together=False)
        return [judge(arrivals, i, found, self.policy) for i, found in enumerate(examined)]

    def add_many(self, documents: Iterable[Document]) -> list[Verdict]:
        """Do what `add` does with each, in this order, all or nothing."""
        everything = replace(self.policy.rule, copies=Copies.ANNOTATE)
        of_source = {
            name: replace(rule, copies=Copies.ANNOTATE)
            for name, rule in self.policy.of_source.items()
        }
        return self._take(documents, Policy(everything, of_source))

    def check_and_add_many(self, documents: Iterable[Document]) -> list[Verdict]:
        """Do what `check_and_add` does with each, in this order, all or nothing."""
        return self._take(documents, self.policy)

    def relatives(self, documents: Iterable[Document]) -> list[Document]:
        """Return the documents of the index that any of some others share text with.

        In order of arrival; those that stand under the id of one of the others are left out.
        """
        arrivals = self._arrivals(documents)
        self.store.refresh()
        ids = {document.id for document in arrivals.documents}
        found = self._examiner.relatives(arrivals, self._first_number())
        return [stored.document for stored in found if stored.id not in ids]

    def is_known(self, document: Document) -> bool:
        """Tell whether a document of this id with this text is stored, whatever its verdict."""
        self.store.refresh()
        digest = digest_of(encoded(document.text))
        return any(stored.digest == digest for stored in self._of_ids([document.id]))

    def remove(self, ids: Iterable[str]) -> int:
        """Forget the documents of these ids, and return how many there were."""
        numbers = [stored.number for stored in self._of_ids(list(ids))]
        self._make_last(lambda: self.store.remove(numbers))
        return len(numbers)

    def remove_before(self, arrived: int) -> int:
        """Forget what arrived before a second of Unix time, and return how many there were."""
        numbers = self.store.numbers_before(self.store.number_since(arrived))
        self._make_last(lambda: self.store.remove(numbers))
        return len(numbers)

    def close(self) -> None:
        """Release the index."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _arrivals(self, documents: Iterable[Document]) -> Arrivals:
        given = list(documents)
        compiled = self._compile
        if compiled is None:
            self._characters += sum(len(d.text) for d in given)
            compiled = self._characters >= COMPILE_FROM and can_compile()
        if compiled and not self._keyer.compile_kernels:
            make_missing(OF_AN_INDEX, processors())
        self._keyer.compile_kernels = self.store.compile_kernels = compiled
        return self._keyer.arrivals(given)

    def _of_ids(self, ids: list[str]) -> list[Stored]:
        """Return the stored documents of some ids."""
        keys = mixed(np.array([word_value(name) for name in ids], np.uint64), Kind.ID)
        hits = self.store.find(keys, np.zeros(len(keys), np.int64))
        stored = self.store.fetch(sorted(set(hits.numbers.tolist())))
        return [s for s in stored if s.id in set(ids)]

    def _first_number(self) -> int:
        return 0 if self._since is None else self.store.number_since(self._since)

    def _make_last(self, change: Callable[[], object]) -> None:
        try:
            change()
            self.store.commit()
        except BaseException:
            self.store.roll_back()
            raise

    def _take(self, documents: Iterable[Document], policy: Policy) -> list[Verdict]:
        arrivals = self._arrivals(documents)
        if not len(arrivals):
            return []
        for _ in range(_ATTEMPTS):
            with suppress(Conflict):
                return self._settled(arrivals, policy)
        # in small groups there is less for others to come before
        parts = [arrivals.only(i) for i in range(len(arrivals))]
        return [verdict for part in parts for verdict in self._taken(part, policy)]

    def _taken(self, arrivals: Arrivals, policy: Policy) -> list[Verdict]:
        """Judge and add documents, however often others come first."""
        while True:
            with suppress(Conflict):
                return self._settled(arrivals, policy)

    def _settled(self, arrivals: Arrivals, policy: Policy) -> list[Verdict]:
        """Judge and add documents once; raise `Conflict` where others came first."""
        verdicts: list[Verdict] = []
        group = Group(
            self.store, self._examiner, self._learner, arrivals, policy, int(self._clock())
        )
        since = self._first_number()
        self._make_last(lambda: verdicts.extend(group.settle(since)))
        return verdicts
