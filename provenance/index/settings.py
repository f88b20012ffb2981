"""What decides the keys of an index: two indexes with one fingerprint hold comparable keys."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property

from provenance.config import check_ranges, fingerprint_of, setting
from provenance.errors import StoreError
from provenance.fingerprint.bands import Bands, choose_bands
from provenance.text.folding import TABLE_VERSION

FORMAT = 1
KEYS_VERSION = 1  # of the formulas in `provenance.index.keys`


@dataclass(frozen=True)
class IndexSettings:
    """Settings of an index; they are written into it and cannot change afterwards.

    A run of `passage_shingle + window - 1` equal tokens always has a passage key in common.
    Raises `ConfigError` where a value is out of its range.
    """

    threshold: float = setting(0.7, "lowest Jaccard that the bands find", 0.05, 1)
    recall: float = setting(0.999, "recall of the bands at the threshold", 0.5, 1)
    shingle: int = setting(5, "tokens in a shingle", 1, 32)  # type: ignore[assignment]
    permutations: int = setting(128, "values in a MinHash signature", 16, 1024)  # type: ignore[assignment]
    seed: int = setting(1, "seed of the MinHash permutations", 0, 2**32 - 1)  # type: ignore[assignment]
    passages: bool = field(default=True, metadata={"words": "passages can be found"})
    passage_shingle: int = setting(8, "tokens in a passage key", 1, 32)  # type: ignore[assignment]
    window: int = setting(12, "shingles of which one becomes a passage key", 1, 1024)  # type: ignore[assignment]
    holders: int = setting(32, "first documents of a key that are seen", 2, 1024)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        check_ranges(self)

    @cached_property
    def banding(self) -> Bands:
        """The bands that reach the recall at the threshold."""
        return choose_bands(self.threshold, self.recall, self.permutations)

    @property
    def guarantee(self) -> int:
        """The equal tokens in a row from which a passage is always found."""
        return self.passage_shingle + self.window - 1

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that differ wherever the keys may differ."""
        return fingerprint_of(self.to_json())

    def to_json(self) -> dict[str, object]:
        """Return the settings with the versions of the formulas that they feed."""
        return asdict(self) | {"folding_version": TABLE_VERSION, "keys_version": KEYS_VERSION}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "IndexSettings":
        """Return the settings that an index states.

        Raises `StoreError` where it was made by other formulas or names settings of its own.
        """
        given = dict(value)
        versions = given.pop("folding_version", None), given.pop("keys_version", None)
        known = {f.name for f in fields(cls)}
        if versions != (TABLE_VERSION, KEYS_VERSION) or set(given) - known:
            raise StoreError(
                "the index was made by another version of this program, whose keys differ; "
                "export it with that version and make a new one from the export"
            )
        return cls(**given)  # type: ignore[arg-type]

    def difference(self, other: "IndexSettings") -> str:
        """Say which settings of another object differ: "threshold is 0.7, not 0.8"."""
        return ", ".join(
            f"{f.name} is {getattr(self, f.name)}, not {getattr(other, f.name)}"
            for f in fields(self)
            if getattr(self, f.name) != getattr(other, f.name)
        )
