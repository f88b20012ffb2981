"""What a filter does with what it finds: which documents it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from provenance.errors import ConfigError
from provenance.index.settings import IndexSettings


class Copies(StrEnum):
    """What becomes of a copy."""

    DROP = "drop"
    ANNOTATE = "annotate"
    LONGER = "longer"


class Revisions(StrEnum):
    """What becomes of an update of a page that is known."""

    KEEP = "keep"
    AS_COPIES = "as_copies"


@dataclass(frozen=True, slots=True)
class Rule:
    """The limits from which a document is a copy, and what becomes of it.

    `threshold` is the Jaccard with one earlier document, `containment` the share of the new
    document's shingles in one earlier one, `passage_share` the share of its tokens that passages
    of earlier ones cover, of one or of several. A passage has at least `min_tokens` equal tokens,
    `min_run` of them in a row. Raises `ConfigError` where a value is out of its range.
    """

    copies: Copies = Copies.DROP
    revisions: Revisions = Revisions.KEEP
    threshold: float = 0.7
    containment: float = 0.8
    passage_share: float = 0.9
    min_tokens: int = 19
    min_run: int = 8

    def __post_init__(self) -> None:
        for name in ("threshold", "containment", "passage_share"):
            if not 0 < getattr(self, name) <= 1:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must lie between 0 and 1")
        for name in ("min_tokens", "min_run"):
            if getattr(self, name) < 4:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be at least 4")


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule for every document, and others for documents of some sources."""

    rule: Rule = Rule()
    of_source: Mapping[str, Rule] = field(default_factory=dict)

    def of(self, source: str | None) -> Rule:
        """Return the rule for documents of a source."""
        return self.of_source.get(source, self.rule) if source is not None else self.rule

    def check(self, settings: IndexSettings) -> None:
        """Raise `ConfigError` where a limit asks for more than an index of these settings finds."""
        for rule in (self.rule, *self.of_source.values()):
            if rule.threshold < settings.threshold:
                raise ConfigError(
                    f"the threshold is {rule.threshold}, but the index finds near-duplicates from "
                    f"a Jaccard of {settings.threshold} only; make an index with a lower threshold"
                )

    @classmethod
    def from_json(cls, value: object, rule: Rule) -> "Policy":
        """Return the policy of an object `{source: {setting: value}}` besides a rule for all.

        What a source's object does not name is taken from `rule`. Raises `ConfigError` where the
        object has another form.
        """
        if not isinstance(value, Mapping):
            raise ConfigError('rules of sources are an object, {"source": {"copies": "annotate"}}')
        rules = {}
        for source, given in value.items():
            if not isinstance(given, Mapping):
                raise ConfigError(f"the rule of source {source!r} is not an object")
            settings = dict(given)
            try:
                if "copies" in settings:
                    settings["copies"] = Copies(settings["copies"])
                if "revisions" in settings:
                    settings["revisions"] = Revisions(settings["revisions"])
                rules[source] = replace(rule, **settings)
            except (TypeError, ValueError) as error:
                raise ConfigError(f"the rule of source {source!r}: {error}") from None
        return cls(rule, rules)
