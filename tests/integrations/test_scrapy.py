import asyncio
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import scrapy
from prose import text, words
from redis_server import shared_server  # noqa: F401 - a fixture
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

import provenance.integrations.scrapy as integration
from provenance.errors import ConfigError, StoreError
from provenance.integrations.scrapy import (
    DuplicatePipeline,
    NearDuplicate,
    ProvenanceAddon,
    Unchanged,
)

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "scrapy"
BODY = text(1)
NEAR = BODY.replace(words(1, 200)[100], "elsewhere")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    """Serve the example's web site and return its address."""
    handler = functools.partial(Quiet, directory=EXAMPLE / "site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture
def project(tmp_path):
    """Return a copy of the example project, so that the clone stays clean."""
    return shutil.copytree(EXAMPLE, tmp_path / "project")


def run(folder, *arguments):
    """Run scrapy in a folder; return its log."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCRAPY")}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def crawl(folder, site, **settings):
    """Crawl the example's site; return the items by page, and the log."""
    options = [f"{name}={value}" for name, value in settings.items()]
    options = [part for option in options for part in ("-s", option)]
    log = run(folder, "crawl", "stories", "-a", f"front={site}", "-O", "feed.jsonl", *options)
    feed = (folder / "feed.jsonl").read_text("utf-8") if (folder / "feed.jsonl").exists() else ""
    items = [json.loads(line) for line in feed.splitlines()]
    return {item["url"].rpartition("/")[2]: item for item in items}, log


def stats(log):
    """Return the counts that a crawl printed at its end."""
    return {name: int(value) for name, value in re.findall(r"'([\w/]+)': (\d+)[,}]", log)}


@pytest.mark.slow
def test_crawl_keeps_each_story_once(project, site):
    """The crawl of the example keeps the two stories and the page that quotes; stats say why."""
    kept, log = crawl(project, site)
    assert list(kept) == ["ferry.html", "bees.html", "crabs.html"]
    found = stats(log)
    assert found["item_dropped_reasons_count/NearDuplicate"] == 3
    assert {n: v for n, v in found.items() if n.startswith("provenance/") and n[-3:] != "max"} == {
        "provenance/checked": 6,
        "provenance/kept": 3,
        "provenance/dropped": 3,
        "provenance/reason/new": 2,
        "provenance/reason/near_duplicate": 1,
        "provenance/reason/contained": 1,
        "provenance/reason/composite": 1,
        "provenance/reason/passages": 1,
    }
    assert re.search(r"Dropped: contained: 100% of \S+ferry-short.html stands in .*ferry.html", log)
    assert "ERROR" not in log


@pytest.mark.slow
def test_second_crawl_gives_the_same_or_what_changed(project, site):
    """A second crawl with the index gives the same items, or with UNCHANGED=drop none."""
    first, _ = crawl(project, site)
    assert crawl(project, site)[0] == first
    again, log = crawl(project, site, PROVENANCE_UNCHANGED="drop")
    assert again == {}
    assert stats(log)["provenance/unchanged"] == 6


@pytest.mark.slow
def test_job_keeps_its_index_and_tags(project, site):
    """Without a named index it lies in JOBDIR; tagged items all pass, each with its verdict."""
    tagged, _ = crawl(project, site, PROVENANCE_INDEX="", JOBDIR="job", PROVENANCE_MODE="tag")
    assert (project / "job" / "provenance.index" / "index.sqlite").exists()
    reasons = {page: item["provenance"]["reason"] for page, item in tagged.items()}
    assert reasons == {
        "ferry.html": "new",
        "bees.html": "new",
        "ferry-reprint.html": "near_duplicate",
        "ferry-short.html": "contained",
        "roundup.html": "composite",
        "crabs.html": "passages",
    }
    (match,) = tagged["crabs.html"]["provenance"]["matches"]
    crabs = tagged["crabs.html"]
    assert match["a"] == crabs["url"]
    shared = crabs["text"][match["a_start"] : match["a_end"]]
    assert shared.startswith("Until the rudders are replaced")
    assert shared in tagged["ferry.html"]["text"]


@pytest.mark.slow
def test_crawls_share_an_index_on_a_server(project, site, shared_server):  # noqa: F811
    """Two crawls with one Redis index: the second drops what the first has kept elsewhere."""
    index = f"{shared_server.url}?prefix=crawl"
    kept, log = crawl(project, site, PROVENANCE_INDEX=index)
    assert list(kept) == ["ferry.html", "bees.html", "crabs.html"]
    assert "ERROR" not in log
    elsewhere = site.replace("127.0.0.1", "localhost")
    again, log = crawl(project, elsewhere, PROVENANCE_INDEX=index)
    assert again == {}
    assert stats(log)["provenance/dropped"] == 6


@pytest.mark.slow
def test_crawl_without_index_says_that_nothing_is_filtered(project, site):
    """With neither an index nor JOBDIR the crawl goes on and the log says what is missing."""
    kept, log = crawl(project, site, PROVENANCE_INDEX="")
    assert len(kept) == 6
    assert "PROVENANCE_INDEX names no index" in log


@pytest.mark.slow
def test_crawl_does_not_begin_with_an_index_that_is_none(project, site):
    """A folder of other files is no index: the crawl stops before its first page and says so."""
    (project / "mine").mkdir()
    (project / "mine" / "notes.txt").write_text("notes")
    kept, log = crawl(project, site, PROVENANCE_INDEX="mine")
    assert kept == {}
    assert "holds other files (notes.txt) and no index" in log
    assert "GET" not in log


BREAKING = """
import scrapy
from provenance.errors import StoreError
from provenance.integrations.scrapy import DuplicatePipeline

class Breaking(DuplicatePipeline):
    def _judge(self, document):
        if document.id != "1":
            raise StoreError("the disk is full")
        return super()._judge(document)

class Spider(scrapy.Spider):
    name = "breaking"
    custom_settings = {
        "ITEM_PIPELINES": {Breaking: 1}, "PROVENANCE_INDEX": "index", "CONCURRENT_REQUESTS": 1
    }

    async def start(self):
        for number in range(1, 5):
            yield scrapy.Request(f"data:,Item%20{number}", priority=-number)

    def parse(self, response):
        yield {"id": response.text[-1], "text": response.text}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("on_error", "reason"), [("close", "provenance_index_failed"), ("pass", "finished")]
)
def test_items_outlive_the_index(tmp_path, on_error, reason):
    """Where the index fails, items pass unchecked; the spider closes unless told otherwise."""
    (tmp_path / "breaking.py").write_text(BREAKING)
    setting = f"PROVENANCE_ON_ERROR={on_error}"
    log = run(
        tmp_path,
        "runspider",
        "breaking.py",
        "-O",
        "feed.jsonl",
        "-s",
        setting,
        "-s",
        "PROVENANCE_INDEX=index",
    )
    found = stats(log)
    items = (tmp_path / "feed.jsonl").read_text().splitlines()
    assert f"'finish_reason': '{reason}'" in log
    assert "the disk is full" in log
    assert found["provenance/unchecked"] == len(items) - 1 > 0


class Story(scrapy.Item):
    """An item without a field for the verdict."""

    url = scrapy.Field()
    text = scrapy.Field()


def opened(tmp_path, **settings):
    """Return an open pipeline."""
    settings = {"PROVENANCE_INDEX": str(tmp_path / "index")} | settings
    pipeline = DuplicatePipeline.from_crawler(get_crawler(settings_dict=settings))
    pipeline.open_spider()
    return pipeline


def ask(pipeline, item):
    """Return what the pipeline makes of an item."""
    return asyncio.run(pipeline.process_item(item))


def test_known_text_is_dropped_with_its_verdict(tmp_path):
    """A near-duplicate raises `NearDuplicate` with the verdict; the first item passes as it is."""
    pipeline = opened(tmp_path)
    first = {"id": "a", "text": BODY}
    assert ask(pipeline, first) is first
    with pytest.raises(NearDuplicate, match="nearest a") as caught:
        ask(pipeline, {"id": "b", "text": NEAR})
    assert (caught.value.verdict.nearest, caught.value.log_level) == ("a", "INFO")
    pipeline.close_spider()


def test_item_without_text_passes(tmp_path):
    """An item that has no text is none of the filter's business."""
    pipeline = opened(tmp_path)
    picture = {"url": "https://example.org/a.png"}
    assert ask(pipeline, picture) is picture
    pipeline.close_spider()
    assert pipeline._crawler.stats.get_value("provenance/no_text") == 1


def test_item_that_cannot_be_tagged_is_not_added(tmp_path):
    """An item without the field for the verdict is an error, and the index knows nothing of it."""
    pipeline = opened(tmp_path, PROVENANCE_MODE="tag")
    with pytest.raises(ConfigError, match=r"Story has no field 'provenance'.*PROVENANCE_TAG_FIELD"):
        ask(pipeline, Story(url="https://example.org/a", text=BODY))
    other = {"url": "https://example.org/b", "text": BODY}
    assert ask(pipeline, other)["provenance"]["reason"] == "new"
    pipeline.close_spider()


def test_longer_copy_passes_where_it_is_wanted(tmp_path):
    """In mode `longer` a longer copy passes."""
    pipeline = opened(tmp_path, PROVENANCE_MODE="longer")
    ask(pipeline, {"id": "a", "text": BODY})
    ask(pipeline, {"id": "b", "text": f"{BODY} And more of it."})
    with pytest.raises(NearDuplicate):
        ask(pipeline, {"id": "c", "text": BODY})
    pipeline.close_spider()


def test_source_has_its_own_rule(tmp_path):
    """PROVENANCE_RULES gives the items of a source limits of their own."""
    pipeline = opened(tmp_path, PROVENANCE_RULES={"wire": {"copies": "annotate"}})
    ask(pipeline, {"id": "a", "text": BODY})
    ask(pipeline, {"id": "b", "text": BODY, "source": "wire"})
    with pytest.raises(NearDuplicate):
        ask(pipeline, {"id": "c", "text": BODY, "source": "paper"})
    pipeline.close_spider()


def test_unchanged_page_is_dropped_and_a_changed_one_is_not(tmp_path):
    """With UNCHANGED=drop a page passes when it is new and when its text has changed."""
    page = {"url": "https://example.org/a", "text": BODY}
    for settings in ({}, {"PROVENANCE_UNCHANGED": "drop"}):
        pipeline = opened(tmp_path, **settings)
        if settings:
            with pytest.raises(Unchanged):
                ask(pipeline, page)
            ask(pipeline, page | {"text": f"{BODY} Updated at noon with a word of the mayor."})
        else:
            ask(pipeline, page)
        pipeline.close_spider()


def test_closed_pipeline_has_flushed(tmp_path):
    """What passed before the close is known to the next crawl."""
    pipeline = opened(tmp_path)
    ask(pipeline, {"id": "a", "text": BODY})
    pipeline.close_spider()
    pipeline = opened(tmp_path)
    with pytest.raises(NearDuplicate):
        ask(pipeline, {"id": "b", "text": BODY})
    pipeline.close_spider()


def test_index_that_another_crawl_writes_is_refused(tmp_path):
    """The second of two crawls on one folder is told who writes it."""
    first = opened(tmp_path)
    with pytest.raises(StoreError, match=rf"process {os.getpid()} on"):
        opened(tmp_path)
    first.close_spider()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("PROVENANCE_MODE", "loose", "drop, longer, tag"),
        ("PROVENANCE_ON_ERROR", "cry", "close, pass, wait"),
        ("PROVENANCE_THRESHOLD", "high", "no number"),
        ("PROVENANCE_THRESHOLD", "7", "between 0 and 1"),
        ("PROVENANCE_REVISIONS", "lose", "keep, as_copies"),
        ("PROVENANCE_FIELDS", {"txt": "content"}, "'txt'"),
        ("PROVENANCE_RULES", {"wire": {"colour": 1}}, "'wire'"),
    ],
)
def test_setting_that_cannot_be_used_is_refused(tmp_path, setting, value, words):
    """A setting that cannot be used is an error that says what can."""
    with pytest.raises(ConfigError, match=words):
        opened(tmp_path, **{setting: value})


def test_pipeline_can_be_switched_off(tmp_path):
    """PROVENANCE_ENABLED switches the pipeline off."""
    with pytest.raises(NotConfigured):
        opened(tmp_path, PROVENANCE_ENABLED="0")


def test_addon_leaves_a_pipeline_where_the_project_has_it():
    """The add-on puts the pipeline first, unless the project says where it goes."""
    settings = Settings({"ITEM_PIPELINES": {}})
    ProvenanceAddon().update_settings(settings)
    assert settings.getdict("ITEM_PIPELINES") == {DuplicatePipeline: 200}
    path = "provenance.integrations.scrapy.DuplicatePipeline"
    settings = Settings({"ITEM_PIPELINES": {path: 900}})
    ProvenanceAddon().update_settings(settings)
    assert settings.getdict("ITEM_PIPELINES") == {path: 900}


def test_every_setting_is_described():
    """The settings that docs/crawlers.md describes are those that the pipeline reads."""
    source = Path(integration.__file__).read_text("utf-8")
    read = set(re.findall(r'"(PROVENANCE_[A-Z_]+)"', source))
    read |= {f"PROVENANCE_{name.upper()}" for name in integration._LIMITS}
    page = (ROOT / "docs" / "crawlers.md").read_text("utf-8")
    table = re.findall(r"^\| (`PROVENANCE_.*?) \|", page, re.MULTILINE)
    assert set(re.findall(r"PROVENANCE_[A-Z_]+", " ".join(table))) == read


def test_missing_scrapy_names_the_command():
    """Without Scrapy the import says which extra brings it."""
    script = (
        "import sys; sys.modules['scrapy.exceptions'] = None\nimport provenance.integrations.scrapy"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False
    )
    assert "pip install 'article-provenance[scrapy]'" in done.stderr
