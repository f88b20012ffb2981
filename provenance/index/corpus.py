"""A corpus and an index: the filter's rules over a corpus in its order, audits beside an index."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from provenance.audit import Audit, Progress, scan
from provenance.config import Config
from provenance.errors import ConfigError
from provenance.index.filter import DuplicateFilter
from provenance.index.memory import MemoryStore
from provenance.index.policy import Policy
from provenance.index.settings import IndexSettings
from provenance.index.verdict import Verdict
from provenance.model import Document, Skipped

if TYPE_CHECKING:
    from provenance.readers import Note

AT_A_TIME: Final = 256


def scan_in_order(
    documents: Iterable[Document],
    policy: Policy | None = None,
    settings: IndexSettings | None = None,
    *,
    compile_kernels: bool | None = None,
) -> Iterator[Verdict]:
    """Yield the verdict on each document, as a filter would that began with an empty index.

    The order of the documents is that of their arrival.
    """
    store = MemoryStore(settings)
    with DuplicateFilter(store, policy=policy, compile_kernels=compile_kernels) as index:
        rest = iter(documents)
        while part := list(islice(rest, AT_A_TIME)):
            yield from index.check_and_add_many(part)


def scan_beside(
    documents: "Iterable[Document | Skipped | Note]",
    index: DuplicateFilter,
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    keep_texts: bool = True,
) -> Audit:
    """Return the audit of documents and of those in an index that share text with any; add them.

    The documents are in the index when this returns, copies too. Raises `ConfigError` where no
    passages are looked for: without them an index adds nothing that the filter does not say.
    """
    if config is not None and not config.passages:
        raise ConfigError("an audit beside an index looks for passages; leave out --no-passages")
    items = list(documents)
    given = [item for item in items if isinstance(item, Document)]
    known: dict[str, Document] = {}
    for low in range(0, len(given), AT_A_TIME):
        for document in index.relatives(given[low : low + AT_A_TIME]):
            known[document.id] = document
    for document in given:
        known.pop(document.id, None)
    audit = scan([*items, *known.values()], config, progress=progress, keep_texts=keep_texts)
    for low in range(0, len(given), AT_A_TIME):
        index.add_many(given[low : low + AT_A_TIME])
    return audit
