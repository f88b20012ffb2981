"""Scrapy: an item pipeline that drops or tags items whose text is known, and its add-on.

    ADDONS = {"provenance.integrations.scrapy.ProvenanceAddon": 500}
    PROVENANCE_INDEX = "news.index"

The add-on puts `DuplicatePipeline` before the pipelines of a project; in `ITEM_PIPELINES` the
pipeline can stand anywhere by itself. docs/crawlers.md describes every setting and statistic.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from provenance.errors import ConfigError, InputError, MissingExtra, StoreError
from provenance.index.filter import DuplicateFilter
from provenance.index.opening import open_store
from provenance.index.policy import Copies, Policy, Revisions, Rule
from provenance.index.redis.address import is_address
from provenance.index.settings import IndexSettings
from provenance.index.verdict import Verdict
from provenance.integrations.items import ItemReader
from provenance.model import Document

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem, NotConfigured
    from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
    from scrapy.utils.job import job_dir
    from twisted.python.threadpool import ThreadPool
except ImportError as error:
    raise MissingExtra("the pipeline for Scrapy", "scrapy") from error

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

PRIORITY: Final = 200  # before the 300 of a project's first pipeline
INDEX: Final = "provenance.index"  # the folder in JOBDIR
FAILED: Final = "provenance_index_failed"  # why the spider is closed
_MODES: Final = {"drop": Copies.DROP, "longer": Copies.LONGER, "tag": Copies.ANNOTATE}
_ON_ERROR: Final = ("close", "pass", "wait")
_LIMITS: Final = ("threshold", "containment", "passage_share", "min_tokens", "min_run")


class NearDuplicate(DropItem):
    """An item is dropped because earlier ones have its text; `verdict` says which and where."""

    def __init__(self, verdict: Verdict) -> None:
        words = verdict.reason.value.replace("_", " ")
        super().__init__(
            f"{words}: {verdict.share:.0%} of {verdict.document} stands in earlier items, "
            f"nearest {verdict.nearest}",
            log_level="INFO",
        )
        self.verdict = verdict


class Unchanged(DropItem):
    """An item is dropped because it was there before, under the same id and with this text."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"unchanged: {verdict.document}", log_level="INFO")
        self.verdict = verdict


class ProvenanceAddon:
    """Puts `DuplicatePipeline` before the item pipelines of a project."""

    def update_settings(self, settings: "BaseSettings") -> None:
        """Add the pipeline, unless the project has it somewhere already."""
        settings.setdefault_in_component_priority_dict(
            "ITEM_PIPELINES", DuplicatePipeline, PRIORITY
        )


class DuplicatePipeline:
    """Asks an index of each item with a text, and drops or tags those that it knows.

    Items without a text pass. So do, unchecked and counted, items that the index could not be
    asked about: the spider is then closed, unless `PROVENANCE_ON_ERROR` is `pass`.
    """

    def __init__(self, crawler: "Crawler", index: str) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._index = index
        self._mode = _one_of(settings, "PROVENANCE_MODE", "drop", *_MODES)
        self._on_error = _one_of(settings, "PROVENANCE_ON_ERROR", "close", *_ON_ERROR)
        self._unchanged = _one_of(settings, "PROVENANCE_UNCHANGED", "keep", "keep", "drop")
        self._durable = _one_of(settings, "PROVENANCE_DURABILITY", "process", "process", "each")
        self._tag = str(settings.get("PROVENANCE_TAG_FIELD", "provenance"))
        self._reader = ItemReader(settings.getdict("PROVENANCE_FIELDS"))
        self._policy = _policy(settings, _MODES[self._mode])
        self._filter: DuplicateFilter | None = None
        self._pool: ThreadPool | None = None
        self._started = int(time.time())
        self._count = 0
        self._slowest = 0.0  # seconds of a check

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Return the pipeline of a crawler; raise `NotConfigured` where it is off or has no index.

        Raises `ConfigError` where a setting cannot be used.
        """
        settings = crawler.settings
        if not settings.getbool("PROVENANCE_ENABLED", default=True):
            raise NotConfigured
        index = settings.get("PROVENANCE_INDEX")
        if not index and (folder := job_dir(settings)):
            index = str(Path(folder) / INDEX)
        if not index:
            raise NotConfigured(
                "PROVENANCE_INDEX names no index, and there is no JOBDIR to keep one in"
            )
        return cls(crawler, str(index))

    def open_spider(self) -> None:
        """Open the index; raise `StoreError` where it cannot be used."""
        self._filter = self._opened()
        self._filter.check(Document("", "Words"))  # what is loaded once is loaded now
        if is_address(self._index):
            self._pool = ThreadPool(1, 1, "provenance")
            self._pool.start()

    def close_spider(self) -> None:
        """Release the index, with everything in it that was acknowledged."""
        if self._pool is not None:
            self._pool.stop()
            self._pool = None
        if self._filter is not None:
            self._filter.close()
            self._filter = None
            if self._crawler.stats is not None:
                self._crawler.stats.set_value("provenance/seconds_max", round(self._slowest, 6))

    async def process_item(self, item: Any) -> Any:  # noqa: ANN401 - an item is of any type
        """Return the item, tagged in mode `tag`, or raise `NearDuplicate`."""
        self._count += 1
        name = self._crawler.spider.name if self._crawler.spider else "item"
        try:
            document = self._reader.document(item, f"{name}/{self._started}#{self._count}")
        except InputError:
            self._add("no_text")
            return item
        adapter = ItemAdapter(item)
        if self._mode == "tag":
            _check_field(adapter, self._tag)
        try:
            verdict, known = await self._ask(document)
        except StoreError as error:
            self._fail(error)
            return item
        self._add("checked")
        self._add(f"reason/{verdict.reason.value}")
        if known and self._unchanged == "drop":
            self._add("unchanged")
            raise Unchanged(verdict)
        if self._mode == "tag":
            adapter[self._tag] = {"document": verdict.document, **verdict.to_row()}
        elif not verdict.keep:
            self._add("dropped")
            raise NearDuplicate(verdict)
        self._add("kept")
        return item

    def _opened(self) -> DuplicateFilter:
        settings = self._crawler.settings
        wanted = IndexSettings(
            passages=settings.getbool("PROVENANCE_PASSAGES", default=True),
            threshold=min(self._policy.rule.threshold, IndexSettings.threshold),
        )
        store = open_store(
            self._index,
            new=wanted,
            wait=settings.getfloat("PROVENANCE_WAIT", 0.0),
            durable=self._durable == "each",
            on_error="wait" if self._on_error == "wait" else "fail",
            waiting=self._say,
        )
        return DuplicateFilter(store, policy=self._policy)

    async def _ask(self, document: Document) -> tuple[Verdict, bool]:
        """Return the verdict, and whether it had been given before."""
        if self._pool is None:
            return self._judge(document)
        from twisted.internet import reactor
        from twisted.internet.threads import deferToThreadPool

        deferred = deferToThreadPool(reactor, self._pool, self._judge, document)
        return await maybe_deferred_to_future(deferred)

    def _judge(self, document: Document) -> tuple[Verdict, bool]:
        if self._filter is None:
            raise StoreError("the index is closed")
        start = time.perf_counter()
        known = self._unchanged == "drop" and self._filter.is_known(document)
        verdict = self._filter.check_and_add(document)
        self._slowest = max(self._slowest, time.perf_counter() - start)
        return verdict, known

    def _fail(self, error: StoreError) -> None:
        self._add("unchecked")
        spider = self._crawler.spider
        if self._on_error == "pass":
            self._say(f"An item was not checked: {error}")
            return
        self._on_error = "pass"  # once is enough; what is under way still passes
        if spider is not None:
            spider.logger.error("The spider is closed, as its items cannot be checked: %s", error)
        # not awaited: the spider closes only when this item is through
        deferred_from_coro(self._crawler.engine.close_spider_async(reason=FAILED))

    def _say(self, message: str) -> None:
        if self._crawler.spider is not None:
            self._crawler.spider.logger.warning(message)

    def _add(self, name: str) -> None:
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"provenance/{name}")


def _one_of(settings: "BaseSettings", name: str, default: str, *known: str) -> str:
    value = str(settings.get(name, default))
    if value not in known:
        raise ConfigError(f"{name} is {value!r}; it can be {', '.join(known)}")
    return value


def _policy(settings: "BaseSettings", copies: Copies) -> Policy:
    revisions = _one_of(settings, "PROVENANCE_REVISIONS", "keep", *Revisions)
    rule = Rule(copies=copies, revisions=Revisions(revisions))
    for name in _LIMITS:
        given = settings.get(f"PROVENANCE_{name.upper()}")
        if given is not None:
            kind = type(getattr(rule, name))
            try:
                rule = replace(rule, **{name: kind(given)})
            except ValueError:
                raise ConfigError(f"PROVENANCE_{name.upper()} is {given!r}, no number") from None
    return Policy.from_json(settings.getdict("PROVENANCE_RULES"), rule)


def _check_field(adapter: ItemAdapter, name: str) -> None:
    """Raise `ConfigError` where an item cannot take a verdict, before it is asked for."""
    if isinstance(adapter.item, dict) or name in adapter.field_names():
        return
    raise ConfigError(
        f"{type(adapter.item).__name__} has no field {name!r} for the verdict: give it one, or "
        "name another with PROVENANCE_TAG_FIELD"
    )
