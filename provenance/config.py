"""The knobs: every setting that changes a result, in one immutable object."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from provenance.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import DataclassInstance


def setting(default: float, words: str, low: float, high: float) -> float:
    """Return a field for a number: its default, its meaning, its range."""
    return field(default=default, metadata={"words": words, "low": low, "high": high})


def check_ranges(settings: "DataclassInstance") -> None:
    """Raise `ConfigError` for the first number that is out of its range."""
    for known in fields(settings):
        low, high = known.metadata.get("low"), known.metadata.get("high")
        value = getattr(settings, known.name)
        if low is not None and not low <= value <= high:
            raise ConfigError(f"{known.name} is {value}; it must lie between {low:g} and {high:g}")


def fingerprint_of(values: "Mapping[str, object]") -> str:
    """Return sixteen hexadecimal digits that are equal for equal values."""
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of an audit; equal settings have equal fingerprints.

    Limits that count tokens count words; in scripts without spaces two characters weigh as one.
    Raises `ConfigError` where a value is out of its range.
    """

    threshold: float = setting(0.7, "Jaccard of a near-duplicate pair", 0.05, 1)
    containment: float = setting(
        0.8, "containment of the smaller text in a near-duplicate pair", 0.05, 1
    )
    min_tokens: int = setting(12, "equal tokens in a passage", 4, 100_000)  # type: ignore[assignment]
    min_run: int = setting(8, "of these, equal tokens in a row", 1, 100_000)  # type: ignore[assignment]
    passages: bool = field(default=True, metadata={"words": "find passages and lineage"})
    boilerplate_documents: int = setting(  # type: ignore[assignment]
        10, "unrelated documents that make a wording boilerplate", 2, 1_000_000
    )
    boilerplate_of_source: int = setting(  # type: ignore[assignment]
        6, "unrelated documents of one source that make a wording boilerplate", 2, 1_000_000
    )
    decided: float = setting(0.8, "confidence from which a derivation is decided", 0.5, 1)
    shingle: int = setting(5, "tokens in a shingle", 1, 32)  # type: ignore[assignment]
    permutations: int = setting(128, "values in a MinHash signature", 16, 1024)  # type: ignore[assignment]
    seed: int = setting(1, "seed of the MinHash permutations", 0, 2**32 - 1)  # type: ignore[assignment]
    recall: float = setting(0.999, "recall of the bands at the threshold", 0.5, 1)

    def __post_init__(self) -> None:
        check_ranges(self)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ wherever a setting differs."""
        return fingerprint_of(asdict(self))

    def describe(self) -> list[dict[str, object]]:
        """One row a setting: its name, value and meaning."""
        return [
            {"setting": f.name, "value": getattr(self, f.name), "meaning": f.metadata["words"]}
            for f in fields(self)
        ]
