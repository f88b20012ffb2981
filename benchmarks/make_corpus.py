"""Make a seeded, news-like corpus with a known share of near-duplicates.

    python benchmarks/make_corpus.py --base prose.txt --docs 10000 --out news.jsonl \
        --truth truth.jsonl

The base is plain English prose, one paragraph a line. A word model (two words of context with
probability `--second-order`, else one) is read off it and sampled, so that the frequencies of
words and of five words in a row stay close to those of real prose whatever the size. A base of
less than a million words would repeat itself: `--jump 0.5` draws every second word afresh.

The truth has one line a document: id, family (the original's id), parent, kind, share (of words
edited, kept or quoted). Same arguments and base, same bytes.
"""

import argparse
import json
import random
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# How a copy differs from its parent, and how often.
KINDS = {
    "exact": 0.10,
    "reformat": 0.08,
    "light": 0.25,
    "medium": 0.15,
    "heavy": 0.10,
    "trim": 0.20,
    "boiler": 0.07,
    "quote": 0.05,
}
EDITED = {"light": (0.002, 0.02), "medium": (0.02, 0.045), "heavy": (0.045, 0.12)}
OUTLETS = 60
LONGEST_FAMILY = 60


class Story(NamedTuple):
    """The words of one document (some end a paragraph), and where they come from."""

    words: list[str]
    family: int
    parent: int | None
    kind: str
    share: float


class WordModel:
    """Sequences of words sampled from a text in proportion to what follows what there."""

    def __init__(self, paths: list[Path]) -> None:
        numbers: dict[str, int] = {}
        tokens: list[int] = []
        for path in paths:
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    tokens.extend(numbers.setdefault(word, len(numbers)) for word in line.split())
        self.vocabulary = list(numbers)
        self.tokens = np.array(tokens, dtype=np.int64)
        if len(tokens) < 1000:
            sys.exit("The base text has fewer than 1,000 words: give more prose with --base.")
        size = len(tokens)
        # For each word: the run of its places in the text, ordered by word.
        self._places = np.argsort(self.tokens, kind="stable")
        count = np.bincount(self.tokens, minlength=len(numbers))
        self._end = np.cumsum(count)
        self._start = self._end - count
        # For each place: the run of the places that have the same word before them, too.
        pairs = np.empty(size, np.int64)
        pairs[0] = tokens[0]
        pairs[1:] = self.tokens[:-1] * len(numbers) + self.tokens[1:]
        self._pair_places = np.argsort(pairs, kind="stable")
        ordered = pairs[self._pair_places]
        first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        last = np.r_[first[1:], size]
        run = np.repeat(np.arange(len(first)), last - first)
        self._pair_start = np.empty(size, np.int64)
        self._pair_end = np.empty(size, np.int64)
        self._pair_start[self._pair_places] = first[run]
        self._pair_end[self._pair_places] = last[run]

    def sample(
        self,
        lengths: NDArray[np.int64],
        generator: np.random.Generator,
        second_order: float,
        jump: float,
    ) -> list[NDArray[np.int32]]:
        """Return one sequence of word numbers for each length."""
        order = np.argsort(-lengths, kind="stable")
        descending = lengths[order]
        offsets = np.r_[0, np.cumsum(descending)]
        words = np.empty(offsets[-1], np.int32)
        places = generator.integers(0, len(self.tokens), len(descending))
        alive = len(descending)
        for step in range(int(descending[0])):
            while alive and descending[alive - 1] <= step:
                alive -= 1
            at = places[:alive]
            word = self.tokens[at]
            words[offsets[:alive] + step] = word
            two = generator.random(alive) < second_order
            low = np.where(two, self._pair_start[at], self._start[word])
            high = np.where(two, self._pair_end[at], self._end[word])
            drawn = low + (generator.random(alive) * (high - low)).astype(np.int64)
            drawn = np.where(two, self._pair_places[drawn], self._places[drawn])
            if jump:
                afresh = generator.random(alive) < jump
                drawn = np.where(afresh, generator.integers(0, len(self.tokens), alive), drawn)
            places[:alive] = (drawn + 1) % len(self.tokens)
        sequences: list[NDArray[np.int32]] = [words] * len(lengths)
        for row, original in enumerate(order):
            sequences[original] = words[offsets[row] : offsets[row + 1]]
        return sequences

    def words(self, numbers: NDArray[np.int32], chance: random.Random, *, curly: bool) -> list[str]:
        """Return the words of a sequence; paragraphs end in a line feed."""
        words = []
        since = 0
        for number in numbers.tolist():
            word = self.vocabulary[number]
            since += 1
            if since > 45 and word[-1] == "." and chance.random() < 0.6:
                word += "\n"
                since = 0
            words.append(word)
        if words:
            words[0] = words[0][:1].upper() + words[0][1:]
        if curly:
            words = [word.replace("'", "\u2019").replace("--", "\u2014") for word in words]
        return words


def text_of(words: list[str]) -> str:
    """Join words; those that end in a line feed end a paragraph."""
    return " ".join(words).replace("\n ", "\n\n").rstrip("\n")


def edit(words: list[str], rate: float, pool: list[str], chance: random.Random) -> list[str]:
    """Replace, drop or insert words at a rate."""
    edited = []
    for word in words:
        if chance.random() >= rate:
            edited.append(word)
            continue
        draw = chance.random()
        if draw < 0.5:
            edited.append(pool[chance.randrange(len(pool))])
        elif draw >= 0.75:
            edited += [word, pool[chance.randrange(len(pool))]]
    return edited


class Newsroom:
    """Originals, and copies of them; a few originals are copied often, most once or never."""

    def __init__(self, model: WordModel, arguments: argparse.Namespace) -> None:
        generator = np.random.default_rng(arguments.seed)
        self._model = model
        self._chance = random.Random(arguments.seed)
        copies = int(arguments.docs * arguments.dup_share)
        originals = arguments.docs - copies
        hosts = int(copies * 0.05) + 50

        def lengths(count: int) -> NDArray[np.int64]:
            drawn = generator.lognormal(np.log(arguments.median_words), arguments.sigma, count)
            return np.clip(drawn, 50, 4000).astype(np.int64)

        original_lengths, host_lengths = lengths(arguments.docs)[:originals], lengths(hosts)
        sequences = model.sample(
            np.r_[original_lengths, host_lengths],
            generator,
            arguments.second_order,
            arguments.jump,
        )
        drawn = model.tokens[generator.integers(0, len(model.tokens), 20000)]
        self._pool = [model.vocabulary[number] for number in drawn.tolist()]
        footers = model.sample(generator.integers(12, 45, OUTLETS), generator, 0.9, 0)
        self.footers = [
            text_of(model.words(footer, self._chance, curly=False)) for footer in footers
        ]
        self.stories = [
            Story(
                model.words(sequence, self._chance, curly=self._chance.random() < 0.4),
                number,
                None,
                "original",
                0.0,
            )
            for number, sequence in enumerate(sequences[:originals])
        ]
        self._hosts = iter(sequences[originals:])
        self._hosts_left = hosts
        self._copy(copies)

    def _copy(self, copies: int) -> None:
        chance = self._chance
        originals = len(self.stories)
        families: list[int] = []
        while len(families) < copies:
            original = chance.randrange(originals)
            families += [original] * min(LONGEST_FAMILY, max(1, int(chance.paretovariate(1.3))))
        members: dict[int, list[int]] = {}
        for family in families[:copies]:
            parent = family
            if family in members and chance.random() < 0.3:
                parent = chance.choice(members[family])
            kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
            if kind == "quote" and not self._hosts_left:
                kind = "trim"
            words, share = self._derive(self.stories[parent].words, kind)
            members.setdefault(family, []).append(len(self.stories))
            self.stories.append(Story(words, family, parent, kind, share))

    def _derive(self, words: list[str], kind: str) -> tuple[list[str], float]:
        chance = self._chance
        if kind == "exact":
            return list(words), 0.0
        if kind == "reformat":
            plain = [
                word.upper() if chance.random() < 0.02 else word.replace("\u2019", "'")
                for word in words
            ]
            return [
                word + "\n" if word[-1] == "." and chance.random() < 0.15 else word
                for word in plain
            ], 0.0
        if kind in EDITED:
            share = chance.uniform(*EDITED[kind])
            return edit(words, share, self._pool, chance), share
        if kind == "trim":
            share = chance.uniform(0.55, 0.97)
            kept = max(20, int(len(words) * share))
            start = chance.choice(
                [0, 0, 0, len(words) - kept, chance.randrange(max(1, len(words) - kept + 1))]
            )
            return words[max(0, start) : max(0, start) + kept], share
        if kind == "boiler":
            return self.footers[chance.randrange(OUTLETS)].split() + words, 0.0
        return self._quote(words)

    def _quote(self, words: list[str]) -> tuple[list[str], float]:
        chance = self._chance
        host = self._model.words(next(self._hosts), chance, curly=False)
        self._hosts_left -= 1
        length = min(len(words), chance.randrange(40, 201))
        start = chance.randrange(len(words) - length + 1)
        at = chance.randrange(len(host) + 1)
        quoting = host[:at] + words[start : start + length] + host[at:]
        return quoting, length / len(quoting)

    def write(self, out: Path, truth: Path, *, ascii_only: bool) -> None:
        """Write the stories in a shuffled order, and what is true of each."""
        chance = self._chance
        order = list(range(len(self.stories)))
        chance.shuffle(order)
        names = [""] * len(order)
        for row, number in enumerate(order):
            names[number] = f"n{row:07d}"
        with (
            out.open("w", encoding="utf-8", newline="\n") as documents,
            truth.open("w", encoding="utf-8", newline="\n") as facts,
        ):
            for number in order:
                story, name = self.stories[number], names[number]
                outlet = chance.randrange(OUTLETS)
                text = text_of(story.words)
                if chance.random() < 0.2:
                    text += "\n\n" + self.footers[outlet]
                month, day = chance.randrange(1, 13), chance.randrange(1, 29)
                hour, minute = chance.randrange(24), chance.randrange(60)
                document = {
                    "id": name,
                    "title": " ".join(story.words[:8]).replace("\n", ""),
                    "source": f"outlet-{outlet:02d}",
                    "published": f"2025-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:00Z",
                    "url": f"https://outlet-{outlet:02d}.example/{name}",
                    "text": text,
                }
                fact = {
                    "id": name,
                    "family": names[story.family],
                    "parent": None if story.parent is None else names[story.parent],
                    "kind": story.kind,
                    "share": round(story.share, 4),
                }
                documents.write(json.dumps(document, ensure_ascii=ascii_only) + "\n")
                facts.write(json.dumps(fact) + "\n")


def main() -> None:
    """Make the corpus that the command line describes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--base", nargs="+", type=Path, required=True)
    parser.add_argument("--docs", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--dup-share", type=float, default=0.30, help="share of copies")
    parser.add_argument("--median-words", type=float, default=365)
    parser.add_argument("--sigma", type=float, default=0.6, help="spread of the lengths (log)")
    parser.add_argument("--second-order", type=float, default=0.6)
    parser.add_argument("--jump", type=float, default=0, help="words drawn without context")
    parser.add_argument("--ascii", action="store_true", help="escape other characters in the JSON")
    parser.add_argument("--seed", type=int, default=20260101)
    arguments = parser.parse_args()
    newsroom = Newsroom(WordModel(arguments.base), arguments)
    newsroom.write(arguments.out, arguments.truth, ascii_only=arguments.ascii)
    size = arguments.out.stat().st_size / 1e6
    print(f"{len(newsroom.stories)} documents, {size:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
