"""First texts of a story that are later versions of an unseen one."""

from provenance.audit import scan
from provenance.model import Document

SIGNAL = "earlier_version"


def agency(name, lines, lead=()):
    """Return an agency's page; a lead stands above its dateline."""
    body = "\n\n".join([f"OSLO (Pellan Press) — {lines[0]}", *lines[1:]])
    text = "\n\n".join([*lead, body])
    return Document(name, text, source="Pellan Press")


def outlet(name, lines, source):
    """Return an outlet's page, which keeps the dateline."""
    return Document(
        name, "\n\n".join([f"OSLO (Pellan Press) — {lines[0]}", *lines[1:]]), source=source
    )


def drawn(*documents):
    """Return what earlier versions feed."""
    hidden = scan(documents).lineage.hidden_sources
    return [source.documents for source in hidden if source.signal == SIGNAL]


def test_a_lead_above_the_dateline_tells_an_earlier_version(sentences):
    """Who lacks the new lead was fed by the version before it, as the agency's page was."""
    lines, new = sentences("lamp", 24), sentences("new", 2)
    story = [
        agency("update", lines, [" ".join(new)]),
        outlet("one", lines[:20], "Courier"),
        outlet("two", [*lines[:6], *lines[12:]], "Gazette"),
    ]
    assert drawn(*story) == [("one", "two", "update")]


def test_an_earlier_version_that_is_here_is_not_unseen(sentences):
    """Where the agency's page of before is among the documents, nothing is hidden."""
    lines, new = sentences("lamp", 24), sentences("new", 2)
    story = [
        agency("first", lines),
        agency("update", lines, [" ".join(new)]),
        outlet("one", lines[:20], "Courier"),
        outlet("two", lines[:16], "Gazette"),
    ]
    assert drawn(*story) == []


def test_a_page_that_begins_with_its_dateline_is_no_later_version(sentences):
    """An agency's page of the usual form is the first text of its story."""
    lines = sentences("lamp", 24)
    assert drawn(agency("own", lines), outlet("one", lines[:20], "Courier")) == []
