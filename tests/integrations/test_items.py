from dataclasses import dataclass

import attrs
import pytest
import scrapy
from prose import text
from scrapy.loader import ItemLoader

from provenance.errors import ConfigError, InputError
from provenance.integrations.items import ItemReader
from provenance.model import Document
from provenance.timestamps import parse

BODY = text(1, 40)
KNOWN = {"url": "https://example.org/a", "text": BODY, "title": "A", "date": "2026-03-01"}


class StoryItem(scrapy.Item):
    """Scrapy's own kind of item."""

    url = scrapy.Field()
    text = scrapy.Field()
    title = scrapy.Field()
    date = scrapy.Field()


@dataclass
class StoryData:
    """A dataclass with a field that stays empty."""

    url: str
    text: str
    title: str
    date: str
    language: str | None = None


@attrs.define
class StoryAttrs:
    """A class of attrs."""

    url: str
    text: str
    title: str
    date: str


@pytest.mark.parametrize("kind", [dict, StoryItem, StoryData, StoryAttrs])
def test_every_kind_of_item_is_the_same_document(kind):
    """A dict, an Item, a dataclass and an attrs object with the same fields are one document."""
    assert ItemReader().document(kind(**KNOWN), "spider#1") == Document(
        "https://example.org/a",
        BODY,
        source="example.org",
        url="https://example.org/a",
        title="A",
        published=parse("2026-03-01"),
        published_from="date",
        path="spider#1",
        offsets_of="field",
    )


def test_lists_of_an_item_loader_are_read():
    """Of the lists that an item loader makes, the text is all and a field the first."""
    loader = ItemLoader(StoryItem())
    loader.add_value("text", ["One line.", "Another."])
    loader.add_value("title", ["Front", "Back"])
    loader.add_value("url", "https://example.org/b")
    found = ItemReader().document(loader.load_item(), "spider#1")
    assert (found.text, found.title, found.id) == (
        "One line.\nAnother.",
        "Front",
        "https://example.org/b",
    )


def test_authors_of_a_list_all_count():
    """A list of authors keeps them all."""
    found = ItemReader().document({"text": "Words", "authors": ["Tove Landry", "Bram Ostley"]}, "a")
    assert found.authors == ("Tove Landry", "Bram Ostley")


def test_named_field_is_taken_and_no_other():
    """The field that the mapping names is the text, whatever else is called text or body."""
    reader = ItemReader({"text": "content", "id": "link", "url": "link"})
    item = {"content": "Words", "body": "<p>", "maintext": "Teaser", "link": "https://a.example/1"}
    found = reader.document(item, "a")
    assert (found.text, found.id, found.url) == ("Words", "https://a.example/1", found.id)
    with pytest.raises(InputError):
        reader.document({"body": "Words"}, "a")


def test_item_without_address_is_called_by_its_place():
    """An item without id and URL is called by its path, which is no address."""
    found = ItemReader().document({"text": "Words"}, "spider/7#1")
    assert found.id == found.path == "spider/7#1"


def test_item_is_left_as_it_was():
    """Reading changes nothing in the item."""
    item = {"content": ["Words"], "id": 7}
    ItemReader({"text": "content"}).document(item, "a")
    assert item == {"content": ["Words"], "id": 7}


def test_unknown_field_of_the_mapping_is_refused():
    """A mapping for a field that documents do not have is an error that lists those they have."""
    with pytest.raises(ConfigError, match=r"'txt'.*text"):
        ItemReader({"txt": "content"})
