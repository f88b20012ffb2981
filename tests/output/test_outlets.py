from provenance.model import DerivationKind, HiddenSource
from provenance.output.outlets import find_outlets
from provenance.output.stories import find_stories


def outlets(audit):
    """Return the outlets of an audit."""
    return find_outlets(audit, find_stories(audit.documents, audit.lineage))


def by_name(audit):
    """Return the outlets of an audit by name."""
    return {outlet.name: outlet for outlet in outlets(audit)}


def test_every_document_is_originated_carried_revised_or_undecided(audited, report, row):
    """A wire, its revision, a copy elsewhere, an undecided pair, a loner: each counts once."""
    audit = audited(
        [
            report("w1", source="Wire"),
            report("w2", source="Wire"),
            report("p1", source="Post"),
            report("p2", source="Post"),
            report("q1", source="Quay"),
            report("q2", source="Quay"),
        ],
        [
            row("w2", "w1", kind=DerivationKind.REVISION),
            row("p1", "w2"),
            row("q1", "p2", decided=False),
        ],
    )
    found = by_name(audit)
    counts = {
        name: (o.documents, o.originated, o.revised, o.carried, o.undecided)
        for name, o in found.items()
    }
    assert counts == {
        "Wire": (2, 1, 1, 0, 0),
        "Post": (2, 0, 0, 1, 1),
        "Quay": (2, 1, 0, 0, 1),
    }


def test_a_source_stays_original_where_only_its_copy_is_in_doubt(audited, report, row):
    """Whether b was taken from a or from another makes a no less original."""
    rows = [row("b", "a", decided=False, confidence=0.5, direction_confidence=0.99)]
    found = by_name(audited([report("a", source="Wire"), report("b", source="Post")], rows))
    assert found["Wire"].originated == 1
    assert found["Post"].undecided == 1


def test_who_takes_from_whom_with_the_delay(audited, report, row):
    """The outlet that others take most from comes first; the delay is the median in hours."""
    reports = [report("w", source="Wire", published="2024-03-01T06:00Z")]
    reports += [
        report(f"p{n}", source="Post", published=f"2024-03-01T{hour:02}:00Z")
        for n, hour in enumerate((8, 9, 16))
    ]
    reports.append(report("q", source="Quay"))
    rows = [*(row(f"p{n}", "w") for n in range(3)), row("q", "w")]
    first, *_ = found = outlets(audited(reports, rows))
    assert (first.name, first.taken, first.row()["taken_by"]) == ("Wire", 4, ["Post", "Quay"])
    post, quay = found[1:]
    assert post.row()["mostly_from"] == "Wire"
    assert post.row()["mostly_from_documents"] == 3
    assert post.delay == 3.0
    assert quay.delay is None


def test_a_date_that_contradicts_the_lineage_makes_no_delay(audited, report, row):
    """A copy dated a year before its source was not early."""
    reports = [
        report("w", source="Wire", published="2024-03-01"),
        report("p", source="Post", published="2023-03-01"),
    ]
    assert by_name(audited(reports, [row("p", "w")]))["Post"].delay is None


def test_an_agency_that_is_not_there_has_a_row(audited, report, row):
    """One row for all its stories, with nothing in the corpus."""
    hidden = [HiddenSource(f"~AP#{n}", "AP", "credit_line", (name,)) for n, name in enumerate("ab")]
    audit = audited(
        [report("a", source="Post"), report("b", source="Quay")],
        [row("a", "~AP#0"), row("b", "~AP#1")],
        hidden,
    )
    agency = by_name(audit)["AP"]
    assert (agency.documents, agency.hidden, agency.taken) == (0, 2, 2)
    assert agency.row()["taken_by"] == ["Post", "Quay"]


def test_a_hidden_text_of_an_outlet_counts_for_it(audited, report, row):
    """Its short name and its address stand for the outlet, if it is in the corpus."""
    hidden = [
        HiddenSource("~HDA#0", "HDA", "dateline", ("a",)),
        HiddenSource("~https://harbour.example/x#1", "https://harbour.example/x", "link", ("b",)),
    ]
    audit = audited(
        [
            report("a", source="Post"),
            report("b", source="Post"),
            report("c", source="Harbour Dispatch Agency", url="https://www.harbour.example/c"),
        ],
        [row("a", "~HDA#0"), row("b", "~https://harbour.example/x#1")],
        hidden,
    )
    agency = by_name(audit)["Harbour Dispatch Agency"]
    assert (agency.documents, agency.hidden, agency.taken) == (1, 2, 2)


def test_quotations_make_nobody_a_carrier(audited, report, row):
    """Who quotes a text has written its own."""
    quoted = row("b", "a", kind=DerivationKind.QUOTATION)
    found = by_name(audited([report("a", source="A"), report("b", source="B")], [quoted]))
    assert found["B"].originated == 1
    assert found["A"].taken == 0


def test_documents_of_no_outlet_count_together(audited, report, row):
    """They are told, and one that took from another of them carried it."""
    (found,) = outlets(audited([report("a"), report("b")], [row("b", "a")]))
    assert (found.name, found.documents, found.carried, found.taken) == (None, 2, 1, 1)
