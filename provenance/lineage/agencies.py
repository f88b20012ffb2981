"""News agencies, syndication services and photo agencies, and how texts name them.

The lexicon is `agencies.json` beside this module, one entry a line: `names` are read anywhere,
`short` ones (often words or other bodies' initials too) only where a form asks for an agency.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from provenance.lineage.lookalikes import fold_lookalikes
from provenance.model import Document

LONGEST_NAME: Final = 60
FEWEST_LETTERS_FOR_ONE_EDIT: Final = 6
FEWEST_LETTERS_FOR_TWO_EDITS: Final = 12
SHORTEST_ABBREVIATION: Final = 2
LONGEST_ABBREVIATION: Final = 6
FEWEST_LETTERS_OF_A_PART: Final = 4
LONG_WORD: Final = 4
_SMALL_WORDS: Final = frozenset(["the", "of", "and", "for", "de", "la", "le", "di", "da", "do"])

_COMMON_WORDS: Final = frozenset(["news", "agency", "service", "wire", "newswire", "newswires"])

_WORD: Final = re.compile(r"\w+")
_SPACELESS: Final = re.compile(r"[\u0590-\u1cff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufefe]")
_PLAIN_URL: Final = re.compile(r"https?://(?P<host>[a-z0-9.-]+)(?:[/?#]|\Z)")
_KEY_DROPS: Final = re.compile(r"[^\w/&+]+")
_KEY_EDGES: Final = re.compile(r"^(?:the|agency|agencia|agence|agenzia) | (?:staff|news agency)$")


class AgencyKind(StrEnum):
    """What a body in the lexicon supplies."""

    AGENCY = "agency"
    SYNDICATION = "syndication"
    PRESS_RELEASE = "press_release"
    PHOTO = "photo"
    NEWSPAPER_GROUP = "newspaper_group"
    BROADCASTER = "broadcaster"


@dataclass(frozen=True, slots=True)
class Agency:
    """One body whose copy others carry, with the names and hosts it is known by."""

    id: str
    kind: AgencyKind
    country: str
    names: tuple[str, ...]
    short: tuple[str, ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """An agency's name read at `start:end`; `short` where it is only an abbreviation."""

    start: int
    end: int
    agency: Agency
    short: bool


@cache
def agencies() -> tuple[Agency, ...]:
    """Every entry of the lexicon, in the order of ids."""
    rows = json.loads(files(__package__).joinpath("agencies.json").read_text(encoding="utf-8"))
    return tuple(
        Agency(
            id=row["id"],
            kind=AgencyKind(row["kind"]),
            country=row["country"],
            names=tuple(row["names"]),
            short=tuple(row["short"]),
            hosts=tuple(row["hosts"]),
        )
        for row in rows
    )


def has_joined_script(characters: frozenset[str]) -> bool:
    """Whether a text's characters need names to be sought inside words."""
    return _SPACELESS.search("".join(characters)) is not None


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """A name without case, accents' forms, invisible marks, punctuation and a leading "the"."""
    visible = "".join(c for c in name if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", fold_lookalikes(visible)).casefold()
    folded = folded.replace(".", "").replace("’", "").replace("'", "")
    words = _KEY_DROPS.sub(" ", folded).strip()
    return _KEY_EDGES.sub("", words) or words


def same_name(a: str, b: str) -> bool:
    """Whether two names are one: equal keys, or one or two letters misread in a long name."""
    a, b = name_key(a), name_key(b)
    if a == b:
        return bool(a)
    shorter = min(len(a), len(b))
    if shorter < FEWEST_LETTERS_FOR_ONE_EDIT or max(len(a), len(b)) > LONGEST_NAME:
        return False
    allowed = 2 if shorter >= FEWEST_LETTERS_FOR_TWO_EDITS else 1
    return _edits(a, b, allowed) <= allowed


def _edits(a: str, b: str, allowed: int) -> int:
    if abs(len(a) - len(b)) > allowed:
        return allowed + 1
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (letter != other))
    return row[-1]


@cache
def _by_key() -> dict[str, Agency | None]:
    """Key of every name to its agency; None where several agencies share the abbreviation."""
    found: dict[str, Agency | None] = {}
    for agency in agencies():
        for key in {name_key(name) for name in (agency.id, *agency.names, *agency.short)}:
            found[key] = None if key in found else agency
    for agency in agencies():
        for name in agency.names:
            found[name_key(name)] = agency
    return found


@lru_cache(maxsize=4096)
def _find_key(key: str) -> Agency | None:
    by_key = _by_key()
    if key in by_key:
        return by_key[key]
    if not FEWEST_LETTERS_FOR_TWO_EDITS <= len(key) <= LONGEST_NAME:
        return None
    index = _by_shortened_key()
    candidates = {known for form in _shortened(key) for known in index.get(form, ())}
    near = {by_key[known] for known in candidates if _edits(key, known, 1) <= 1}
    return near.pop() if len(near) == 1 else None


def _shortened(key: str) -> Iterator[str]:
    """The key, and the key with each of its letters left out: one misread letter meets one."""
    yield key
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]


@cache
def _by_shortened_key() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for key, agency in _by_key().items():
        if agency and len(key) >= FEWEST_LETTERS_FOR_TWO_EDITS - 1:
            for form in _shortened(key):
                index.setdefault(form, []).append(key)
    return index


def find_agency(name: str) -> Agency | None:
    """The one agency that a whole name, id or abbreviation stands for, else None.

    Look-alike letters are folded, and a long name may have one letter misread. An abbreviation
    that several agencies use ("CNA") names none of them.
    """
    return _find_key(name_key(name)) if len(name) <= 2 * LONGEST_NAME else None


def canonical_name(name: str) -> str:
    """The agency's id where the lexicon knows the name, else the name in plain spaces."""
    agency = find_agency(name)
    return agency.id if agency else " ".join(name.split())


def supplies_copy(name: str) -> bool:
    """Whether a name is no broadcaster's, newspaper group's or picture agency's of the lexicon.

    Those mostly publish what they write; a dateline of theirs is rarer on others' pages.
    """
    agency = find_agency(name)
    kinds = (AgencyKind.BROADCASTER, AgencyKind.NEWSPAPER_GROUP, AgencyKind.PHOTO)
    return agency is None or agency.kind not in kinds


@cache
def _heads() -> dict[str, tuple[tuple[str, frozenset[str], Agency, bool], ...]]:
    """First word to the names that begin with it, with what else they have, the longest name first.

    That is their longer words, or all of them where the first one is short.

    Only those of scripts with spaces.
    """
    heads: dict[str, dict[str, tuple[str, frozenset[str], Agency, bool]]] = {}
    for name, agency, short in _spellings():
        if not _SPACELESS.search(name):
            words = _WORD.findall(name)
            if words:
                least = LONG_WORD if len(words[0]) >= LONG_WORD else 1
                parts = frozenset(word for word in words[1:] if len(word) >= least)
                heads.setdefault(words[0], {})[name] = (name, parts, agency, short)
    return {
        head: tuple(sorted(names.values(), key=lambda entry: (-len(entry[0]), entry[0])))
        for head, names in heads.items()
    }


@cache
def _spaceless() -> tuple[re.Pattern[str], dict[str, tuple[Agency, bool]]]:
    names = {
        name: (agency, short) for name, agency, short in _spellings() if _SPACELESS.search(name)
    }
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))), names


def _spellings() -> Iterator[tuple[str, Agency, bool]]:
    """Names as written and in capitals, without the abbreviations that several agencies share."""
    by_key = _by_key()
    for short in (True, False):
        for agency in agencies():
            for name in agency.short if short else agency.names:
                if short and by_key[name_key(name)] is not agency:
                    continue
                plain = name.removeprefix("The ") if len(name.split()) > 2 else name
                yield plain, agency, short
                if not short:
                    yield plain.upper(), agency, short


def naming_words() -> frozenset[str]:
    """The words that names of agencies are looked for by, in scripts with spaces."""
    heads = _heads()
    return frozenset(heads).union(*(words for names in heads.values() for _, words, _, _ in names))


def namings(
    text: str, words: frozenset[str] | None = None, *, joined: bool | None = None, limit: int = 1000
) -> list[Naming]:
    """Agencies named in a text, in order, without overlaps; at most `limit` of them.

    `words` may hold the text's words (those that names have suffice), and `joined` whether it has
    a script without spaces, where the caller knows. Spelling and case count: "AP" is found, "ap"
    is not.
    """
    found: list[Naming] = []
    heads = _heads()
    words = frozenset(_WORD.findall(text)) if words is None else words
    for head in heads.keys() & words:
        for name, parts, agency, short in heads[head]:
            at = text.find(name) if parts <= words else -1
            count = 0
            while at >= 0 and count < limit:
                end = at + len(name)
                if _stands_alone(text, at, end):
                    found.append(Naming(at, end, agency, short))
                    count += 1
                at = text.find(name, end)
    if joined is None:
        joined = not text.isascii() and _SPACELESS.search(text) is not None
    if joined:
        pattern, names = _spaceless()
        for count, match in enumerate(pattern.finditer(text)):
            if count >= limit:
                break
            agency, short = names[match.group()]
            if not short or _stands_alone(text, match.start(), match.end()):
                found.append(Naming(match.start(), match.end(), agency, short))
    found.sort(key=lambda naming: (naming.start, -naming.end))
    kept: list[Naming] = []
    for naming in found:
        if not kept or naming.start >= kept[-1].end:
            kept.append(naming)
    return kept[:limit]


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def host_of(url: str | None) -> str:
    """The host of a URL in lower case, without `www.`, `m.` or `amp.`; else an empty text."""
    if not url:
        return ""
    plain = _PLAIN_URL.match(url)
    if plain:
        host = plain["host"]
    else:
        try:
            host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
        except ValueError:
            return ""
    for prefix in ("www.", "m.", "amp.", "mobile."):
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
    return host


def same_site(a: str, b: str) -> bool:
    """Whether two hosts are one site: equal, or one a subdomain of the other."""
    return bool(a) and bool(b) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


def abbreviates(short: str, name: str) -> bool:
    """Whether an abbreviation in capitals stands for a name of several words, or for a compound.

    Its letters occur in the name in order, and each word's initial is among them: "MPA" is the
    Meridian Press Agency, "NLA" the Northline Agency. So does a name without the words that all
    agencies share: "Sextant" is the Sextant News Service.
    """
    letters = short.replace(".", "")
    words = _large_words(name)
    if name_key(short) == distinctive_part(name):
        return True
    if not (SHORTEST_ABBREVIATION <= len(letters) <= LONGEST_ABBREVIATION and letters.isupper()):
        return False
    if len(words) < 2 or not letters.isalpha():
        return False
    at = 0
    for number, word in enumerate(words):
        if at >= len(letters) or word[0].upper() != letters[at]:
            return False
        at += 1
        rest = len(words) - number - 1
        for letter in word[1:].upper():
            if len(letters) - at > rest and letter == letters[at]:
                at += 1
    return at == len(letters)


def _large_words(name: str) -> list[str]:
    return [word for word in _WORD.findall(name) if word.lower() not in _SMALL_WORDS]


def distinctive_part(name: str) -> str:
    """The key of a name without "news agency", "wire" and their kin at its end, else nothing."""
    words = name_key(name).split()
    count = len(words)
    while count and words[count - 1] in _COMMON_WORDS:
        count -= 1
    part = " ".join(words[:count])
    return part if count < len(words) and len(part) >= FEWEST_LETTERS_OF_A_PART else ""


@lru_cache(maxsize=4096)
def short_keys(name: str) -> frozenset[str]:
    """The keys of a name's short forms: its initials, with one letter more, its own part."""
    words = _large_words(name)
    found = {distinctive_part(name)} - {""}
    if 2 <= len(words) <= LONGEST_ABBREVIATION:
        initials = [word[0] for word in words]
        forms = {"".join(initials)}
        for at, word in enumerate(words):
            head, tail = "".join(initials[: at + 1]), "".join(initials[at + 1 :])
            forms.update(f"{head}{letter}{tail}" for letter in word[1:])
        found.update(name_key(form) for form in forms if abbreviates(form.upper(), name))
    return frozenset(found)


def is_own(name: str, document: Document) -> bool:
    """Whether a name, an agency's id or a URL stands for the document's own outlet or host."""
    host = host_of(document.url)
    outlet = document.source or ""
    hosts = [h for h in (host, host_of(outlet) if "." in outlet else "") if h]
    target = host_of(name) if "." in name and " " not in name else ""
    if target and any(same_site(target, h) for h in hosts):
        return True
    if outlet and (same_name(name, outlet) or abbreviates(name, outlet)):
        return True
    agency = find_agency(name)
    if agency is None:
        squeezed = name_key(name).replace(" ", "")
        return bool(squeezed) and any(squeezed == _site_word(h) for h in hosts)
    if any(h == known or h.endswith(f".{known}") for h in hosts for known in agency.hosts):
        return True
    return bool(outlet) and find_agency(outlet) is agency


def _site_word(host: str) -> str:
    """The longest label of a host: `valleyherald` of `news.valleyherald.example`."""
    return max(host.split("."), key=len).replace("-", "")
