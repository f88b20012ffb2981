"""Rendered documents, and the truth about them by construction, in the formats of `seeds/`."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from typing import Any, TypeAlias

from composition import Draft, Paragraph, Piece, units

MIN_TOKENS = 12
NEAR = 0.6
JACCARD, CONTAINMENT, SHINGLE = 0.7, 0.8, 5
WORD = re.compile(r"[^\W_]+")

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
        """The row of documents.jsonl; a date that is not stated is left out."""
        draft = self.draft
        row = {
            "id": self.id,
            "title": draft.title.text,
            "source": draft.outlet,
            "url": draft.url,
            "date": draft.stated,
            "text": self.text,
        }
        return {name: value for name, value in row.items() if value is not None}


def render(drafts: Iterable[Draft], seed: int) -> list[Rendered]:
    """Every visible draft as a document, numbered by the hash of its name, sorted by id."""
    shuffled = sorted(
        (draft for draft in drafts if draft.visible),
        key=lambda draft: hashlib.sha256(f"{seed}/{draft.name}".encode()).digest(),
    )
    return [_render(f"n{n:04d}", draft) for n, draft in enumerate(shuffled, 1)]


def _render(identity: str, draft: Draft) -> Rendered:
    def lines(texts: Sequence[str]) -> list[Paragraph]:
        return [(Piece(text, furniture=True),) for text in texts]

    paragraphs = lines(draft.above)
    if draft.title_in_text:
        paragraphs.append((draft.title,))
    half = len(draft.body) // 2
    paragraphs += [*draft.body[:half], *lines(draft.middle), *draft.body[half:]]
    paragraphs += lines(draft.below)
    text, placed = "", []
    for paragraph in paragraphs:
        text += draft.between if text else ""
        for number, piece in enumerate(paragraph):
            text += " " if number else ""
            placed.append(Placed(piece, len(text), len(text) + len(piece.text)))
            text += piece.text
    said = [p.piece.unit for p in placed if p.piece.unit]
    if len(set(said)) < len(said):
        raise TruthError(f"{draft.name} holds a sentence twice")
    return Rendered(identity, draft, text, tuple(placed))


def words(text: str) -> list[str]:
    """Lower-case words of letters and digits."""
    return [word.lower() for word in WORD.findall(text)]


@dataclass(slots=True)
class Truth:
    """All that is known of the documents; each method gives the rows of a file."""

    drafts: Sequence[Draft]
    documents: Sequence[Rendered]
    ids: dict[str, str] = field(init=False)
    above: dict[str, frozenset[str]] = field(init=False)
    named: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Number the documents, gather ancestors, and see which hidden pages a text names."""
        pages = {d.hidden_name for d in self.drafts if d.hidden_name.startswith("https")}
        self.named = frozenset(p for p in pages if any(p in d.text for d in self.documents))
        self.ids = {document.draft.name: document.id for document in self.documents}
        self.above = {}
        for draft in self.drafts:
            names = [parent.source.name for parent in draft.parents]
            self.above[draft.name] = frozenset(names).union(*(self.above[name] for name in names))

    def nearest(self, draft: Draft) -> tuple[list[tuple[Draft, str]], list[Draft]]:
        """The nearest visible sources with the kind, and the hidden sources that none stands for.

        A visible ancestor stands for a hidden source where it holds a sentence of the draft.
        """
        found: dict[str, tuple[Draft, str]] = {}
        hidden: dict[str, Draft] = {}
        said = units(draft)
        for parent in draft.parents:
            seen = [s for s in _visible(parent.source) if s is parent.source or units(s) & said]
            for source in seen:
                found.setdefault(source.name, (source, parent.kind))
            if not seen:
                hidden.setdefault(parent.source.hidden_id, parent.source)
        return list(found.values()), list(hidden.values())

    def hidden_key(self, source: Draft) -> tuple[str, str]:
        """Id and name of a hidden source: by agency, by the page that a text names, or unseen."""
        if source.hidden_name.startswith("https") and source.hidden_name not in self.named:
            return f"~unseen#{source.name.replace(' ', '-')}", "unseen"
        return source.hidden_id, source.hidden_name

    def parents(self) -> list[Row]:
        """One row a document: nearest visible sources, whether one is hidden, story, date."""
        rows = []
        for document in self.documents:
            seen, hidden = self.nearest(document.draft)
            rows.append(
                {
                    "id": document.id,
                    "parents": sorted(self.ids[source.name] for source, _ in seen),
                    "hidden_parent": bool(hidden),
                    "skipped": any(not p.source.visible for p in document.draft.parents),
                    "stories": list(document.draft.stories),
                    "role": document.draft.role,
                    "true_date": _stamp(document.draft.at),
                    "date_status": document.draft.date_status,
                }
            )
        return rows

    def derivations(self) -> list[Row]:
        """One row a source; primary is the one that most characters come from."""
        rows: list[Row] = []
        for document in self.documents:
            seen, hidden = self.nearest(document.draft)
            kinds = {p.source.name: p.kind for p in document.draft.parents}
            sources = [(self.ids[source.name], kind, source) for source, kind in seen]
            sources += [(self.hidden_key(d)[0], kinds.get(d.name, "copy"), d) for d in hidden]
            if not sources:
                continue
            shares = [_characters(document, draft) for _, _, draft in sources]
            if max(shares) == 0:
                raise TruthError(f"{document.draft.name} shares nothing with its sources")
            for number, (source, kind, draft) in enumerate(sources):
                rows.append(
                    {
                        "source": source,
                        "derived": document.id,
                        "kind": kind,
                        "primary": number == shares.index(max(shares)),
                        "direction_certain": source.startswith("~") or _certain(draft, document),
                    }
                )
        return sorted(rows, key=lambda r: (r["derived"], r["source"]))

    def hidden_sources(self) -> list[Row]:
        """Sources that no document stands for, and the documents taken from each."""
        fed: dict[str, list[str]] = defaultdict(list)
        names = {}
        for document in self.documents:
            for source in self.nearest(document.draft)[1]:
                key, name = self.hidden_key(source)
                fed[key].append(document.id)
                names[key] = name
        return [{"id": key, "name": names[key], "documents": fed[key]} for key in sorted(fed)]

    def boilerplate(self) -> list[Row]:
        """Every line of page furniture."""
        return [
            {"document": d.id, "start": p.start, "end": p.end}
            for d in self.documents
            for p in d.placed
            if p.piece.furniture
        ]

    def dates(self) -> list[Row]:
        """When each document was truly published, and whether its date is right."""
        return [
            {
                "document": d.id,
                "published": _stamp(d.draft.at),
                "status": d.draft.date_status
                if d.draft.date_status in {"right", "missing"}
                else "wrong",
            }
            for d in self.documents
        ]

    def matches(self) -> list[Row]:
        """Every shared passage of at least twelve words, for all pairs of documents."""
        rows: list[Row] = []
        for a, b in self._sharing():
            rows += self._reused(a, b)
            rows += _quotations(a, b)
        return sorted(rows, key=lambda r: (r["a"], r["b"], r["a_start"], r["b_start"]))

    def _sharing(self) -> list[tuple[Rendered, Rendered]]:
        carriers: dict[str, list[int]] = defaultdict(list)
        for number, document in enumerate(self.documents):
            for placed in document.placed:
                piece = placed.piece
                for key in {piece.unit, piece.spoken and f'"{piece.spoken}'} - {None}:
                    carriers[str(key)].append(number)
        pairs = {pair for held in carriers.values() for pair in combinations(held, 2)}
        return [(self.documents[a], self.documents[b]) for a, b in sorted(pairs)]

    def relation(self, a: Draft, b: Draft) -> str | None:
        """How two drafts are related: parent, ancestor, sibling or None."""
        if any(p.source.name == b.name for p in a.parents):
            return "parent"
        if any(p.source.name == a.name for p in b.parents):
            return "parent"
        above_a, above_b = self.above[a.name], self.above[b.name]
        if a.name in above_b or b.name in above_a:
            return "ancestor"
        return "sibling" if above_a & above_b else None

    def _reused(self, a: Rendered, b: Rendered) -> list[Row]:
        there = {p.piece.unit: n for n, p in enumerate(b.placed) if p.piece.unit}
        runs: list[list[tuple[Placed, Placed]]] = []
        last = (-2, -2)
        for here, placed in enumerate(a.placed):
            at = there.get(placed.piece.unit) if placed.piece.unit else None
            if at is None:
                continue
            if (here - 1, at - 1) == last:
                runs[-1].append((placed, b.placed[at]))
            else:
                runs.append([(placed, b.placed[at])])
            last = (here, at)
        related = self.relation(a.draft, b.draft)
        rows = []
        for run in runs:
            sizes = [
                sum(len(words(side.piece.text)) for side in sides)
                for sides in zip(*run, strict=True)
            ]
            if min(sizes) < MIN_TOKENS:
                continue
            background = all((p.piece.unit or "").startswith("background") for p, _ in run)
            if not related and not background:
                raise TruthError(f"{a.draft.name} and {b.draft.name} share text unrelated")
            rows.append(
                {
                    **_span(a, run[0][0].start, run[-1][0].end, b, run[0][1].start, run[-1][1].end),
                    "class": "widely_shared" if background else "reuse",
                    "kind": _run_kind(run),
                    "relation": related or "background",
                }
            )
        return rows

    def clusters(self) -> list[Row]:
        """Near-duplicates of the one published first; groups of one are left out."""
        shingles = {d.id: _shingles(d.text) for d in self.documents}
        kin: dict[str, list[list[Rendered]]] = defaultdict(list)
        done: list[list[Rendered]] = []
        for d in sorted(self.documents, key=lambda d: (d.draft.at, -len(d.text), d.text)):
            tried = [group for story in d.draft.stories for group in kin[story]]
            for group in tried:
                first, own = shingles[group[0].id], shingles[d.id]
                common = len(first & own)
                if common >= JACCARD * len(first | own) or common >= CONTAINMENT * min(
                    len(first), len(own)
                ):
                    group.append(d)
                    break
            else:
                group = [d]
                done.append(group)
                for story in d.draft.stories:
                    kin[story].append(group)
        rows = [{"members": sorted(d.id for d in group)} for group in done if len(group) > 1]
        return sorted(rows, key=lambda row: row["members"])

    def unlabelled(self, rows: Sequence[Row], size: int = MIN_TOKENS) -> list[str]:
        """Runs of so many words that two documents share and the truth does not name."""
        carriers: dict[int, list[tuple[Rendered, int, int]]] = defaultdict(list)
        for d in self.documents:
            for run in _plain_runs(d):
                matched = WORD.finditer(d.text, *run)
                found = [(m.group().lower(), m.start(), m.end()) for m in matched]
                for n in range(len(found) - size + 1):
                    key = hash(tuple(w for w, _, _ in found[n : n + size]))
                    carriers[key].append((d, found[n][1], found[n + size - 1][2]))
        labelled: dict[tuple[object, object], list[Row]] = defaultdict(list)
        for row in rows:
            labelled[row["a"], row["b"]].append(row)
        kin = {d.id: set(d.draft.stories) for d in self.documents}
        found_runs = []
        for places in carriers.values():
            for (a, *at_a), (b, *at_b) in combinations(places, 2):
                if a.id == b.id or kin[a.id] & kin[b.id]:
                    continue
                span = (at_a[0], at_a[1], at_b[0], at_b[1])
                if not any(_touches(span, row) for row in labelled[a.id, b.id]):
                    found_runs.append(
                        f"{a.draft.name}, {b.draft.name}: {a.text[span[0] : span[1]]}"
                    )
        return found_runs


def _visible(source: Draft) -> list[Draft]:
    """The source, or the nearest drafts above it that the corpus holds."""
    if source.visible:
        return [source]
    return [draft for parent in source.parents for draft in _visible(parent.source)]


def _plain_runs(document: Rendered) -> list[tuple[int, int]]:
    """The text between page furniture, credits and formulas, which have no unit."""
    runs, start = [], 0
    for placed in document.placed:
        if not placed.piece.unit:
            runs.append((start, placed.start))
            start = placed.end
    return [*runs, (start, len(document.text))]


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _certain(source: Draft, derived: Rendered) -> bool:
    """Whether stated dates that are right, or a credit, tell a reader who took from whom."""
    draft = derived.draft
    if source.hidden_name and source.hidden_name in derived.text:
        return True
    if source.url in derived.text or source.outlet in derived.text:
        return True
    if source.stated is None or draft.stated is None:
        return False
    if {source.date_status, draft.date_status} != {"right"}:
        return False
    days = {len(source.stated) == 10, len(draft.stated) == 10}
    return source.at.date() < draft.at.date() if True in days else source.at < draft.at


def _characters(document: Rendered, source: Draft) -> int:
    held = units(source)
    return sum(p.end - p.start for p in document.placed if p.piece.unit in held)


def _span(a: Rendered, a_start: int, a_end: int, b: Rendered, b_start: int, b_end: int) -> Row:
    return {
        "a": a.id, "a_start": a_start, "a_end": a_end,
        "b": b.id, "b_start": b_start, "b_end": b_end,
    }  # fmt: skip


@cache
def _agreeing(a: str, b: str) -> int:
    """Words that two sentences have in common in order."""
    if a == b:
        return len(words(a))
    matcher = SequenceMatcher(None, words(a), words(b), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _run_kind(run: Sequence[tuple[Placed, Placed]]) -> str:
    if all(here.piece.text == there.piece.text for here, there in run):
        return "exact"
    return _kind([(here.piece.text, there.piece.text) for here, there in run])


def _kind(pairs: Sequence[tuple[str, str]]) -> str:
    agreeing = sum(_agreeing(min(a, b), max(a, b)) for a, b in pairs)
    total = sum(len(words(a)) + len(words(b)) for a, b in pairs)
    return "near" if 2 * agreeing >= NEAR * total else "rewritten"


def _quotations(a: Rendered, b: Rendered) -> list[Row]:
    """The same spoken words in pieces that are not the same sentence."""
    there = {p.piece.spoken: p for p in b.placed if p.piece.spoken}
    rows = []
    for here in a.placed:
        other = there.get(here.piece.spoken) if here.piece.spoken else None
        if other is None or here.piece.unit == other.piece.unit:
            continue
        at_a, at_b = _spoken(here), _spoken(other)
        said_a, said_b = a.text[slice(*at_a)], b.text[slice(*at_b)]
        if min(len(words(said_a)), len(words(said_b))) < MIN_TOKENS:
            continue
        kind = "exact" if said_a == said_b else _kind([(said_a, said_b)])
        labels = {"class": "quotation", "kind": kind, "relation": "quotation"}
        rows.append({**_span(a, *at_a, b, *at_b), **labels})
    return rows


def _spoken(placed: Placed) -> tuple[int, int]:
    """Where the words between quotation marks stand; all of the piece where a scan lost a mark."""
    found = re.search(r'["“]([^"“”]{30,}?)[,.]?["”]', placed.piece.text)
    if found is None:
        return placed.start, placed.end
    return placed.start + found.start(1), placed.start + found.end(1)


def _shingles(text: str) -> set[int]:
    said = words(text)
    return {hash(tuple(said[n : n + SHINGLE])) for n in range(len(said) - SHINGLE + 1)}


def _touches(span: tuple[int, int, int, int], row: Row) -> bool:
    return bool(
        row["a_start"] < span[1]
        and span[0] < row["a_end"]
        and row["b_start"] < span[3]
        and span[2] < row["b_end"]
    )
