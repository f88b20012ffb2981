"""What the spider gathers."""

from dataclasses import dataclass


@dataclass
class Story:
    """One page; `provenance` takes the verdict in mode `tag`."""

    url: str
    headline: str
    text: str
    day: str | None = None
    publisher: str | None = None
    provenance: dict[str, object] | None = None
