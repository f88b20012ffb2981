"""HTML as a tree, and the text of a piece of it, block by block."""

import re
from typing import Any, Final

from provenance.errors import InputError, MissingExtra

_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd"),
        *("details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "summary", "table", "td", "th", "tr", "ul"),
    }
)
_UNSEEN: Final = frozenset(
    {"head", "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"}
)
# Characters that XML, and so lxml, cannot hold.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The time to parse an element grows with the square of its attributes.
_MOST_ATTRIBUTES: Final = 2000
_LONG_TAG: Final = 2 * _MOST_ATTRIBUTES
_TAG: Final = re.compile(r"""<[a-zA-Z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')|=)*""")
_VALUE: Final = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_ATTRIBUTE: Final = re.compile(r"[\s/]+")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


def parse_html(text: str, feature: str = "HTML") -> Any:  # noqa: ANN401 - lxml has no types
    """Return the root of a page; raise `InputError` where there is no element in it."""
    try:
        from lxml import etree
        from lxml.html import HTMLParser, document_fromstring
    except ImportError:
        raise MissingExtra(feature, "html") from None
    _refuse_many_attributes(text)
    data = _NO_XML.sub("\ufffd", text).encode()
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"no page: {str(error)[:200] or 'it is empty'}") from None


def _refuse_many_attributes(text: str) -> None:
    for match in _TAG.finditer(text):
        if match.end() - match.start() > _LONG_TAG:
            names = _VALUE.sub("=", match[0])
            if len(_ATTRIBUTE.findall(names)) > _MOST_ATTRIBUTES:
                raise InputError("an element with thousands of attributes, as no article has")


def text_of(root: Any) -> str:  # noqa: ANN401
    """Return the visible text of an element: white space as one space, a block on its own line."""
    from lxml import etree

    lines: list[str] = []
    pieces: list[str] = []

    def end_line() -> None:
        if line := _SPACES.sub(" ", "".join(pieces)).strip(" "):
            lines.append(line)
        pieces.clear()

    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        tag = tag.rpartition("}")[2].lower()
        if tag in _BLOCKS:
            end_line()
        if event == "start":
            hidden += tag in _UNSEEN
            if not hidden and element.text and isinstance(element.tag, str):
                pieces.append(element.text)
        else:
            hidden -= tag in _UNSEEN
            if not hidden and element.tail and element is not root:
                pieces.append(element.tail)
    end_line()
    return "\n".join(lines)


def text_of_fragment(markup: str, feature: str = "HTML") -> str:
    """Return the visible text of a piece of HTML; the piece itself where it holds no markup."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    if not markup.strip():
        return ""
    return text_of(parse_html(f"<div>{markup}</div>", feature))
