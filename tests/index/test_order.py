"""The verdicts of a stream depend on its order and on nothing else."""

import random
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import document, streams, text, words

from provenance.index import keys
from provenance.index.filter import DuplicateFilter
from provenance.index.folder import open_index
from provenance.index.memory import MemoryStore
from provenance.index.policy import Copies, Policy, Rule

policies = st.sampled_from(list(Copies)).map(lambda copies: Policy(Rule(copies=copies)))


def one_by_one(documents, policy):
    """Return the verdicts of documents that come one by one."""
    index = DuplicateFilter(MemoryStore(), policy=policy)
    return [index.check_and_add(document) for document in documents]


@given(streams, policies, st.data())
@settings(max_examples=25)
def test_documents_come_together_get_verdicts(documents, policy, data):
    """Documents that come together get the verdicts of those that come one by one."""
    index = DuplicateFilter(MemoryStore(), policy=policy)
    cut = data.draw(st.integers(0, len(documents)))
    together = index.check_and_add_many(documents[:cut]) + index.check_and_add_many(documents[cut:])
    assert together == one_by_one(documents, policy)


@pytest.mark.slow
@given(streams, policies, st.data())
@settings(max_examples=20)
def test_folder_gives_verdicts_memory_whatever(documents, policy, data):
    """A folder gives the verdicts of memory whatever is flushed merged or opened again."""
    expected = one_by_one(documents, policy)
    flush, fan_out = data.draw(st.integers(1, 9)), data.draw(st.integers(2, 4))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        rest = documents
        while rest:
            store = open_index(folder, flush=flush, fan_out=fan_out, durable=False)
            with DuplicateFilter(store, policy=policy) as index:
                for _ in range(data.draw(st.integers(1, 3))):
                    size = data.draw(st.integers(1, 8))
                    found += index.check_and_add_many(rest[:size])
                    rest = rest[size:]
                if data.draw(st.booleans()):
                    store.compact()
        with DuplicateFilter(folder, policy=policy, read_only=True) as index:
            again = index.check_many(documents)
    assert found == expected
    assert again == expected


@given(streams, policies)
@settings(max_examples=20)
def test_stream_fed_again_gets_same(documents, policy):
    """A stream that is fed again gets the same verdicts."""
    index = DuplicateFilter(MemoryStore(), policy=policy)
    assert index.check_and_add_many(documents) == index.check_and_add_many(documents)


def pages(seed, count):
    """Return pages of a few sites with footers, that quote, cut and change earlier ones."""
    draw = random.Random(seed)
    footers = [text(10_000 + i, 40) for i in range(3)]
    bodies, made = [], []
    for i in range(count):
        body = words(seed * 1000 + i, 150)
        if bodies and draw.random() < 0.5:
            other = draw.choice(bodies)
            start = draw.randrange(120)
            part = other[start : start + draw.choice((9, 11, 14, 25, 120))]
            if draw.random() < 0.5:
                part[len(part) // 2] = "otherwise"
            body = [*body[:70], *part, *body[70 + len(part) // 2 :]]
        bodies.append(body)
        site = draw.randrange(3)
        page = f"{' '.join(body)}. {footers[site]}"
        made.append(document(f"p{i}", page, source=f"site-{site}"))
    return made


@pytest.mark.parametrize("most_words", [1 << 20, 1])
def test_kernels_give_verdicts_of_plain_path(monkeypatch, most_words):
    """Kernels give the verdicts of the plain path, even where words are forgotten all the time."""
    monkeypatch.setattr(keys, "_MOST_WORDS", most_words)
    given_pages = pages(1, 90)
    verdicts = []
    for compiled in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            store = open_index(folder, flush=20, fan_out=2, durable=False)
            with DuplicateFilter(store, compile_kernels=compiled) as index:
                verdicts.append(index.check_and_add_many(given_pages[:60]))
                verdicts[-1] += [index.check_and_add(page) for page in given_pages[60:]]
    assert verdicts[0] == verdicts[1]
    assert len({v.reason for v in verdicts[0]}) > 2
