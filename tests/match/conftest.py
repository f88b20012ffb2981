"""Fiction of our own, and the texts that are made of it."""

import random

import pytest
from fiction import STORY

from provenance.match.collapse import collapse
from provenance.model import Document

SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, words):
    """Return filler that shares no five words in a row with filler of another seed."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=4)) for _ in range(words))


@pytest.fixture(scope="session")
def story():
    """Four paragraphs of one piece of fiction, of about thirty words each."""
    return [" ".join(paragraph.split()) for paragraph in STORY.split("\n\n")]


@pytest.fixture(scope="session")
def filler():
    """Return a maker of invented words."""
    return invent


@pytest.fixture(scope="session")
def corpus_of():
    """Return a maker of corpora: of texts, named d0, d1, .., or of documents."""

    def make(*texts, compile_kernels=False):
        documents = [
            Document(f"d{i}", text) if isinstance(text, str) else text
            for i, text in enumerate(texts)
        ]
        documents.sort(key=lambda document: document.id)
        return collapse(documents, compile_kernels=compile_kernels)

    return make
