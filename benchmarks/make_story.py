"""Make a seeded story of which many outlets run an edited copy: how does a scan grow with it?

    python benchmarks/make_story.py 5000 --out story.jsonl

Half of the copies are made from the first text or a later version of it, the others from copies
of these: words are replaced, dropped and added, the end is cut, an outlet's own paragraph is added,
an agency is credited. A tenth are the same words. A few features on something else quote two
paragraphs. Words are made up, frequent ones shorter. Same arguments, same bytes.
"""

import argparse
import json
import random
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

PARAGRAPHS, WORDS = 9, 45  # of the first text: about 400 words, as news has
OUTLETS = 3000
AGENCIES = ["Associated Press", "Reuters", "Agence France-Presse"]
VERSIONS, FEATURES = 4, 8
FIRST = datetime.fromisoformat("2024-03-01T06:00:00+00:00")

Text = list[list[str]]


class Desk:
    """Writes paragraphs, and edits what others wrote."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        syllables = [f"{onset}{vowel}" for onset in "bdfgklmnprstvw" for vowel in "aeiou"]
        self._words = [
            "".join(self.chance.choices(syllables, k=1 + min(rank // 60, 3)))
            for rank in range(8000)
        ]
        self._frequency = list(accumulate(1 / (rank + 8) for rank in range(8000)))

    def words(self, count: int) -> list[str]:
        """Return words of running text."""
        return self.chance.choices(self._words, cum_weights=self._frequency, k=count)

    def paragraphs(self, count: int) -> Text:
        """Return new paragraphs."""
        return [self.words(self.chance.randrange(WORDS // 2, WORDS * 3 // 2)) for _ in range(count)]

    def copy(self, text: Text) -> Text:
        """Return a text with some of what desks do: words changed, the end cut, a paragraph added.

        Up to 4 % of the words change.
        """
        chance = self.chance
        rate = chance.choice([0.0, 0.005, 0.01, 0.02, 0.04])
        edited: Text = []
        for paragraph in text:
            words: list[str] = []
            for word in paragraph:
                if chance.random() >= rate:
                    words.append(word)
                elif chance.random() < 0.7:
                    words += self.words(chance.choice([1, 1, 2]))
            edited.append(words)
        if chance.random() < 0.2 and len(edited) > 5:
            del edited[-chance.randrange(1, 3) :]
        if chance.random() < 0.1:
            edited.insert(chance.randrange(len(edited) + 1), self.words(30))
        return edited


def printed(text: Text) -> str:
    """Return paragraphs as an outlet prints them, in sentences of up to 15 words."""
    lines = []
    for words in text:
        sentences = [" ".join(words[low : low + 15]) for low in range(0, len(words), 15)]
        lines.append(" ".join(f"{s[:1].upper()}{s[1:]}." for s in sentences))
    return "\n\n".join(lines)


def write(copies: int, seed: int, out: Path, *, one_version: bool = False) -> None:
    """Write a story of so many documents, one JSON object a line.

    With `one_version` all are copies of the first text.
    """
    desk = Desk(seed)
    chance = desk.chance
    versions = [desk.paragraphs(PARAGRAPHS)]
    for _ in range(0 if one_version else VERSIONS - 1):
        versions.append([*desk.paragraphs(1), *desk.copy(versions[-1])])
    features = set(chance.sample(range(len(versions), copies), FEATURES))
    copied: list[Text] = []
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for number in range(copies):
            parent = chance.choice(copied if copied and chance.random() < 0.5 else versions)
            if number < len(versions):
                made = versions[number]
            elif number in features:
                place = chance.randrange(len(parent) - 1)
                made = [*desk.paragraphs(3), *parent[place : place + 2], *desk.paragraphs(3)]
            elif chance.random() < 0.1:
                made = parent
            else:
                made = desk.copy(parent)
                if parent in versions and not one_version:
                    copied.append(made)
            body = printed(made)
            if chance.random() < 0.3:
                body = f"LONDON ({chance.choice(AGENCIES)}) - {body}"
            when = FIRST + timedelta(minutes=2 * number + chance.randrange(60))
            row = {
                "id": f"{chance.randrange(1 << 40):010x}-{number}",
                "source": f"outlet{chance.randrange(OUTLETS)}.example",
                "title": " ".join(made[0][:6]),
                "text": body,
            }
            if chance.random() < 0.8:
                row["published"] = when.isoformat()
            file.write(json.dumps(row) + "\n")


def main() -> None:
    """Read the arguments and write the story."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("copies", type=int)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one-version", action="store_true", help="all are copies of the first")
    arguments = parser.parse_args()
    write(arguments.copies, arguments.seed, arguments.out, one_version=arguments.one_version)


if __name__ == "__main__":
    main()
