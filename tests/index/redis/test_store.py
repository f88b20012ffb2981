"""The index on a Redis server against the same index in memory, and what only a server can do."""

import itertools
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st
from prose import document, streams, text, words
from redis_server import PROGRAM, RedisServer, shared_server  # noqa: F401 - a fixture

from provenance.errors import ConfigError, StoreError
from provenance.fingerprint.bands import band_keys
from provenance.fingerprint.minhash import from_datasketch
from provenance.fingerprint.shingles import shingle_array, shingle_counts
from provenance.index.filter import DuplicateFilter
from provenance.index.keys import Kind, mixed
from provenance.index.memory import MemoryStore
from provenance.index.policy import Copies, Policy, Rule
from provenance.index.redis.store import open_redis
from provenance.index.settings import IndexSettings
from provenance.text.corpus import tokenize_texts

policies = st.sampled_from(list(Copies)).map(lambda copies: Policy(Rule(copies=copies)))
_names = itertools.count()


@pytest.fixture
def server(shared_server):  # noqa: F811
    """Return the running server."""
    return shared_server


@pytest.fixture
def address(server):
    """Return the address of an index that nobody has used."""
    return f"{server.url}?prefix=test{next(_names)}"


def one_by_one(documents, policy=None):
    """Return the verdicts that an index in memory gives."""
    index = DuplicateFilter(MemoryStore(), policy=policy)
    return [index.check_and_add(document) for document in documents]


def prefixed(server, address):
    """Return the keys on the server of an index."""
    prefix = address.partition("prefix=")[2].partition("&")[0]
    return sorted(server.client.scan_iter(f"{prefix}:*"))


@pytest.mark.slow
@given(streams, policies, st.data())
@settings(max_examples=25)
def test_server_gives_the_verdicts_of_memory(shared_server, documents, policy, data):  # noqa: F811
    """However a stream is cut and however many clients share it out, the verdicts are memory's."""
    address = f"{shared_server.url}?prefix=test{next(_names)}"
    expected = one_by_one(documents, policy)
    clients = [DuplicateFilter(address, policy=policy) for _ in range(2)]
    found = []
    rest = documents
    while rest:
        size = data.draw(st.integers(1, 8))
        client = data.draw(st.sampled_from(clients))
        found += client.check_and_add_many(rest[:size])
        rest = rest[size:]
    assert found == expected
    assert clients[0].check_many(documents) == expected
    for client in clients:
        client.close()


@pytest.mark.slow
def test_boilerplate_is_learned_as_in_memory(address):
    """A footer that many pages carry becomes boilerplate at the same page, for all clients."""
    footer = text(99, 30)
    pages = [document(f"p{i}", f"{text(i)} {footer}", source="one") for i in range(40)]
    pages += [document("q", f"{text(77)} {footer}", source="two"), document("r", footer)]
    first, second = DuplicateFilter(address), DuplicateFilter(address)
    found = [(first, second)[i % 2].check_and_add(page) for i, page in enumerate(pages)]
    assert found == one_by_one(pages)
    assert found[3].matches
    assert not found[39].matches
    first.close()
    second.close()


def test_key_of_many_documents_is_found_in_all(address):
    """With a setting of many holders all of them are seen, in order."""
    store = open_redis(address, IndexSettings(holders=400, passages=False))
    with DuplicateFilter(store, policy=Policy(Rule(copies=Copies.ANNOTATE))) as index:
        documents = [document(f"d{i}", "Nothing new under the sun") for i in range(300)]
        assert index.check_and_add_many(documents)[-1].nearest == "d0"
        keys = index._keyer.arrivals(documents[:1]).keys.values
        hits = store.find(keys[1:2], np.array([400]))
        assert hits.numbers.tolist() == list(range(1, 301))


def test_removed_documents_are_forgotten(server, address):
    """What is removed is no source any more, and leaves no key on the server."""
    with DuplicateFilter(address) as index:
        made = prefixed(server, address)
        index.check_and_add_many(
            [document("a", text(1)), document("b", text(1)), document("c", "")]
        )
        assert index.remove(["a", "b", "c", "d"]) == 3
        assert [key for key in prefixed(server, address) if key not in made] == []
        assert index.check(document("e", text(1))).reason == "new"


def test_other_settings_are_refused_with_what_differs(address):
    """An index of other settings is refused with the difference."""
    open_redis(address, IndexSettings(threshold=0.5)).close()
    assert open_redis(address).settings.threshold == 0.5
    with pytest.raises(StoreError, match=r"threshold is 0\.5, not 0\.7"):
        open_redis(address, IndexSettings())


def test_newer_format_is_refused(server, address):
    """An index of a later format is refused."""
    open_redis(address).close()
    server.client.hset(address.partition("prefix=")[2] + ":meta", "format", 99)
    with pytest.raises(StoreError, match="format 99"):
        open_redis(address)


def test_read_only_makes_and_changes_nothing(server, address):
    """Opened read-only an index has to be there, and stays as it is."""
    with pytest.raises(StoreError, match="there is no index"):
        open_redis(address, read_only=True)
    with DuplicateFilter(address) as index:
        index.check_and_add(document("a", text(1)))
    before = prefixed(server, address)
    with DuplicateFilter(address, read_only=True) as index:
        assert index.check(document("b", text(1))).reason == "exact_duplicate"
        with pytest.raises(StoreError, match="read-only"):
            index.check_and_add(document("c", text(3)))
    assert prefixed(server, address) == before


def test_oldest_leave_a_full_index(server, address):
    """Of an index with a limit the oldest leave, and with time their keys."""
    with DuplicateFilter(f"{address}&limit=20") as index:
        index.check_and_add(document("first", text(0)))
        for i in range(1, 120):
            index.check_and_add(document(f"d{i}", text(i, 60)))
        assert index.check(document("x", text(0))).reason == "new"
        assert index.check(document("y", text(110, 60))).nearest == "d110"
        keys = prefixed(server, address)
        assert len([key for key in keys if b":d:" in key]) == 20
        held = sum(server.client.hlen(key) for key in keys if b":b:" in key)
        each = len(index._keyer.arrivals([document("z", text(5, 60))]).keys.values)
        assert held <= 2 * 20 * each


def test_full_index_refuses_where_it_shall(address):
    """An index that refuses when it is full says so, and still answers."""
    with DuplicateFilter(f"{address}&limit=16&full=refuse") as index:
        for i in range(16):
            index.check_and_add(document(f"d{i}", text(i, 60)))
        with pytest.raises(StoreError, match=r"may \(16\).*full=oldest"):
            index.check_and_add(document("more", text(77)))
        assert index.check_and_add(document("d3", text(3, 60))).reason == "new"
        assert index.check(document("copy", text(3, 60))).nearest == "d3"
    with DuplicateFilter(f"{address}&limit=17") as index:  # the limit can be raised
        assert index.check_and_add(document("more", text(77))).keep


def test_documents_expire(address):
    """Documents older than the limit leave when others are added."""
    now = 1_700_000_000
    with DuplicateFilter(f"{address}&expire=30d", clock=lambda: now) as index:
        index.check_and_add(document("old", text(1)))
        assert index.check(document("copy", text(1))).nearest == "old"
    with DuplicateFilter(address) as index:
        index.check_and_add(document("new", text(2)))
        assert index.check(document("copy", text(1))).reason == "new"
        assert index.check(document("copy", text(2))).nearest == "new"


def test_window_hides_what_arrived_before(address):
    """A window of time leaves out what arrived before it, as in memory."""
    store = MemoryStore()
    for index in (
        DuplicateFilter(store, clock=lambda: 0),
        DuplicateFilter(address, clock=lambda: 0),
    ):
        index.check_and_add(document("a", text(1)))
    for where in (store, address):
        late = DuplicateFilter(where, since=50, clock=lambda: 100)
        assert late.check_and_add(document("b", text(1))).reason == "new"
        assert late.check(document("c", text(1))).nearest == "b"
        assert DuplicateFilter(where, since=0).check(document("c", text(1))).nearest == "a"


def test_signature_of_datasketch_finds_the_document(server, address):
    """The bands of a signature that datasketch makes lie on the server as the page describes."""
    body = document("a", text(1))
    with DuplicateFilter(address) as index:
        index.check_and_add(body)
        chosen = index.store.settings
    table = tokenize_texts([body.text], compile_kernels=False)
    minhash = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    shingles = shingle_array(table, 5)[: int(shingle_counts(table, 5)[0])]
    minhash.update_batch((shingles & np.uint64(0xFFFFFFFF)).tolist())
    row = from_datasketch(minhash, 1).reshape(1, -1)
    (keys,) = np.stack(list(band_keys(row, chosen.banding)), axis=1)
    prefix = address.partition("prefix=")[2]
    bits = int(server.client.hget(f"{prefix}:meta", "bits"))
    for key in mixed(keys, Kind.BAND).tolist():
        bucket = (key >> (40 - bits)).to_bytes(3, "big")
        field = (key & ((1 << (40 - bits)) - 1)).to_bytes(-(-(40 - bits) // 8), "big")
        name = f"{prefix}:b:".encode() + bucket
        assert server.client.hget(name, field) == (1).to_bytes(4, "little")


def test_foreign_keys_are_told(server, address):
    """Keys of another program under the prefix are an error that names another prefix."""
    server.client.set(address.partition("prefix=")[2] + ":meta", "mine")
    with pytest.raises(StoreError, match="another prefix"):
        open_redis(address)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("&limit=3", "at least 16"),
        ("&limit=many", "number of documents"),
        ("&expire=soon", "30d"),
        ("&full=burst", "oldest or refuse"),
        ("%20", "no name"),
        ("&colour=red", "no address"),
    ],
)
def test_address_that_cannot_be_is_refused(part, words):
    """What an address states and cannot be used is an error that says what can."""
    with pytest.raises(ConfigError, match=words):
        open_redis(f"redis://127.0.0.1:1/0?prefix=a{part}")


def test_server_at_a_socket_and_with_a_password(tmp_path):
    """A server is reached through a socket, with the password that it asks for and no other."""
    if PROGRAM is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path, "--unixsocket", str(tmp_path / "socket"))
    try:
        with DuplicateFilter(f"unix://{tmp_path}/socket?prefix=a") as index:
            index.check_and_add(document("a", text(1)))
        server.client.config_set("requirepass", "secret")
        for login in ("", ":wrong@"):
            with pytest.raises(StoreError, match="refuses this user"):
                open_redis(server.url.replace("//", f"//{login}") + "?prefix=a")
        with DuplicateFilter(
            server.url.replace("//", "//:secret@") + "?prefix=a&protocol=2"
        ) as index:
            assert index.check(document("b", text(1))).nearest == "a"
    finally:
        server.stop()


def test_password_is_never_shown():
    """An error names the server without its password."""
    with pytest.raises(StoreError) as caught:
        open_redis("redis://me:secret@127.0.0.1:1/0?prefix=a")
    assert "secret" not in str(caught.value)
    assert "redis://127.0.0.1:1/0?prefix=a" in str(caught.value)


def fill(index):
    """Add documents without an end."""
    for i in itertools.count(1):
        index.check_and_add(document(f"d{i}", text(i, 1000)))


def test_server_out_of_memory_is_told(tmp_path):
    """A server without memory refuses, says so, and what it acknowledged is there."""
    if PROGRAM is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path, "--maxmemory", "4mb")
    try:
        with DuplicateFilter(server.url) as index:
            with pytest.raises(StoreError, match=r"out of memory.*limit"):
                fill(index)
            last = len(index.store.fetch(range(1, 3000)))
            copied = document("copy", text(last, 1000))
            assert index.check(copied).nearest == f"d{last}"
        server.client.config_set("maxmemory-policy", "allkeys-lru")
        with pytest.raises(StoreError, match="noeviction"):
            open_redis(server.url)
    finally:
        server.stop()


def test_same_story_at_the_same_moment_is_kept_once(address):
    """Of two clients that judge the same story at once, the second has to look again."""
    first, second = DuplicateFilter(address), DuplicateFilter(address)
    commit = first.store.commit
    between = []

    def late():
        if not between:
            between.append(second.check_and_add(document("b", text(1))))
        commit()

    first.store.commit = late
    verdict = first.check_and_add(document("a", text(1)))
    assert between[0].keep
    assert (verdict.keep, verdict.reason, verdict.nearest) == (False, "exact_duplicate", "b")
    first.close()
    second.close()


def test_unrelated_stories_do_not_wait_for_each_other(address):
    """A document that shares nothing with what came between is judged once."""
    first, second = DuplicateFilter(address), DuplicateFilter(address)
    commit = first.store.commit
    calls = []

    def late():
        second.check_and_add(document(f"b{len(calls)}", text(50 + len(calls))))
        calls.append(1)
        commit()

    first.store.commit = late
    assert first.check_and_add(document("a", text(1))).keep
    assert calls == [1]
    first.close()
    second.close()


def test_removal_between_is_noticed(address):
    """A source that is removed while a copy is judged is no source."""
    first, second = DuplicateFilter(address), DuplicateFilter(address)
    first.check_and_add(document("a", text(1)))
    commit = first.store.commit
    removed = []

    def late():
        if not removed:
            removed.append(second.remove(["a"]))
        commit()

    first.store.commit = late
    assert first.check_and_add(document("b", text(1))).reason == "new"
    first.close()
    second.close()


RACER = """
import sys
from provenance.index.filter import DuplicateFilter
from provenance.model import Document

address, name = sys.argv[1:]
sys.path.insert(0, sys.argv[0])
with DuplicateFilter(address) as index:
    print("ready", flush=True)
    for line in sys.stdin:
        place, _, body = line.rstrip().partition(" ")
        if index.check_and_add(Document(f"{name}{place}", body)).keep:
            print(place, flush=True)
"""


@pytest.mark.slow
def test_racing_processes_keep_each_story_once(address):
    """Two processes with the same stories keep each exactly once between them."""
    stories = [text(i, 80) for i in range(60)]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, address, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for name in "ab"
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    feed = "".join(f"{i} {story}\n" for i, story in enumerate(stories))
    with ThreadPoolExecutor() as pool:
        kept = list(pool.map(lambda racer: racer.communicate(feed)[0].split(), racers))
    assert sorted(map(int, kept[0] + kept[1])) == list(range(60))


@pytest.mark.slow
def test_racing_groups_give_the_verdicts_of_one_order(address):
    """Threads that add groups of related documents leave verdicts that some order gives."""
    own = words(1, 400)
    batches = [
        [document(f"{name}{i}", " ".join(own[20 * i : 20 * i + 200])) for i in range(10)]
        for name in "abc"
    ]
    indexes = [DuplicateFilter(address) for _ in batches]
    barrier = threading.Barrier(len(batches))

    def add(index, batch):
        barrier.wait()
        return index.check_and_add_many(batch)

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(add, indexes, batches))
    store = indexes[0].store
    rows = store.fetch(range(1, 31))
    assert len(rows) == 30
    in_order = one_by_one([stored.document for stored in rows if stored.kept])
    assert [v.reason for v in in_order] == [s.verdict.reason for s in rows if s.kept]
    assert {v.document: v for part in found for v in part} == {
        s.document.id: s.verdict for s in rows
    }
    for index in indexes:
        index.close()
