"""Rendered documents, and the truth about them by construction."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any, TypeAlias

from composition import FULL_WIDTH_END, Corpus, Draft, Parent, Piece

MIN_TOKENS = 12
NEAR = 0.6
JACCARD = 0.7
CONTAINMENT = 0.8
SHINGLE = 5

Row: TypeAlias = dict[str, Any]


class TruthError(Exception):
    """A corpus whose truth contradicts its texts."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and where it stands in the text of its document."""

    piece: Piece
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as written to the corpus."""

    id: str
    draft: Draft
    text: str
    placed: tuple[Placed, ...]

    def record(self) -> Row:
        """The row of documents.jsonl; a field that is not known is left out."""
        outlet = self.draft.outlet
        if outlet is None:
            message = f"{self.draft.name} is not in the corpus"
            raise TruthError(message)
        url = outlet.address + self.draft.slug if self.draft.slug else None
        fields = {
            "id": self.id,
            "title": self.draft.title.text,
            "source": outlet.name,
            "url": url,
            "date": self.draft.stated,
            "text": self.text,
        }
        return {name: value for name, value in fields.items() if value is not None}


def render(corpus: Corpus) -> list[Rendered]:
    """Every draft as a document, numbered by the hash of its name, sorted by id."""
    names = [draft.name for draft in corpus.drafts]
    if len(set(names)) < len(names):
        message = "two drafts share a name"
        raise TruthError(message)
    shuffled = sorted(corpus.drafts, key=lambda d: hashlib.sha256(d.name.encode()).digest())
    return [_render(f"{corpus.letter}{n:03d}", draft) for n, draft in enumerate(shuffled, 1)]


def _render(identity: str, draft: Draft) -> Rendered:
    outlet = draft.outlet
    if outlet is None:
        message = f"{draft.name} is not in the corpus"
        raise TruthError(message)

    def lines(texts: tuple[str, ...]) -> list[tuple[Piece, ...]]:
        return [(Piece(text, furniture=True),) for text in texts]

    paragraphs = lines(outlet.above)
    if outlet.title_in_text:
        paragraphs.append((draft.title,))
    paragraphs += lines(outlet.below_title)
    paragraphs += [*draft.body[:2], *lines(outlet.middle), *draft.body[2:]]
    paragraphs += lines(draft.furniture + outlet.tail)
    text, placed = "", []
    for paragraph in paragraphs:
        text += outlet.between if text else ""
        for number, piece in enumerate(paragraph):
            if number and not FULL_WIDTH_END.search(paragraph[number - 1].text):
                text += " "
            placed.append(Placed(piece, len(text), len(text) + len(piece.text)))
            text += piece.text
    units = [p.piece.unit for p in placed if p.piece.unit]
    if len(set(units)) < len(units):
        message = f"{draft.name} holds a sentence twice"
        raise TruthError(message)
    return Rendered(identity, draft, text, tuple(placed))


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Folded words with their offsets; a Han character is a word.

    Letters, digits and marks make words; compatibility forms, case, Arabic tatweel and the
    accents of Latin, Cyrillic and Arabic letters are folded.
    """
    found: list[tuple[str, int, int]] = []
    word, start = "", 0
    for place, char in enumerate(text + " "):
        wordlike = unicodedata.category(char)[0] in "LNM"
        han = "\u4e00" <= char <= "\u9fff"
        if word and (han or not wordlike):
            found.append((word, start, place))
            word = ""
        if han:
            found.append((char, place, place + 1))
        elif wordlike:
            start = start if word else place
            word += _fold(char)
    return found


def _fold(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in plain if c != "\u0640" and not _is_accent(c))


def _is_accent(char: str) -> bool:
    name = unicodedata.name(char, "")
    return unicodedata.combining(char) > 0 and name.startswith(("COMBINING", "ARABIC"))


def weight(text: str) -> float:
    """Words in a text, two Han characters counting as one."""
    return sum(0.5 if "\u4e00" <= word[0] <= "\u9fff" else 1.0 for word, _, _ in tokens(text))


def relation(a: Draft, b: Draft) -> str | None:
    """How two drafts are related, quotations aside: parent, ancestor, sibling or None."""
    if any(p.source is b for p in _takes(a)) or any(p.source is a for p in _takes(b)):
        return "parent"
    above_a, above_b = _ancestors(a), _ancestors(b)
    if a.name in above_b or b.name in above_a:
        return "ancestor"
    return "sibling" if above_a & above_b else None


def _takes(draft: Draft) -> list[Parent]:
    return [parent for parent in draft.parents if parent.kind != "quotation"]


def _ancestors(draft: Draft) -> set[str]:
    names: set[str] = set()
    for parent in draft.parents:
        if parent.kind != "quotation":
            names |= {parent.source.name} | _ancestors(parent.source)
    return names


def matches(corpus: Corpus, documents: list[Rendered]) -> list[Row]:
    """Every shared passage of at least twelve words, for all pairs of documents."""
    rows: list[Row] = []
    for a, b in combinations(documents, 2):
        reused = _shared_runs(a, b)
        rows += reused
        rows += _shared_quotations(corpus, a, b, reused)
    return sorted(rows, key=lambda r: (r["a"], r["b"], r["a_start"], r["b_start"]))


def _shared_runs(a: Rendered, b: Rendered) -> list[Row]:
    place_in_b = {p.piece.unit: n for n, p in enumerate(b.placed) if p.piece.unit}
    runs: list[list[tuple[int, int]]] = []
    for here, placed in enumerate(a.placed):
        there = place_in_b.get(placed.piece.unit) if placed.piece.unit else None
        if there is None:
            continue
        if runs and runs[-1][-1] == (here - 1, there - 1):
            runs[-1].append((here, there))
        else:
            runs.append([(here, there)])
    rows = []
    for run in runs:
        (first_a, first_b), (last_a, last_b) = run[0], run[-1]
        span = (
            a.placed[first_a].start,
            a.placed[last_a].end,
            b.placed[first_b].start,
            b.placed[last_b].end,
        )
        if min(weight(a.text[span[0] : span[1]]), weight(b.text[span[2] : span[3]])) < MIN_TOKENS:
            continue
        related = relation(a.draft, b.draft)
        background = all((a.placed[n].piece.unit or "").startswith("background") for n, _ in run)
        if not related and not background:
            message = f"{a.draft.name} and {b.draft.name} share text but are not related"
            raise TruthError(message)
        match_class = "widely_shared" if background else "reuse"
        rows.append(_row(a, b, span, match_class, related or "background"))
    return rows


def _shared_quotations(corpus: Corpus, a: Rendered, b: Rendered, reused: list[Row]) -> list[Row]:
    rows = []
    for words in corpus.quotations:
        for at_a in _places(words, a.text):
            for at_b in _places(words, b.text):
                span = (at_a, at_a + len(words), at_b, at_b + len(words))
                if not any(_inside(span, row) for row in reused):
                    rows.append(_row(a, b, span, "quotation", "quotation"))
    return rows


def _places(words: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(words), text)]


def _inside(span: tuple[int, int, int, int], row: Row) -> bool:
    low = (row["a_start"], row["b_start"])
    high = (row["a_end"], row["b_end"])
    return all(x <= s for x, s in zip(low, span[::2], strict=True)) and all(
        e <= x for x, e in zip(high, span[1::2], strict=True)
    )


def _row(
    a: Rendered, b: Rendered, span: tuple[int, int, int, int], match_class: str, related: str
) -> Row:
    kind = compare(a.text[span[0] : span[1]], b.text[span[2] : span[3]])
    return {
        "a": a.id,
        "a_start": span[0],
        "a_end": span[1],
        "b": b.id,
        "b_start": span[2],
        "b_end": span[3],
        "class": match_class,
        "kind": kind,
        "relation": related,
    }


def compare(a: str, b: str) -> str:
    """Exact where only white space differs, near where most words agree, else rewritten."""
    if a.split() == b.split():
        return "exact"
    words_a, words_b = ([word for word, _, _ in tokens(text)] for text in (a, b))
    return (
        "near"
        if SequenceMatcher(None, words_a, words_b, autojunk=False).ratio() >= NEAR
        else "rewritten"
    )


def boilerplate(documents: list[Rendered]) -> list[Row]:
    """Every line of page furniture."""
    return [
        {"document": d.id, "start": p.start, "end": p.end}
        for d in documents
        for p in d.placed
        if p.piece.furniture
    ]


def derivations(documents: list[Rendered]) -> list[Row]:
    """One row a parent; primary is the one that most characters come from."""
    names = {d.draft.name: d.id for d in documents}
    rows: list[Row] = []
    for document in documents:
        parents = document.draft.parents
        shares = [_characters(document, parent.source) for parent in parents]
        if parents and max(shares) == 0 and any(p.kind != "quotation" for p in parents):
            message = f"{document.draft.name} shares nothing with its parents"
            raise TruthError(message)
        for number, parent in enumerate(parents):
            rows.append(
                {
                    "source": names.get(parent.source.name, parent.source.name),
                    "derived": document.id,
                    "kind": parent.kind,
                    "primary": number == shares.index(max(shares)),
                    "direction_certain": parent.certain,
                }
            )
    return sorted(rows, key=lambda r: (r["derived"], r["source"]))


def _characters(document: Rendered, source: Draft) -> int:
    units = {piece.unit for paragraph in (*source.body, (source.title,)) for piece in paragraph}
    return sum(p.end - p.start for p in document.placed if p.piece.unit and p.piece.unit in units)


def hidden_sources(documents: list[Rendered]) -> list[Row]:
    """The sources that are not in the corpus and the documents taken from each directly."""
    fed: dict[str, list[str]] = defaultdict(list)
    names = {}
    for document in documents:
        for parent in document.draft.parents:
            if parent.source.outlet is None:
                fed[parent.source.name].append(document.id)
                names[parent.source.name] = parent.source.hidden_name
    return [{"id": key, "name": names[key], "documents": fed[key]} for key in sorted(fed)]


def dates(documents: list[Rendered]) -> list[Row]:
    """When each document was truly published, and whether the date it states is right."""
    rows: list[Row] = []
    for d in documents:
        stated = d.draft.stated
        right = stated and (
            d.draft.at.startswith(stated) or _instant(stated) == _instant(d.draft.at)
        )
        status = "missing" if stated is None else "right" if right else "wrong"
        rows.append({"document": d.id, "published": d.draft.at, "status": status})
    return rows


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def clusters(documents: list[Rendered]) -> list[Row]:
    """Groups in which each member is a near-duplicate of the one published first.

    Near-duplicate: Jaccard of word 5-grams at least 0.7, or at least 0.8 of the smaller inside
    the larger. Groups of one are left out.
    """
    shingles = {}
    for document in documents:
        words = [word for word, _, _ in tokens(document.text)]
        shingles[document.id] = {
            tuple(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)
        }
    groups: list[list[str]] = []
    for document in sorted(documents, key=lambda d: (_instant(d.draft.at), -len(d.text), d.text)):
        for group in groups:
            a, b = shingles[group[0]], shingles[document.id]
            common = len(a & b)
            if common >= JACCARD * len(a | b) or common >= CONTAINMENT * min(len(a), len(b)):
                group.append(document.id)
                break
        else:
            groups.append([document.id])
    return sorted(
        ({"members": sorted(group)} for group in groups if len(group) > 1),
        key=lambda row: row["members"],
    )


def unlabelled(documents: list[Rendered], rows: list[Row]) -> list[str]:
    """Runs of twelve words that two documents share and the truth does not name."""
    carriers: dict[tuple[str, ...], list[tuple[Rendered, int, int]]] = defaultdict(list)
    furniture = {d.id: [(p.start, p.end) for p in d.placed if p.piece.furniture] for d in documents}
    for d in documents:
        words = tokens(d.text)
        size = MIN_TOKENS if weight(d.text) > len(words) * 0.75 else 2 * MIN_TOKENS
        for n in range(len(words) - size + 1):
            start, end = words[n][1], words[n + size - 1][2]
            if not any(s < end and start < e for s, e in furniture[d.id]):
                carriers[tuple(w for w, _, _ in words[n : n + size])].append((d, start, end))
    by_pair: dict[tuple[object, object], list[Row]] = defaultdict(list)
    for row in rows:
        by_pair[row["a"], row["b"]].append(row)
    found = []
    for places in carriers.values():
        for (a, *at_a), (b, *at_b) in combinations(places, 2):
            span = (at_a[0], at_a[1], at_b[0], at_b[1])
            if a.id != b.id and not any(_touches(span, row) for row in by_pair[a.id, b.id]):
                found.append(f"{a.draft.name}, {b.draft.name}: {a.text[span[0] : span[1]]}")
    return found


def _touches(span: tuple[int, int, int, int], row: Row) -> bool:
    return bool(
        row["a_start"] < span[1]
        and span[0] < row["a_end"]
        and row["b_start"] < span[3]
        and span[2] < row["b_end"]
    )
