"""Texts of made-up words: unrelated unless one is made of another."""

import random

from hypothesis import strategies as st

from provenance.model import Document


def words(seed: int, count: int) -> list[str]:
    """Return words that no other seed gives."""
    draw = random.Random(seed)
    return [
        f"{draw.choice('bdfgklmnprst')}{draw.choice('aeiou')}{draw.getrandbits(28):x}"
        for _ in range(count)
    ]


def text(seed: int, count: int = 200) -> str:
    """Return a text of such words, in sentences of twelve."""
    own = words(seed, count)
    return " ".join(f"{word}." if i % 12 == 11 else word for i, word in enumerate(own))


def document(name: str, body: str, **known: object) -> Document:
    """Return a document with an id of its own."""
    return Document(name, body, **known)


_PARTS = [text(1000 + i, 22) for i in range(14)]
_ids = st.integers(0, 30).map(lambda i: f"d{i}")
_bodies = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=6).map(" ".join)
_sources = st.sampled_from([None, "one", "two", "three"])
_urls = st.sampled_from(
    [None, None, "http://a.example/1", "https://www.a.example/1/", "http://b.example/2"]
)
documents = st.builds(document, _ids, _bodies, source=_sources, url=_urls)
"""Documents of few parts, ids and addresses: most are related to others."""

streams = st.lists(documents, min_size=1, max_size=24)
