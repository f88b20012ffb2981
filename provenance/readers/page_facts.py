"""What a page says of itself: structured data and tags, each with where it was read.

Only statements count, never guesses from the text: a wrong date turns a derivation around.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from provenance import timestamps
from provenance.model import Timestamp

_LONGEST_SCRIPT: Final = 1 << 20
_MOST_NODES: Final = 2000
# Tags of a date of publication, most specific first.
_DATE_TAGS: Final = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("datepublished", "article:published", "parsely-pub-date", "sailthru.date"),
    *("cxenseparse:recs:publishtime", "originalpublicationdate", "article_date_original"),
    *("article.published", "publication_date", "publication-date", "publicationdate"),
    *("publish_date", "publish-date", "publishdate", "pubdate", "pub_date", "ptime"),
    *("dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created", "dcterms.date"),
    *("dc.date", "citation_publication_date", "citation_date", "date"),
)
# Tags that may name the source of the text; cues are read from their names.
_SOURCE_TAGS: Final = (
    *("syndication-source", "original-source", "dc.source", "dcterms.source", "og:url"),
)
_AUTHOR_TAGS: Final = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
)
_ARTICLES: Final = ("Article", "Posting", "Report", "Release")
_STATEMENTS: Final = (
    *("isBasedOn", "isBasedOnUrl", "creditText", "provider", "sourceOrganization"),
)
_IN_ADDRESS: Final = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>0?[1-9]|[12]\d|3[01])(?=[/-])"
)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page states; `published_from` names the tag or property that the date is from."""

    url: str | None
    canonical_url: str | None
    title: str | None
    site: str | None
    authors: tuple[str, ...]
    published: Timestamp | None
    published_from: str | None
    language: str | None
    metadata: Mapping[str, object]


def page_facts(root: Any, url: str | None) -> PageFacts:  # noqa: ANN401 - lxml has no types
    """Read what a page states; `url` is where it was fetched, None for a saved page."""
    tags = _tags(root)
    article = next(_articles(root), {})
    links = _links(root)
    canonical = _absolute(url, links.get("canonical"))
    own = url or _absolute(None, tags.get("og:url")) or canonical
    published, published_from = _published(root, article, tags, own)
    statements = {name: said for name in _STATEMENTS if (said := _said(article.get(name)))}
    sources = {name: tags[name] for name in _SOURCE_TAGS if tags.get(name)}
    sources |= {name: links[name] for name in _SOURCE_TAGS if links.get(name)}
    metadata: dict[str, object] = {}
    if statements:
        metadata["jsonld"] = statements
    if sources:
        metadata["meta"] = sources
    return PageFacts(
        own,
        canonical,
        _text(article.get("headline")) or tags.get("og:title") or _title(root),
        tags.get("og:site_name") or _name(article.get("publisher")) or None,
        _authors(article, tags),
        published,
        published_from,
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _text(article.get("inLanguage"))
        or tags.get("content-language"),
        metadata,
    )


def _tags(root: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the first content of each meta tag, by its name in lower case."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = (element.get("content") or "").strip()[:2000]
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _links(root: Any) -> dict[str, str]:  # noqa: ANN401
    found: dict[str, str] = {}
    for element in root.iter("link"):
        address = (element.get("href") or "").strip()[:2000]
        for relation in (element.get("rel") or "").lower().split():
            if address:
                found.setdefault(relation, address)
    return found


def _articles(root: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Yield the nodes of JSON-LD that are articles, in their order."""
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" not in kind or not script.text or len(script.text) > _LONGEST_SCRIPT:
            continue
        try:
            todo = [json.loads(script.text.strip().rstrip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MOST_NODES):
            if not todo:
                break
            node = todo.pop(0)
            if isinstance(node, list):
                todo = [*node[:_MOST_NODES], *todo]
            elif isinstance(node, dict):
                kinds = node.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(k, str) and k.endswith(_ARTICLES) for k in kinds):
                    yield node
                todo += [node[key] for key in ("@graph", "mainEntity") if key in node]


def _published(
    root: Any,  # noqa: ANN401
    article: Mapping[str, Any],
    tags: Mapping[str, str],
    url: str | None,
) -> tuple[Timestamp | None, str | None]:
    """Return the date of publication and where it was read, the first that can be read."""
    candidates = [(article.get("datePublished"), "json-ld datePublished")]
    candidates += [(tags.get(name), f"meta {name}") for name in _DATE_TAGS[:4]]
    candidates += _times(root, marked=True)
    candidates += [(tags.get(name), f"meta {name}") for name in _DATE_TAGS[4:]]
    candidates += _times(root, marked=False)
    if url and (match := _IN_ADDRESS.search(url.partition("?")[0])):
        day = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
        candidates.append((day, "the address"))
    for value, place in candidates:
        if isinstance(value, str) and (date := timestamps.parse(value)):
            return date, place
    return None, None


def _times(root: Any, *, marked: bool) -> list[tuple[Any, str]]:  # noqa: ANN401
    """Return the dates of elements that are marked as publication; else the only one of all."""
    found: list[tuple[Any, str]] = []
    for element in root.iter("time", "span", "abbr", "p", "div"):
        value = element.get("datetime") or element.get("title") or element.text
        prop = (element.get("itemprop") or element.get("property") or "").lower()
        published = prop.rpartition(":")[2] == "datepublished"
        if element.tag == "time":
            published = published or element.get("pubdate") is not None
            classes = (element.get("class") or "").lower()
            published = published or "publish" in classes or "entry-date" in classes
        if marked and published:
            found.append((value, f"{element.tag} {prop or 'of publication'}"))
        elif not marked and element.tag == "time" and element.get("datetime"):
            found.append((element.get("datetime"), "time datetime"))
    return found if marked or len({value for value, _ in found}) == 1 else []


def _authors(article: Mapping[str, Any], tags: Mapping[str, str]) -> tuple[str, ...]:
    value = article.get("author")
    values = value if isinstance(value, list) else [value]
    names = [_name(item) for item in values[:50]]
    if not any(names):
        tag = next((tags[name] for name in _AUTHOR_TAGS if name in tags), "")
        names = [] if "://" in tag else [part.strip() for part in tag.split(";")]
    return tuple(dict.fromkeys(name for name in names if name))


def _said(value: object, depth: int = 0) -> object:
    """Return what a statement names: words, the name and address of a thing, or a list of them."""
    if isinstance(value, str):
        return value[:2000]
    if isinstance(value, list) and depth < 2:
        return [said for item in value[:10] if (said := _said(item, depth + 1))]
    if isinstance(value, dict):
        names = ("url", "@id", "name", "sameAs")
        return {name: said[:2000] for name in names if isinstance(said := value.get(name), str)}
    return None


def _name(value: object) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name")
    return _text(value) or ""


def _text(value: object) -> str | None:
    return " ".join(value.split())[:1000] or None if isinstance(value, str) else None


def _title(root: Any) -> str | None:  # noqa: ANN401
    element = next(root.iter("title"), None)
    return None if element is None else _text("".join(element.itertext()))


def _absolute(base: str | None, address: str | None) -> str | None:
    """Return an address of the web with its host; None where it has none."""
    try:
        joined = urljoin(base or "", (address or "").strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in {"http", "https"} and parts.hostname else None
