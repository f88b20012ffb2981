"""Names of months, weekdays and near days in many languages, read from `calendar_names.json`.

All are in lower case. Rows of months and weekdays are in the order of the calendar.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

LENGTH_OF_A_CUT: Final = 3


@cache
def _data() -> dict[str, Any]:
    text = files(__package__).joinpath("calendar_names.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def _numbered(table: str, first: int) -> dict[str, int]:
    return {name: number for number, row in enumerate(_data()[table], first) for name in row}


@cache
def months() -> dict[str, int]:
    """Every name of a month, with its cuts of three letters and more, to its number."""
    names = _numbered("months", 1)
    cuts: dict[str, set[int]] = {}
    for name, number in names.items():
        cuts.setdefault(name[:LENGTH_OF_A_CUT], set()).add(number)
    plain = {cut: min(numbers) for cut, numbers in cuts.items() if len(numbers) == 1}
    return {**plain, **_data()["longer_cuts"], **_data()["english_cuts"], **names}


@cache
def month_names() -> frozenset[str]:
    """The names of months in full."""
    return frozenset(_numbered("months", 1))


@cache
def english_cuts() -> frozenset[str]:
    """The cuts of months that English writes beside a day: "Sept", "Dec"."""
    return frozenset(_data()["english_cuts"])


@cache
def weekdays() -> dict[str, int]:
    """Every name of a weekday to its number; Monday is 0."""
    return _numbered("weekdays", 0)


@cache
def near_days() -> dict[str, int]:
    """Words such as "yesterday" and "last week" to how long after that day they are written."""
    return {words: int(distance) for distance, row in _data()["near_days"].items() for words in row}


@cache
def small_words() -> frozenset[str]:
    """Articles and prepositions that stand before a day and say nothing of it."""
    return frozenset(_data()["small_words"])
