"""Aligned spans carry the shared wording, on both sides, as it was read."""

import numpy as np
import pytest

from provenance.match.alignment import align
from provenance.text.corpus import tokenize_texts
from provenance.text.tokens import tokenize

paths = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


def spans(a, b, *, marked=(), min_tokens=12, min_run=8, compiled=False):
    """Return the aligned rows of two texts as (wording in a, wording in b, equal tokens)."""
    table = tokenize_texts([a, b], compile_kernels=compiled)
    flags = np.zeros(len(table.ids), np.bool_)
    flags[list(marked)] = True
    rows, capped = align(
        table,
        [a, b],
        np.array([0], np.int32),
        np.array([1], np.int32),
        flags,
        min_tokens=min_tokens,
        min_run=min_run,
        compile_kernels=compiled,
    )
    assert capped == 0
    return [
        (a[rows.a_low[i] : rows.a_high[i]], b[rows.b_low[i] : rows.b_high[i]], int(rows.equal[i]))
        for i in range(len(rows))
    ]


def words(text):
    """Return the folded tokens of a text."""
    return [token.folded for token in tokenize(text)]


@paths
def test_equal_texts_align_from_end_to_end(story, compiled):
    """A text and its copy in other capitals and spaces are one span of equal tokens."""
    a = "\n\n".join(story)
    b = "  " + a.upper().replace(" ", "   ") + " ... "
    ((left, right, equal),) = spans(a, b, compiled=compiled)
    assert words(left) == words(right) == words(a)
    assert equal == len(words(a))


@paths
def test_a_text_is_found_inside_a_longer_one(story, filler, compiled):
    """A contained text is one span that covers all of it and nothing around it."""
    whole = f"{filler(1, 80)}\n\n{story[1]} {story[2]}\n\n{filler(2, 80)}"
    ((left, right, equal),) = spans(whole, f"{story[1]} {story[2]}", compiled=compiled)
    assert words(left) == words(right) == words(f"{story[1]} {story[2]}")
    assert equal == len(words(left))


def test_moved_paragraphs_are_found(story, filler):
    """Paragraphs in another order, with other text between, are found one by one."""
    a = "\n\n".join(story)
    b = "\n\n".join([story[3], filler(1, 40), story[1], filler(2, 40), story[0]])
    found = {left for left, _, _ in spans(a, b)}
    assert len(found) == 3
    for left in found:
        assert any(words(left) == words(story[i]) for i in (0, 1, 3))


def test_cuts_and_small_edits_stay_one_passage(story):
    """Replaced words, a dropped clause and an added one do not break a passage."""
    a = " ".join(story)
    b = (
        a.replace("ninety", "almost ninety")
        .replace(", weather permitting,", "")
        .replace("herring boats", "the herring fleet")
        .replace("until dawn", "until daybreak")
    )
    ((left, right, equal),) = spans(a, b)
    assert words(left) == words(a)
    assert words(right) == words(b)
    assert 0.9 * len(words(a)) <= equal < len(words(a))


def test_a_stock_phrase_is_nothing(filler):
    """Five words in a row that two texts share by habit are no passage."""
    phrase = "according to people familiar with"
    assert spans(f"{filler(1, 60)} {phrase} {filler(2, 60)}", f"{filler(3, 60)} {phrase}") == []


def test_fewer_tokens_than_asked_for_are_nothing(story):
    """A passage needs `min_tokens` equal tokens, and `min_run` of them in a row."""
    shared = " ".join(story[0].split()[:14])
    assert len(spans(f"alpha {shared} beta", f"gamma {shared} delta", min_tokens=14)) == 1
    assert spans(f"alpha {shared} beta", f"gamma {shared} delta", min_tokens=15) == []
    assert spans(f"alpha {shared} beta", f"gamma {shared} delta", min_run=15) == []


@pytest.mark.parametrize(
    "shared",
    [
        "8月12日夜里，鸬鹚岩上的旧灯塔九十年来第一次熄灭，看守人提着风灯一直摇到天亮。",
        "ในคืนวันอังคาร ประภาคารเก่าบนโขดหินดับลงเป็นครั้งแรกในรอบเก้าสิบปี",
    ],
)
def test_scripts_without_spaces_count_their_characters(shared, filler):
    """Equal spans have as many equal tokens as tokens, whatever scripts they begin with."""
    a, b = f"{filler(1, 20)} {shared} {filler(2, 20)}", f"{filler(3, 20)} {shared}"
    ((left, right, equal),) = spans(a, b)
    assert words(left) == words(right) == words(shared)
    assert equal == len(words(shared))


def test_misread_letters_are_seen_through(story, filler):
    """Where every few words hold a misread letter, the letters align what the words do not."""
    a = " ".join(story)
    misread = [w.translate({ord("e"): "c"}) if i % 3 == 0 else w for i, w in enumerate(a.split())]
    b = f"{filler(1, 30)} {' '.join(misread)} {filler(2, 30)}"
    ((left, right, equal),) = spans(a, b)
    assert len(words(left)) >= 0.95 * len(words(a))
    assert set(words(right)) <= set(words(" ".join(misread)))
    assert len(words(left)) > equal > 0.8 * len(words(a))


def test_words_that_end_alike_are_no_part_of_a_passage(story):
    """Letters align whole words: half a word before a misread passage, or after, stays out."""
    a = " ".join(story).rstrip(".")
    misread = [w.replace("e", "c") if i % 3 == 1 else w for i, w in enumerate(a.split())]
    left, right = f"alphahum {a} risolfay", f"betahum {' '.join(misread)} risoltu"
    ((one, other, _),) = spans(left, right)
    assert words(one) == words(a)
    assert words(other) == words(" ".join(misread))


def test_marked_tokens_equal_nothing(story):
    """What is marked as boilerplate makes no passage, and ends those beside it."""
    text = f"{story[0]} {story[1]}"
    size = len(words(text))
    first = len(words(story[0]))
    everything = range(2 * size)
    assert spans(text, text + " End.", marked=everything) == []
    some = [*range(first), *range(size, size + first)]
    ((left, right, equal),) = spans(text, text + " End.", marked=some)
    assert words(left) == words(right) == words(story[1])
    assert equal == len(words(story[1]))


def test_repetition_inside_one_text_is_covered_once(story, filler):
    """A text that says a thing twice shares it once with a text that says it once."""
    twice = f"{story[0]} {filler(1, 60)} {story[0]}"
    found = spans(twice, f"{filler(2, 30)} {story[0]}")
    assert sum(equal for _, _, equal in found) == len(words(story[0]))
