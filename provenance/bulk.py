"""Near-duplicates of files in bulk: from their bytes to pairs and clusters, without documents.

What is found is what :func:`provenance.audit.scan` finds without passages; the texts are not
kept, and neither is anything else that the result folder does not say.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, overload

import numpy as np
import xxhash

from provenance.config import Config
from provenance.match.candidates import distinct, post_keys, sharing_pairs
from provenance.match.clusters import clusters_of_texts
from provenance.match.pairs import SLACK, likely_share, near_duplicates, pairs_of_bands
from provenance.match.results import PairTable, pairs_of_documents
from provenance.match.sketches import (
    KeyShards,
    Sketcher,
    StoredTokens,
    WinnowedKeys,
    banding_of,
    bounds_of,
    in_shards,
    pack,
)
from provenance.model import Cluster, Document, DocumentReport, KeepReason, Skipped
from provenance.readers.bulk import OFFSETS, WIDTH, Batch, Block, batches
from provenance.readers.items import Note
from provenance.readers.scanner import COLUMNS
from provenance.storage import Column, Storage
from provenance.text.corpus import Tokenizer
from provenance.timestamps import parse

if TYPE_CHECKING:
    from numpy.typing import NDArray


_AUTHORS: Final = COLUMNS.index("authors")
_REASONS: Final = tuple(KeepReason)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of the documents of a scan in bulk, a row each, in no particular order.

    `signatures`, `keys` and `tokens` are what is found by, and are let go of one by one.
    `digests` are those of the texts, `token_digests` those of their tokens, both as two numbers
    whose order is that of the bytes, `counts` the numbers of tokens; the other columns are those
    of `Batch`.
    """

    signatures: Column
    keys: WinnowedKeys
    tokens: StoredTokens
    digests: "NDArray[np.uint64]"
    token_digests: "NDArray[np.uint64]"
    counts: "NDArray[np.int64]"
    characters: "NDArray[np.int64]"
    arena: "NDArray[np.uint8]"
    lengths: "NDArray[np.int32]"
    latest: "NDArray[np.int64]"
    offsets: "NDArray[np.uint8]"
    skipped: Sequence[Skipped]
    notes: Sequence[Note]


class _Store:
    """The columns that grow while batches are read."""

    def __init__(self, config: Config, size: int, storage: Storage) -> None:
        """Expect so many bytes of text."""
        self.lock = threading.Lock()
        few, tokens = size // 1024 + 1024, size // 4 + 1024
        # the largest first: what does not fit goes to a file
        self.signatures = storage.column(np.uint32, banding_of(config).values, few)
        self.keys = KeyShards(size // 16, storage)
        self.tokens, self.sizes = storage.column(np.uint16, 0, tokens), Column(np.int64)
        self.counts = Column(np.int64)
        self.workers = Column(np.int32)
        self.digests, self.token_digests = Column(np.uint64, 2), Column(np.uint64, 2)
        self.characters, self.latest = Column(np.int64), Column(np.int64)
        self.arena, self.lengths = Column(np.uint8, 0, size // 4 + 1024), Column(np.int32, WIDTH)
        self.offsets = Column(np.uint8)
        self.skipped: list[Skipped] = []
        self.notes: list[Note] = []


class _Worker:
    """Turns batches into rows of a store; each has a vocabulary and room of its own."""

    def __init__(self, number: int, store: _Store, config: Config) -> None:
        self._number = number
        self._store = store
        self.tokenizer = Tokenizer(places=False)
        self._sketcher = Sketcher(config)

    def take(self, block: Block | Batch | Skipped | Note) -> None:
        """Add what a block or batch holds to the store."""
        for item in batches(block) if isinstance(block, Block) else (block,):
            if isinstance(item, Batch):
                self._add(item)
                continue
            with self._store.lock:
                if isinstance(item, Skipped):
                    self._store.skipped.append(item)
                else:
                    self._store.notes.append(item)

    def _add(self, batch: Batch) -> None:
        tokens = self.tokenizer.tokenize(batch.data, batch.bounds)
        rows, winnowed, selected = self._sketcher.sketch(tokens.hashes, tokens.counts)
        keys = in_shards(winnowed, selected, self._store.keys.shards)
        packed, sizes = pack(tokens.ids, tokens.counts)
        digests = _digests(batch.data, batch.bounds, 1)
        token_digests = _digests(tokens.hashes.view(np.uint8), 8 * bounds_of(tokens.counts), 0)
        store = self._store
        with store.lock:
            store.signatures.append(rows)
            store.keys.append(*keys)
            store.tokens.append(packed)
            store.sizes.append(sizes)
            store.counts.append(tokens.counts)
            store.workers.append(np.full(len(batch), self._number, np.int32))
            store.digests.append(digests)
            store.token_digests.append(token_digests)
            store.characters.append(batch.characters)
            store.latest.append(batch.latest)
            store.arena.append(batch.arena)
            store.lengths.append(batch.lengths)
            store.offsets.append(batch.offsets)


def _digests(
    data: "NDArray[np.uint8]", bounds: "NDArray[np.int64]", gap: int
) -> "NDArray[np.uint64]":
    """Return the xxh3 (128 bits) of `data[bounds[i]:bounds[i + 1] - gap]` as two numbers each."""
    view = data.data
    digest = xxhash.xxh3_128_digest
    places = bounds.tolist()
    found = b"".join([digest(view[low : high - gap]) for low, high in pairwise(places)])
    return np.frombuffer(found, ">u8").astype(np.uint64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class ReportTable(Sequence[DocumentReport]):
    """Reports of documents, sorted by id, without their texts.

    `row_of` gives the row of each document; `starts` and `lengths` say where in `arena` a row's
    values of `COLUMNS` and its path lie as JSON writes them; these columns, `digests`,
    `characters`, `tokens` and `offsets` go by rows. `cluster` (-1 for none) numbers `clusters`,
    `reason` the members of `KeepReason`; these and `keep` go by documents.
    """

    row_of: "NDArray[np.int32]"
    arena: "NDArray[np.uint8]"
    starts: "NDArray[np.int64]"
    lengths: "NDArray[np.int32]"
    digests: "NDArray[np.uint64]"
    characters: "NDArray[np.int64]"
    tokens: "NDArray[np.int64]"
    offsets: "NDArray[np.uint8]"
    clusters: Sequence[Cluster]
    cluster: "NDArray[np.int32]"
    keep: "NDArray[np.bool_]"
    reason: "NDArray[np.int32]"

    def __len__(self) -> int:
        return len(self.row_of)

    @overload
    def __getitem__(self, index: int) -> DocumentReport: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[DocumentReport]: ...
    def __getitem__(self, index: int | slice) -> DocumentReport | Sequence[DocumentReport]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = self.row_of[index]
        said = [self._said(row, column) for column in range(WIDTH)]
        name, source, url, title, published, fetched, language, canonical_url = said[:8]
        number = int(self.cluster[index])
        return DocumentReport(
            Document(
                name or "",
                "",
                source=source,
                url=url,
                canonical_url=canonical_url,
                title=title,
                authors=tuple(json.loads(said[8] or "[]")),
                published=parse(published),
                published_from=said[9],
                fetched=parse(fetched),
                language=language,
                path=said[10],
                offsets_of=OFFSETS[self.offsets[row]],
            ),
            int(self.tokens[row]),
            self.digests[row].astype(">u8").tobytes().hex(),
            self.clusters[number].id if number >= 0 else None,
            bool(self.keep[index]),
            _REASONS[self.reason[index]],
            (),
            (),
            (),
        )

    def _said(self, row: int, column: int) -> str | None:
        length = int(self.lengths[row, column])
        if length < 0:
            return None
        start = int(self.starts[row, column])
        value = self.arena[start : start + length].tobytes()
        return value.decode() if column == _AUTHORS else _from_json(value)


def _from_json(value: bytes) -> str:
    text = value.decode()
    return str(json.loads(f'"{text}"')) if "\\" in text else text


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan in bulk finds."""

    documents: ReportTable
    pairs: PairTable
    clusters: tuple[Cluster, ...]
    counts: dict[str, int]
    skipped: Sequence[Skipped]
    notes: Sequence[Note]


def find(gathered: Gathered, config: Config, storage: Storage) -> Found | None:
    """Return the near-duplicates among gathered documents; None where two have one id."""
    said = gathered.lengths
    starts = bounds_of(np.maximum(said, 0).ravel().astype(np.int64))[:-1].reshape(said.shape)
    arena = gathered.arena.tobytes()
    names = [
        _from_json(arena[start:end])
        for start, end in zip(starts[:, 0].tolist(), (starts + said)[:, 0].tolist(), strict=True)
    ]
    del arena
    row_of = np.array(sorted(range(len(names)), key=names.__getitem__), np.int32)
    ids = [names[row] for row in row_of.tolist()]
    if any(one == other for one, other in pairwise(ids)):
        return None
    count = len(ids)
    tokens = gathered.counts
    digests = gathered.digests[row_of]
    rank = np.empty(count, np.int64)
    rank[
        np.lexsort(
            (
                digests[:, 1],
                digests[:, 0],
                -gathered.characters[row_of],
                gathered.latest[row_of],
            )
        )
    ] = np.arange(count)
    members, text_of = _texts(gathered.token_digests[row_of], tokens[row_of] > 0, rank)
    bearers = np.array([group[0] for group in members], np.int64)
    rows = row_of[bearers]
    pairs_by_bands, sampled = pairs_of_bands(
        gathered.signatures.take(), rows, np.ones(len(rows), np.bool_), config
    )
    posted = post_keys(gathered.keys, rows, storage)
    others = sharing_pairs(posted, SLACK * likely_share(config))
    del posted
    proposed = distinct(np.concatenate([pairs_by_bands, others]))
    verified = near_duplicates(gathered.tokens, rows, proposed, config, sampled)
    pairs = pairs_of_documents(ids, members, verified)
    clusters = clusters_of_texts(ids, members, rank[bearers], verified, config)
    number = {name: i for i, name in enumerate(ids)}
    cluster = np.full(count, -1, np.int32)
    leader = np.full(count, -1, np.int32)
    for i, group in enumerate(clusters):
        places = [number[name] for name in group.members]
        cluster[places] = i
        leader[places] = number[group.representative]
    keep = (cluster < 0) | (leader == np.arange(count))
    near = np.zeros(count, np.bool_)
    close = pairs.jaccard >= config.threshold
    near[pairs.a[close & (leader[pairs.a] == pairs.b)]] = True
    near[pairs.b[close & (leader[pairs.b] == pairs.a)]] = True
    reason = np.select(
        [keep & (cluster >= 0), keep, text_of == text_of[leader], near],
        [
            _REASONS.index(KeepReason.ORIGINAL),
            _REASONS.index(KeepReason.ONLY_COPY),
            _REASONS.index(KeepReason.EXACT_DUPLICATE),
            _REASONS.index(KeepReason.NEAR_DUPLICATE),
        ],
        _REASONS.index(KeepReason.CONTAINED),
    ).astype(np.int32)
    counts = {
        "documents": count,
        "distinct_texts": len(members),
        "tokens": int(tokens.sum()),
        "characters": int(gathered.characters.sum()),
        "skipped": len(gathered.skipped),
        "pairs": len(pairs),
        "clusters": len(clusters),
        "sampled_buckets": verified.sampled_buckets,
    }
    reports = ReportTable(
        row_of,
        gathered.arena,
        starts,
        said,
        gathered.digests,
        gathered.characters,
        tokens,
        gathered.offsets,
        clusters,
        cluster,
        keep,
        reason,
    )
    return Found(reports, pairs, clusters, counts, gathered.skipped, gathered.notes)


def _texts(
    digests: "NDArray[np.uint64]", some: "NDArray[np.bool_]", rank: "NDArray[np.int64]"
) -> tuple[list[tuple[int, ...]], "NDArray[np.int32]"]:
    """Return the documents of each text, its bearer first, and the text of each document (or -1).

    Texts are ordered by the digest of their tokens.
    """
    order = np.lexsort((rank, digests[:, 1], digests[:, 0]))
    order = order[some[order]]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (digests[order[1:]] != digests[order[:-1]]).any(axis=1)
    text_of = np.full(len(rank), -1, np.int32)
    text_of[order] = np.cumsum(fresh) - 1
    bounds = [*np.flatnonzero(fresh).tolist(), len(order)]
    documents = order.tolist()
    return [tuple(documents[low:high]) for low, high in pairwise(bounds)], text_of


def gather(
    source: Iterator[Block | Batch | Skipped | Note],
    config: Config,
    size: int,
    workers: int,
    storage: Storage,
) -> Gathered:
    """Return what is known of all documents of a source, which any number of workers read.

    `size` is about how many bytes there are.
    """
    store = _Store(config, size, storage)
    crew = [_Worker(number, store, config) for number in range(max(workers, 1))]
    failed: list[BaseException] = []
    reading = threading.Lock()

    def work(worker: _Worker) -> None:
        try:
            while not failed:
                with reading:
                    item = next(source, None)
                if item is None:
                    return
                worker.take(item)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in crew[1:]]
    for thread in threads:
        thread.start()
    work(crew[0])
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    vocabularies = [worker.tokenizer.vocabulary for worker in crew]
    first = bounds_of(np.array([len(part) for part in vocabularies], np.int64))
    tokens = StoredTokens(
        store.tokens.values(),
        bounds_of(store.sizes.values()),
        np.concatenate(vocabularies),
        first[store.workers.values()],
    )
    return Gathered(
        store.signatures,
        store.keys.take(),
        tokens,
        store.digests.values(),
        store.token_digests.values(),
        store.counts.values(),
        store.characters.values(),
        store.arena.values(),
        store.lengths.values(),
        store.latest.values(),
        store.offsets.values(),
        store.skipped,
        store.notes,
    )
