"""The pinned folding table."""

import unicodedata

import numpy as np
import pytest

from provenance.text.folding import (
    BARE,
    MARKED,
    NONSPACING,
    SEPARATOR,
    SINGLE,
    SPACING,
    TRANSPARENT,
    classify,
    generate_table,
    load_table,
    plain_table,
)


def test_the_pinned_table_is_the_generated_one():
    """Where this Python has the pinned version of Unicode, it generates the pinned table."""
    table = load_table()
    if table.unicode_version != unicodedata.unidata_version:
        # Another Python: the characters that both know must be classified alike nearly always.
        points = range(0x20, 0x2FA20, 7)
        alike = sum(classify(chr(p))[0] == table.classes[p] for p in points)
        assert alike > 0.95 * len(points)
        return
    made = generate_table()
    assert str(made["unicode_version"]) == table.unicode_version
    for name in ("classes", "fold_index", "fold_start", "fold_points"):
        assert np.array_equal(made[name], getattr(table, name)), name


@pytest.mark.parametrize(
    ("kind", "characters"),
    [
        (SEPARATOR, " .,-'’\n\u3000\x00\ud800☕。"),
        (TRANSPARENT, "\u00ad\u200b\u200d\ufeff\ufe0f\u0640\U000e0101\u034f"),
        (BARE, "aZéßΩЖעع"),
        (MARKED, "한\u1100क९5"),
        (SINGLE, "中ひカไກခខ〆"),
        (NONSPACING, "\u0301\u064e\u05b8\u3099\u0e49"),
        (SPACING, "\u093e\u0903"),
    ],
)
def test_classes(kind, characters):
    """Each kind of character has its class in the pinned table."""
    assert {plain_table()[0][ord(c)] for c in characters} == {kind}


def test_forms_hold_only_what_makes_tokens():
    """A folded form is never empty, and has no separator, invisible mark or capital in it."""
    classes, folds = plain_table()
    for point, form in folds.items():
        assert form, hex(point)
        assert all(classes[ord(c)] > TRANSPARENT for c in form), hex(point)
        assert not any(ord(c) in folds and folds[ord(c)] != c for c in form), hex(point)


def test_a_bare_form_has_no_marks():
    """What stands on a bare base loses its nonspacing marks when it is folded."""
    classes, folds = plain_table()
    for point, form in folds.items():
        if classes[point] == BARE:
            assert not any(classes[ord(c)] == NONSPACING for c in form), hex(point)
