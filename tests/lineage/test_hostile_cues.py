"""Texts that lie about themselves: an answer with its reasons or an undecided one, no cycle."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.audit import scan
from provenance.model import Document
from provenance.timestamps import parse

SYLLABLES = ("ba", "ko", "ri", "tu", "men", "sol", "var", "dep", "lin", "gos", "fay", "hum")


def invent(seed, words=200):
    """Return filler that shares no five words in a row with filler of another seed."""
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(SYLLABLES, k=4)) for _ in range(words)) + "."


STORY = invent("story")


def page(name, ending="", opening="", published=None, **known):
    """Return a document that carries the story with a line of its own above and below it."""
    text = f"{opening}{STORY}\n\n{invent(name, 12)}\n\n{ending}".strip()
    known.setdefault("source", name.title())
    known.setdefault("url", f"https://{name}.example/a")
    return Document(name, text, published=parse(published), **known)


def sound(*documents):
    """Return the lineage of a scan that is acyclic, has reasons, and one main source a text."""
    lineage = scan(list(documents)).lineage
    below = {}
    for row in lineage.derivations:
        assert row.evidence or not row.decided
        assert 0 <= row.confidence <= 1
        assert 0 <= row.direction_confidence <= 1
        assert row.source != row.derived
        below.setdefault(row.source, []).append(row.derived)
    main = [row.derived for row in lineage.derivations if row.primary]
    assert len(main) == len(set(main))
    done = set()

    def climb(node, path):
        assert node not in path
        for derived in below.get(node, ()):
            if (node, derived) not in done:
                done.add((node, derived))
                climb(derived, path | {node})

    for source in sorted(below):
        climb(source, frozenset())
    return lineage


def joined(lineage, names):
    """Return how many of these documents have a main source."""
    return sum(row.primary and row.derived in names for row in lineage.derivations)


def test_two_texts_that_credit_each_other_make_no_cycle():
    """Each says that it comes from the other; one row joins them, and says why."""
    one = page("argus", "Source: https://courier.example/a")
    other = page("courier", "Source: https://argus.example/a")
    (row,) = sound(one, other).derivations
    assert {row.source, row.derived} == {"argus", "courier"}
    assert row.evidence


@pytest.mark.parametrize("size", [3, 5])
def test_a_circle_of_source_lines_makes_no_cycle(size):
    """Each text names the next and the last one the first."""
    names = [f"herald{number}" for number in range(size)]
    ring = [
        page(name, f"Source: https://{following}.example/a")
        for name, following in pairwise([*names, names[0]])
    ]
    lineage = sound(*ring)
    assert joined(lineage, set(names)) >= size - 1


def test_cues_that_contradict_each_other_are_all_weighed():
    """Dateline, source line, contributors and copyright name four bodies; none is followed blindly.

    Whoever is drawn as a hidden source is named by one of them.
    """
    lines = (
        "Reuters contributed to this report.\n\n© 2031 Agence France-Presse. All rights reserved."
    )
    found = sound(
        page("argus", f"{lines}\n\nSource: dpa", "OSLO (AP) — "),
        page("courier", f"Source: ANSA\n\n{lines}", "OSLO (AP) — "),
        page("gazette"),
    )
    assert {source.name for source in found.hidden_sources} <= {
        *("AP", "Reuters", "dpa", "ANSA", "AFP", "unseen")
    }


def test_a_text_that_only_credits_itself_has_no_source():
    """By source line, dateline, first publication, copyright and canonical address."""
    own = page(
        "argus",
        "Source: https://argus.example/a\n\nThis article was originally published on Argus.\n\n"
        "© 2031 Argus. All rights reserved.\n\n— Argus",
        "OSLO (Argus) — ",
        canonical_url="https://www.argus.example/a",
        authors=("Argus",),
        metadata={"isBasedOn": "https://argus.example/a", "provider": "Argus"},
    )
    lineage = sound(own, Document("other", invent("other"), source="Courier"))
    assert lineage.derivations == ()
    assert lineage.hidden_sources == ()


@pytest.mark.parametrize(
    "published",
    [
        "2031-05-01",
        "2031-05-01T10:00:00Z",
        "2031",
        "2990-01-01",
        "9999-12-31",
        "1970-01-01",
        "1900-01-01",
        "0001-01-01",
        None,
    ],
)
def test_dates_that_are_all_equal_tell_no_direction(published):
    """Today, far in the future or a placeholder: the order of the texts is not from the dates."""
    pages = [page(name, published=published) for name in ("argus", "courier", "gazette", "herald")]
    lineage = sound(*pages)
    for row in lineage.derivations:
        assert all(e.signal != "published_later" for e in row.evidence)
        assert not row.decided or row.direction_confidence < 1


def test_one_wrong_date_does_not_turn_the_story_round():
    """A text dated decades after or before the others is related as it was without its date."""
    story = [page(n, published=f"2031-05-0{i}") for i, n in enumerate(("argus", "courier"), 1)]
    story += [page("gazette", published="2031-05-03"), page("herald", published="2031-05-04")]
    without = sound(*story, page("late"))
    for wrong in ("2090-01-01", "1970-01-01", "1990-01-01", "9999-01-01"):
        lineage = sound(*story, page("late", published=wrong))
        rows = {row.derived for row in lineage.derivations if row.primary}
        assert rows == {row.derived for row in without.derivations if row.primary}


@pytest.mark.parametrize(
    "name",
    [
        "АР",
        "A\u200bP",
        "ＡＰ",
        "A\u00adP",
        "Аssociated Рress",
        "Associated\u200b Press",
        "\u202eAP\u202c",
    ],
)
def test_a_disguised_agency_is_the_agency(name):
    """Letters of other scripts, wide ones and invisible marks give one hidden source, AP."""
    lines = f"OSLO ({name}) — "
    pages = [page("argus", opening=lines), page("courier", opening="OSLO (AP) — ")]
    found = sound(*pages).hidden_sources
    assert [source.name for source in found] == ["AP"]
    assert found[0].documents == ("argus", "courier")


@pytest.mark.slow
def test_ten_thousand_identical_documents_take_seconds():
    """They are one text: every copy is placed, none is missing, and none derives from two."""
    pages = [
        Document(f"d{number}", f"OSLO (AP) — {STORY}", source=f"Outlet {number % 97}")
        for number in range(10_000)
    ]
    begin = time.process_time()
    audit = scan(pages)
    assert time.process_time() - begin < 60
    assert len(audit.documents) == 10_000
    main = [row.derived for row in audit.lineage.derivations if row.primary]
    assert len(main) == len(set(main))
    assert {source.name for source in audit.lineage.hidden_sources} <= {"AP"}


LINES = st.lists(
    st.sampled_from(
        [
            "Source: https://argus.example/a",
            "Source: https://courier.example/a",
            "Source: Gazette",
            "The Argus contributed to this report.",
            "(AP)",
            "(АР)",
            "— Courier",
            "© 2031 Argus",
            "This article was originally published on Gazette.",
            "CORRECTION: The vote was on 30 February 2031.",
            "Associated Press writer Ann Roe contributed to this report.",
            "By Ann Roe, HPU",
        ]
    ),
    max_size=4,
)
DATES = st.sampled_from([None, "2031-05-01", "2031-05-02T00:00:00Z", "9999-12-31", "1970-01-01"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(LINES, DATES), min_size=3, max_size=3))
def test_any_mixture_of_cues_and_dates_gives_a_sound_lineage(stories):
    """No cycle, no second main source, a reason for each decision, whatever is claimed."""
    names = ("argus", "courier", "gazette")
    sound(
        *(
            page(name, "\n\n".join(lines), published=date)
            for name, (lines, date) in zip(names, stories, strict=True)
        )
    )
