"""Rows of large tables as JSON Lines, written by a kernel from columns.

They are the bytes that :mod:`provenance.output.rows` and JSON give for each row.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from provenance.bulk import ReportTable
from provenance.json_text import encode_strings
from provenance.match.classes import CLASSES
from provenance.match.results import KINDS, MatchTable, PairTable
from provenance.model import DocumentReport, KeepReason, Precision
from provenance.output.row_kernel import NULL, row_kernel
from provenance.output.rows import COLUMNS
from provenance.readers.bulk import OFFSETS
from provenance.readers.scanner import COLUMNS as READ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROOM: Final = 1 << 20
_STEPS: Final = 10_000  # of numbers rounded to four digits
_NEAR: Final = 1e-6
# The precision of a date of publication by the length of its text, the last for none (-1).
_PRECISIONS: Final = np.full(32, -1)
_PRECISIONS[[4, 7, 10]] = 0, 1, 2
_PRECISIONS[[16, 17, 22]] = list(Precision).index(Precision.MINUTE)
_PRECISIONS[[19, 20, 25]] = list(Precision).index(Precision.SECOND)
_FIXED: Final = '"sources": [], "hidden_sources": [], "cues": []}\n'


def report_lines(table: ReportTable) -> Iterator[bytes]:
    """Yield the lines of `documents.jsonl`, many at a time."""
    count = len(table)
    rows = table.row_of
    fields = len(READ) + 1
    clusters = [cluster.id for cluster in table.clusters]
    choices = [*clusters, *(r.value for r in KeepReason), "false", "true", *OFFSETS, *Precision]
    hexadecimal = table.digests[rows].astype(">u8").tobytes().hex().encode()
    arenas = [table.arena, np.frombuffer(hexadecimal, np.uint8)]
    arenas.append(np.frombuffer("".join(choices).encode(), np.uint8))
    first = len(table.arena)
    starts = np.concatenate(
        [
            table.starts.ravel(),
            first + 32 * np.arange(count),
            first + 32 * count + np.cumsum([0, *map(len, choices[:-1])]),
        ]
    )
    lengths = np.concatenate(
        [table.lengths.ravel(), np.full(count, 32), [len(word) for word in choices]]
    ).astype(np.int32)
    names = COLUMNS["documents"][: COLUMNS["documents"].index("sources")]
    picks = np.empty((count, len(names)), np.int32)
    for column, name in enumerate((*READ, "path")):
        picks[:, names.index(name)] = rows * fields + column
    chosen = table.lengths.size + count
    reasons = chosen + len(clusters)
    picks[:, names.index("characters")] = -1 - table.characters[rows]
    picks[:, names.index("tokens")] = -1 - table.tokens[rows]
    picks[:, names.index("digest")] = table.lengths.size + np.arange(count)
    picks[:, names.index("offsets_of")] = (
        reasons + len(KeepReason) + 2 + table.offsets[rows].astype(np.int32)
    )
    picks[:, names.index("cluster")] = np.where(table.cluster >= 0, chosen + table.cluster, NULL)
    picks[:, names.index("keep")] = reasons + len(KeepReason) + table.keep
    picks[:, names.index("reason")] = reasons + table.reason
    precisions = reasons + len(KeepReason) + 2 + len(OFFSETS)
    of_date = _PRECISIONS[table.lengths[rows, READ.index("published")]]
    picks[:, names.index("published_precision")] = np.where(of_date < 0, NULL, precisions + of_date)
    bare = ("characters", "tokens", "keep", "authors")
    yield from _lines(names, bare, _FIXED, np.concatenate(arenas), starts, lengths, picks)


def report_rows(reports: Sequence[DocumentReport]) -> Iterator[dict[str, object]]:
    """Yield the rows of `documents.jsonl`."""
    assert isinstance(reports, ReportTable)  # noqa: S101 - there is no other table of them
    for lines in report_lines(reports):
        yield from map(json.loads, lines.splitlines())


def pair_lines(pairs: PairTable) -> Iterator[bytes]:
    """Yield the lines of `pairs.jsonl`, many at a time."""
    words = [name.encode() for name in encode_strings(pairs.ids)]
    words += [repr(step / _STEPS).encode() for step in range(_STEPS + 1)]
    picks = np.empty((len(pairs), 5), np.int32)
    picks[:, 0], picks[:, 1] = pairs.a, pairs.b
    for column, values in enumerate((pairs.jaccard, pairs.a_containment, pairs.b_containment), 2):
        picks[:, column] = len(pairs.ids) + rounded_steps(values)
    yield from _lines_of(words, COLUMNS["pairs"], ("a", "b"), picks)


def match_lines(matches: MatchTable) -> Iterator[bytes]:
    """Yield the lines of `matches.jsonl`, many at a time."""
    classes, kinds = [c.value for c in CLASSES], [k.value for k in KINDS]
    words = [name.encode() for name in encode_strings([*matches.ids, *classes, *kinds])]
    of_class, of_kind, of_step = np.cumsum([len(matches.ids), len(classes), len(kinds)]).tolist()
    words += [repr(step / _STEPS).encode() for step in range(_STEPS + 1)]
    columns = (
        matches.a,
        -1 - matches.a_start,
        -1 - matches.a_end,
        matches.b,
        -1 - matches.b_start,
        -1 - matches.b_end,
        of_class + matches.match_class.astype(np.int32),
        of_kind + matches.kind.astype(np.int32),
        *(
            of_step + rounded_steps(values)
            for values in (matches.similarity, matches.a_containment, matches.b_containment)
        ),
        -1 - matches.tokens,
    )
    picks = np.stack([column.astype(np.int32) for column in columns], axis=1)
    names = COLUMNS["matches"]
    yield from _lines_of(words, names, ("a", "b", "class", "kind"), picks)


def _lines_of(
    words: Sequence[bytes], names: Sequence[str], quoted: Sequence[str], picks: "NDArray[np.int32]"
) -> Iterator[bytes]:
    lengths = np.array([len(word) for word in words], np.int32)
    starts = np.zeros(len(words), np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    bare = [name for name in names if name not in quoted]
    arena = np.frombuffer(b"".join(words), np.uint8)
    yield from _lines(names, bare, "}\n", arena, starts, lengths, picks)


def rounded_steps(values: "NDArray[np.float64]") -> "NDArray[np.int64]":
    """Return values from 0 to 1 in steps of 0.0001, each rounded as `round(value, 4)` does."""
    scaled = values * _STEPS
    steps = np.rint(scaled).astype(np.int64)
    for i in np.flatnonzero(np.abs(np.abs(scaled - steps) - 0.5) < _NEAR).tolist():
        steps[i] = round(round(float(values[i]), 4) * _STEPS)
    return steps


def _lines(
    names: Sequence[str],
    bare: Sequence[str],
    end: str,
    words: "NDArray[np.uint8]",
    starts: "NDArray[np.int64]",
    lengths: "NDArray[np.int32]",
    picks: "NDArray[np.int32]",
) -> Iterator[bytes]:
    labels = [f'{", " if i else "{"}"{name}": ' for i, name in enumerate(names)]
    labels.append(end if end == "}\n" else f", {end}")
    bounds = np.cumsum([0, *map(len, labels)], dtype=np.int64)
    quoted = np.array([name not in bare for name in names], np.uint8)
    state = np.zeros(1, np.int64)
    room = np.empty(_ROOM, np.uint8)
    row = 0
    while row < len(picks):
        following = row_kernel(
            np.frombuffer("".join(labels).encode(), np.uint8),
            bounds,
            quoted,
            words,
            starts,
            lengths,
            picks,
            row,
            room,
            state,
        )
        if following == row:
            room = np.empty(2 * len(room), np.uint8)
        yield room[: state[0]].tobytes()
        row = following
