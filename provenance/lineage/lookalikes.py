"""Letters of other scripts that stand for Latin ones, in a name that is to look like another."""

import re
from typing import Final

FOREIGN_LETTERS_OF_A_TEXT: Final = 0.05

# Letters of other scripts that look like Latin ones; each maps to one letter, so offsets stay.
_LOOKALIKES: Final = str.maketrans(
    "аеорсухіјѕԁһӏьАВЕКМНОРСТУХІЈЅαορνικΑΒΕΗΙΚΜΝΟΡΤΥΧΖ",
    "aeopcyxijsdhlbABEKMHOPCTYXIJSaopvikABEHIKMNOPTYXZ",
)
_MIXED_SCRIPT: Final = re.compile(r"[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u052f][A-Za-z]")
_GREEK_OR_CYRILLIC: Final = re.compile(r"[\u0370-\u052f]")
_FOREIGN_WORD: Final = re.compile(r"[\u0370-\u052f]+")
_WORD_OF_LOOKALIKES: Final = re.compile(r"[A-Za-z\u0370-\u052f]+")


def may_hold_lookalikes(characters: frozenset[str]) -> bool:
    """Whether Greek or Cyrillic letters are among a text's characters."""
    return _GREEK_OR_CYRILLIC.search("".join(characters)) is not None


def fold_lookalikes(text: str) -> str:
    """The text with Cyrillic and Greek look-alikes made Latin inside words of mixed script.

    The length stays the same; words of one script are left alone.
    """
    if text.isascii() or not _MIXED_SCRIPT.search(text):
        return text

    def fold(word: re.Match[str]) -> str:
        found = word.group()
        return found.translate(_LOOKALIKES) if _MIXED_SCRIPT.search(found) else found

    return _WORD_OF_LOOKALIKES.sub(fold, text)


def fold_strangers(text: str) -> str:
    """The text with words made Latin that consist of look-alikes, where few letters are foreign.

    The length stays the same.
    """
    foreign = len(_GREEK_OR_CYRILLIC.findall(text))
    if not 0 < foreign <= FOREIGN_LETTERS_OF_A_TEXT * len(text):
        return text

    def fold(word: re.Match[str]) -> str:
        found = word.group()
        made = found.translate(_LOOKALIKES)
        return made if made.isascii() else found

    return _FOREIGN_WORD.sub(fold, text)
