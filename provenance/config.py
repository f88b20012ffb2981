"""The knobs: every setting that changes a result, in one immutable object."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields

from provenance.errors import ConfigError


def _setting(default: float, words: str, low: float, high: float) -> float:
    return field(default=default, metadata={"words": words, "low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of an audit; equal settings have equal fingerprints.

    Limits that count tokens count words; in scripts without spaces two characters weigh as one.
    Raises `ConfigError` where a value is out of its range.
    """

    threshold: float = _setting(0.7, "Jaccard of a near-duplicate pair", 0.05, 1)
    containment: float = _setting(
        0.8, "containment of the smaller text in a near-duplicate pair", 0.05, 1
    )
    min_tokens: int = _setting(12, "equal tokens in a passage", 4, 100_000)  # type: ignore[assignment]
    min_run: int = _setting(8, "of these, equal tokens in a row", 1, 100_000)  # type: ignore[assignment]
    passages: bool = field(default=True, metadata={"words": "find passages and lineage"})
    boilerplate_documents: int = _setting(  # type: ignore[assignment]
        10, "unrelated documents that make a wording boilerplate", 2, 1_000_000
    )
    boilerplate_of_source: int = _setting(  # type: ignore[assignment]
        6, "unrelated documents of one source that make a wording boilerplate", 2, 1_000_000
    )
    decided: float = _setting(0.8, "confidence from which a derivation is decided", 0.5, 1)
    shingle: int = _setting(5, "tokens in a shingle", 1, 32)  # type: ignore[assignment]
    permutations: int = _setting(128, "values in a MinHash signature", 16, 1024)  # type: ignore[assignment]
    seed: int = _setting(1, "seed of the MinHash permutations", 0, 2**32 - 1)  # type: ignore[assignment]
    recall: float = _setting(0.999, "recall of the bands at the threshold", 0.5, 1)

    def __post_init__(self) -> None:
        for setting in fields(self):
            low, high = setting.metadata.get("low"), setting.metadata.get("high")
            value = getattr(self, setting.name)
            if low is not None and not low <= value <= high:
                raise ConfigError(
                    f"{setting.name} is {value}; it must lie between {low:g} and {high:g}"
                )

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ wherever a setting differs."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def describe(self) -> list[dict[str, object]]:
        """One row a setting: its name, value and meaning."""
        return [
            {"setting": f.name, "value": getattr(self, f.name), "meaning": f.metadata["words"]}
            for f in fields(self)
        ]
