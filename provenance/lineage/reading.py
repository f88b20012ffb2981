"""What a reader of cues found, before it is known which part of the text it speaks for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One cue as read: what it says, where, and whether it speaks for its whole part."""

    signal: str
    value: str
    start: int
    end: int
    of_part: bool = True
