"""What is acknowledged outlives the server, and a lost reply changes no verdict."""

import itertools
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time

import pytest
from prose import document, text, words
from redis_server import PROGRAM, RedisServer, shared_server  # noqa: F401 - a fixture

from provenance.errors import StoreError
from provenance.index.filter import DuplicateFilter
from provenance.index.memory import MemoryStore
from provenance.index.redis.store import open_redis

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed")
ALWAYS = ("--appendonly", "yes", "--appendfsync", "always")
_names = itertools.count()


def stream(count):
    """Return documents, every third of which is a copy of an earlier one."""
    draw = random.Random(7)
    made = []
    for i in range(count):
        body = draw.choice(made).text.replace(".", "!", 1) if i % 3 == 2 else text(i, 60)
        made.append(document(f"d{i}", body))
    return made


def expected(documents):
    """Return the verdicts that an index in memory gives."""
    index = DuplicateFilter(MemoryStore())
    return [index.check_and_add(document) for document in documents]


@pytest.fixture
def durable(tmp_path):
    """Return a server that syncs before it answers."""
    server = RedisServer(tmp_path, *ALWAYS)
    yield server
    server.kill()


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_or_let_through_twice(durable):
    """A server killed again and again, with appendfsync always: the verdicts are those of none."""
    documents = stream(240)
    finished = threading.Event()

    def strike():
        draw = random.Random(3)
        while not finished.wait(draw.uniform(0.1, 0.5)):
            durable.kill()
            kills.append(1)
            time.sleep(draw.uniform(0, 0.6))
            durable.start()

    kills = []
    striker = threading.Thread(target=strike)
    told = []
    with DuplicateFilter(open_redis(durable.url, on_error="wait", waiting=told.append)) as index:
        striker.start()
        found = []
        try:
            for low in range(0, len(documents), 4):
                found += index.check_and_add_many(documents[low : low + 4])
        finally:
            finished.set()
            striker.join()
        assert found == expected(documents)
        rows = index.store.fetch(range(1, 1000))
    assert [row.document.id for row in rows] == [d.id for d in documents]
    assert all("waiting for redis://127.0.0.1" in words for words in told)
    assert told


class Proxy:
    """Stands between a client and a server, and loses one reply: of that request, by number."""

    def __init__(self, port, lost):
        self.server_port = port
        self.lost = lost
        self.seen = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self.server_port)) as server:
            threading.Thread(target=self._requests, args=(client, server), daemon=True).start()
            while reply := server.recv(1 << 20):
                self.seen += 1
                if self.seen == self.lost:
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(reply)

    @staticmethod
    def _requests(client, server):
        try:
            while data := client.recv(1 << 20):
                server.sendall(data)
        except OSError:
            return


@pytest.mark.slow
def test_lost_reply_changes_nothing(shared_server):  # noqa: F811
    """Whichever reply is lost, each document is stored once and has the verdict it should have."""
    documents = stream(6)
    lost = 0
    while True:
        lost += 1
        proxy = Proxy(shared_server.port, lost)
        prefix = f"lost{next(_names)}"
        with DuplicateFilter(f"redis://127.0.0.1:{proxy.port}/0?prefix={prefix}") as index:
            found = [index.check_and_add(document) for document in documents]
            ids = [row.document.id for row in index.store.fetch(range(1, 50))]
        proxy.listener.close()
        assert (lost, found) == (lost, expected(documents))
        assert (lost, ids) == (lost, [d.id for d in documents])
        if proxy.seen < lost:
            break
    assert lost > 20


def run(*arguments):
    """Start the command in a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "provenance", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        encoding="utf-8",
    )


def line(given):
    """Return a document as a line."""
    return json.dumps({"id": given.id, "text": given.text}) + "\n"


@pytest.mark.slow
def test_pipe_ends_with_the_server_and_can_be_fed_again(durable):
    """A pipe whose server is lost says so and ends with 2; fed again it ends as if nothing was."""
    documents = stream(12)
    pipe = run("filter", "--index", durable.url)
    for given in documents[:2]:
        pipe.stdin.write(line(given))
        pipe.stdin.flush()
        assert json.loads(pipe.stdout.readline())["id"] == given.id
    durable.kill()
    _, said = pipe.communicate("".join(map(line, documents[2:])))
    assert pipe.returncode == 2
    assert "is lost" in said
    assert "Traceback" not in said
    durable.start()
    kept, _ = run("filter", "--index", durable.url).communicate("".join(map(line, documents)))
    wanted = [v.document for v in expected(documents) if v.keep]
    assert [json.loads(row)["id"] for row in kept.splitlines()] == wanted


@pytest.mark.slow
def test_pipe_waits_for_the_server(durable):
    """With --on-error wait the pipe says that it waits, and goes on when the server is back."""
    documents = stream(9)
    pipe = run("filter", "--index", durable.url, "--on-error", "wait")
    pipe.stdin.write(line(documents[0]))
    pipe.stdin.flush()
    pipe.stdout.readline()
    durable.kill()
    pipe.stdin.write("".join(map(line, documents[1:])))
    pipe.stdin.flush()
    assert "waiting for redis://" in pipe.stderr.readline()
    durable.start()
    kept, _ = pipe.communicate()
    wanted = [v.document for v in expected(documents) if v.keep]
    assert [json.loads(row)["id"] for row in kept.splitlines()] == wanted[1:]
    assert pipe.returncode == 0


@pytest.mark.slow
def test_commands_take_an_address(durable, tmp_path):
    """What adds, removes, audits and traces takes the address of an index, too."""
    (tmp_path / "a.txt").write_text(text(1), "utf-8")
    (tmp_path / "b.txt").write_text(f"{text(2)} {text(1)}", "utf-8")
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]

    def done(*arguments):
        pipe = run(*arguments)
        printed, said = pipe.communicate()
        assert (pipe.returncode, "Traceback" in said) == (0, False), said
        return printed

    done("index", "add", durable.url, paths[0])
    assert "a.txt" in done("trace", paths[1], "--index", durable.url)
    assert "a.txt" in done("scan", paths[1], "--index", durable.url)
    done("index", "remove", durable.url, "--before", "2999-01-01")
    with DuplicateFilter(durable.url) as index:
        assert index.store.numbers_before(100) == []


def test_server_that_lost_documents_gives_no_number_twice(tmp_path):
    """Of a server that comes back without its latest documents the client takes no old numbers."""
    server = RedisServer(tmp_path)
    try:
        with DuplicateFilter(open_redis(server.url, on_error="wait")) as index:
            index.check_and_add_many([document("a", text(1)), document("b", text(2))])
            client = server.client
            client.delete("provenance:d:2")
            client.hset("provenance:meta", mapping={"last": 1, "count": 1})
            assert index.check_and_add(document("c", text(3))).keep
            assert index.store.fetch([2]) == []
            (stored,) = index.store.fetch([3])
        assert stored.document.id == "c"
    finally:
        server.stop()


def test_index_that_vanished_is_told(tmp_path):
    """An index whose keys are gone is an error, not an empty index."""
    server = RedisServer(tmp_path)
    try:
        with DuplicateFilter(server.url) as index:
            index.check_and_add(document("a", " ".join(words(1, 50))))
            server.client.flushdb()
            with pytest.raises(StoreError, match="there is no index"):
                index.check_and_add(document("b", " ".join(words(1, 50))))
    finally:
        server.stop()
