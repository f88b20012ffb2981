"""Page furniture: lines of menus, share bars, comment forms and notices that no article wrote.

A single page cannot show what repeats, so a lexicon (`furniture.json` beside this module) knows
whole lines in many languages. A line counts only if all of it is furniture.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

MOST_WORDS: Final = 40
LONGEST_LINE: Final = 320

_LINE: Final = re.compile(r"\S[^\n\r]*")
EDGES: Final = " \t*#|»«›‹<>→←▶►▼▲•·●■◆–—-_=~.…:：!|»[](){}\ufeff\u200b"
_SENTENCES: Final = re.compile(r"(?<=[.!?…。！？।॥۔؟])\s+|(?<=[。！？।])|\s*[|•·»›]\s*|\s{3,}")
SLOT: Final = re.compile(r"\{(\w+)\}")
WORD: Final = re.compile(r"[^\s:：,;]+")
_BETWEEN_WORDS: Final = " \t\n\r\v\f:：,;"
_FIRST: Final = re.compile(rf"[{re.escape(EDGES)}]*[\s:：,;]*([^\s:：,;]*)")
_STRAIGHT: Final = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("\xa0", " "),
    ("\t", " "),
    ("İ", "i"),
)
_CLOSED: Final = {
    "number": r"\d[\d.,:]{0,9}k?",
    "year": r"\d{4}(?: ?[-–] ?\d{2,4})?",
    "date": r"(?=[^\d]{0,40}\d).{1,60}",
}
_OPEN: Final = {
    "any": r".{0,200}",
    "name": r"(?-i:(?:[Tt]he )?[^\s.!?a-zß-ÿа-яё])(?:[^.!?]|\.(?! )){0,70}",
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of furniture: lines, words of bars, patterns by their first and last words.

    `phrases` are the patterns of `by_first` as they are written, with `slots`, of which some stand
    for one of several words.
    """

    literal: frozenset[str]
    share_bar: frozenset[str]
    openings: frozenset[str]
    phrases: tuple[str, ...]
    slots: dict[str, tuple[str, ...]]
    by_first: dict[str, tuple[str, ...]]
    by_last: dict[str, tuple[str, ...]]
    other: tuple[str, ...]
    in_other: re.Pattern[str]
    openers: frozenset[str]
    opener_prefixes: tuple[str, ...]
    sure: re.Pattern[str]
    likely: re.Pattern[str]
    credit: re.Pattern[str]


def is_furniture(line: str) -> bool:
    """Whether a whole line is page furniture; a sentence that merely holds such words is not."""
    return len(line) <= LONGEST_LINE and _may_be(line, 0, len(line)) and _is_furniture(line)


@lru_cache(maxsize=1 << 14)
def _is_furniture(line: str) -> bool:
    lexicon = load_lexicon()
    plain = _plain(line)
    if not plain:
        return False
    if _known(plain, lexicon):
        return True
    if len(plain) - len(plain.replace(" ", "")) >= MOST_WORDS:
        return False
    if _is_bar(plain, lexicon):
        return " " in plain
    end = 0
    for break_ in _SENTENCES.finditer(plain):
        if not _is_part(plain[end : break_.start()], lexicon):
            return False
        end = break_.end()
    return end > 0 and _is_part(plain[end:], lexicon)


def furniture_lines(text: str) -> list[tuple[int, int]]:
    """The spans of a text's furniture lines, in order, without the space around them."""
    found = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if end - start > LONGEST_LINE or not _may_be(text, start, end):
            continue
        if _is_furniture(match.group()):
            found.append((start, start + len(match.group().rstrip())))
    return found


def opens_list(line: str) -> bool:
    """Whether a known line is the heading of a list of links, such as 'Most read'."""
    lexicon, low = load_lexicon(), _plain(line).lower()
    # In hard-wrapped prose a line may be one word, in lower case or with a full stop.
    inside = line[:1].islower() or line.endswith(".")
    return not inside and (low in lexicon.openers or low.startswith(lexicon.opener_prefixes))


def page_words(line: str) -> int:
    """Weigh the different words in a line that pages say of themselves: 'newsletter', 'share'.

    Words that little else says ('unsubscribe', 'our partners') weigh two.
    """
    lexicon, low = load_lexicon(), line.lower()
    sure, likely = (set(words.findall(low)) for words in (lexicon.sure, lexicon.likely))
    return 2 * len(sure) + len(likely - sure)


def ends_in_credit(line: str) -> bool:
    """Whether the end of a line credits a picture: 'The bridge in May. Photo: A. Name/Agency'."""
    return load_lexicon().credit.search(line) is not None


def holds_furniture(line: str) -> bool:
    """Whether a sentence of several words in a line is furniture."""
    lexicon = load_lexicon()
    parts = map(_plain, _SENTENCES.split(line))
    return any(_known(part, lexicon) for part in parts if " " in part or not part.isascii())


def _may_be(text: str, start: int, end: int) -> bool:
    """False only for lines whose first and last word rule furniture out: most prose."""
    first = _FIRST.match(text, start, end).group(1)  # type: ignore[union-attr]  # any line matches
    if not first:
        return False
    if _opens(first):
        return True
    last = text[start:end].rstrip(EDGES).rsplit(None, 1)[-1:]
    return bool(last) and last[0].lower() in load_lexicon().by_last


@lru_cache(maxsize=1 << 14)
def _opens(first: str) -> bool:
    """Whether a word begins lines of furniture, or may do so in a script of its own."""
    return not first.isascii() or first.lower().rstrip(EDGES) in load_lexicon().openings


def _is_part(piece: str, lexicon: Lexicon) -> bool:
    part = _plain(piece)
    return not part or _known(part, lexicon) or _is_bar(part, lexicon)


def _plain(line: str) -> str:
    for mark, straight in _STRAIGHT:  # as `str.translate`, which is slow beyond Latin letters
        line = line.replace(mark, straight)
    return " ".join(line.strip(EDGES).split())


def _is_bar(part: str, lexicon: Lexicon) -> bool:
    return all(
        word in lexicon.share_bar or word.strip(":,|") in lexicon.share_bar
        for word in part.lower().split()
    )


def _known(plain: str, lexicon: Lexicon) -> bool:
    low = plain.lower()
    if low in lexicon.literal:
        return True
    first = WORD.search(low)
    if first is None:
        return False
    last = WORD.findall(low.rstrip(_BETWEEN_WORDS).rsplit(None, 1)[-1])[-1]
    return any(
        pattern.fullmatch(plain)
        for patterns in (
            lexicon.by_first.get(first.group(), ()),
            lexicon.by_last.get(last, ()),
            () if low.isascii() or not lexicon.in_other.search(low) else lexicon.other,
        )
        if patterns
        for pattern in _compiled(patterns)
    )


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon, which is read once."""
    data = json.loads(files(__package__).joinpath("furniture.json").read_text(encoding="utf-8"))
    slots = {slot: tuple(data[slot]) for slot in ("social", "piece")}
    closed = {slot: _alternatives(words) for slot, words in slots.items()}
    literal: set[str] = set()
    firsts: dict[str, list[str]] = {}
    lasts: dict[str, list[str]] = {}
    begun: list[str] = []
    other: list[str] = []
    in_other: set[str] = set()
    for lines in data["lines"].values():
        literal.update(_plain(line).lower() for line in lines)
    for phrases in data["patterns"].values():
        for phrase in phrases:
            pieces = SLOT.split(phrase)
            pieces[0], pieces[-1] = pieces[0].lstrip(EDGES), pieces[-1].rstrip(EDGES)
            pattern = _pattern(pieces, closed)
            first, last = WORD.findall(pieces[0]), WORD.findall(pieces[-1])
            if first and pieces[0] != first[0]:
                firsts.setdefault(first[0], []).append(pattern)
                begun.append(phrase.lstrip(EDGES))
            elif last and pieces[-1] != last[-1]:
                lasts.setdefault(last[-1], []).append(pattern)
            else:
                other.append(pattern)
                in_other.add(max(pieces[::2], key=len).strip().lower())
    openings = {words[0].rstrip(EDGES) for line in literal if (words := WORD.findall(line))}
    openings.update(word.rstrip(EDGES) for word in firsts)
    return Lexicon(
        openings=frozenset(openings | set(data["share_bar"])),
        literal=frozenset(literal),
        share_bar=frozenset(data["share_bar"]),
        phrases=tuple(begun),
        slots=slots,
        by_first={word: tuple(patterns) for word, patterns in firsts.items()},
        by_last={word: tuple(patterns) for word, patterns in lasts.items()},
        other=tuple(other),
        in_other=re.compile(_alternatives(sorted(in_other))),
        openers=frozenset(data["openers"]),
        opener_prefixes=tuple(data["opener_prefixes"]),
        sure=_words_of(data["page_words"], "sure"),
        likely=_words_of(data["page_words"], "likely"),
        credit=re.compile(
            rf"(?:^|[\s(（.。।—–,，]){_alternatives(data['credits'])}"
            r"(?:\s?[:：=＝]\s?|(?<=photo)/|(?<=foto)/|\s(?=\w{1,20}(?:\s\w+)?(?:/[\w\s]{1,30})?\)$))"
            r"[^\s:.!?。！？][^:!?。！？]{1,60}\)?$"
            r"|[＝=（(]\w{1,12}(?:撮影|提供)）?$|\.\s(?:©|fot\.)\s[\w\s/.]{3,60}$",
            re.IGNORECASE,
        ),
    )


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in dict.fromkeys(patterns))


def _alternatives(words: Sequence[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + ")"


def _words_of(words: dict[str, Sequence[str]], kind: str) -> re.Pattern[str]:
    """A pattern of whole words, of beginnings of words (with a star), and of unspaced words."""
    whole = _alternatives([word for word in words[kind] if not word.endswith("*")])
    begun = _alternatives([word[:-1] for word in words[kind] if word.endswith("*")] or ["\0"])
    unspaced = _alternatives(words[f"{kind}_unspaced"])
    # Vowel signs of Devanagari are no letters, and yet no word ends before one.
    return re.compile(rf"(?<!\w)(?:{whole}(?![\w\u0900-\u0903\u093a-\u094f])|{begun})|{unspaced}")


def _pattern(pieces: Sequence[str], words: dict[str, str]) -> str:
    """A pattern whose open slots end at the first place where the next words stand."""
    pattern = re.escape(pieces[0])
    for slot, after in zip(pieces[1::2], pieces[2::2], strict=True):
        literal = re.escape(after)
        if slot in words:
            pattern += words[slot] + literal
        elif slot in _CLOSED:
            pattern += _CLOSED[slot] + literal
        else:
            pattern += f"{_OPEN[slot]}{literal}" if not after else f"(?>{_OPEN[slot]}?{literal})"
    return pattern
