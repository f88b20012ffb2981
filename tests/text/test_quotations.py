"""Where a text quotes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.text.quotations import quoted_spans

MARK = re.compile("&quot;|''|\n[ \t\r]*\n|[\"“”„«»‹›「」『』]")
CLOSING = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "»": "«", "”": "”"}


def plainly_quoted(text):
    """Return the spans of quotations, told mark by mark."""
    spans, opened, closing = [], None, ()
    for found in MARK.finditer(text):
        mark = found.group()
        if opened is not None and (mark.startswith("\n") or mark in closing):
            spans.append((opened, found.start() if mark.startswith("\n") else found.end()))
            opened = None
        elif opened is None and not mark.startswith("\n"):
            opened, closing = found.start(), CLOSING.get(mark, "" if mark in "”›」』" else (mark,))
    return spans if opened is None else [*spans, (opened, len(text))]


def quoted(text):
    """Return the quotations of a text, marks included."""
    return [text[low:high] for low, high in quoted_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "no" and "never".', ['"no"', '"never"']),
        ("“We wait,” he said, “for rain.”", ["“We wait,”", "“for rain.”"]),
        ("„Wir warten“, sagte er.", ["„Wir warten“"]),
        ("„Czekamy”, powiedział.", ["„Czekamy”"]),
        ("Il dit « non » hier.", ["« non »"]),
        ("»Nein«, sagte sie.", ["»Nein«"]),
        ("他说「没有」。", ["「没有」"]),
        ("He said &quot;no&quot; twice.", ["&quot;no&quot;"]),
        ("He said ''no'' twice.", ["''no''"]),
        ("It's the mayor's car", []),
        ("“An «inner» word” stays", ["“An «inner» word”"]),
    ],
)
def test_marks_of_many_languages(text, expected):
    """A quotation runs from its opening mark to the closing one of the same kind."""
    assert quoted(text) == expected


def test_a_blank_line_ends_an_open_quotation():
    """Long quotations are opened anew with each paragraph and closed once."""
    text = "“First part.\n\n“Second part.”\n\nNo quote."
    assert quoted(text) == ["“First part.", "“Second part.”"]


def test_a_quotation_that_never_closes_runs_to_the_end():
    """Without a blank line or a closing mark the rest of the text is quoted."""
    assert quoted('He began: "and so\nit goes') == ['"and so\nit goes']


@given(st.text("\"“”„«»‹›「」『』\n \r'a&quot;x"))
def test_marks_are_found_as_if_one_by_one(text):
    """To look for one kind of mark after the other finds what one look at all of them does."""
    assert quoted_spans(text) == plainly_quoted(text)


@given(st.text("\"“”„«»‹›「」\n 'a&quot;"))
def test_spans_rise_and_stay_apart(text):
    """Spans lie in the text, rise and never overlap, whatever the marks."""
    end = 0
    for low, high in quoted_spans(text):
        assert end <= low < high <= len(text)
        end = high
