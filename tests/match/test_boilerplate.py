"""Boilerplate and widely shared prose, learned from a corpus."""

import numpy as np
import pytest

from provenance.match import wordings
from provenance.match.boilerplate import find_common, furniture_tokens, grown
from provenance.match.kinship import find_kinship
from provenance.match.postings import build_postings
from provenance.text.corpus import tokenize_texts

LINE = (
    "The Vale Herald is set in lead by six patient people in the old mill by the river and is"
    " carried to your door before the milk"
)


def common_of(texts, sources=None, *, compiled=False, documents=10, of_source=6):
    """Return the words of each text that are boilerplate, and those that are widely shared."""
    table = tokenize_texts(texts, compile_kernels=compiled)
    postings = build_postings(table)
    numbers = np.full(len(texts), -1, np.int32) if sources is None else np.array(sources, np.int32)
    kinship = find_kinship(postings, numbers, compile_kernels=compiled)
    found = find_common(
        table,
        texts,
        numbers,
        postings,
        kinship,
        documents=documents,
        of_source=of_source,
        compile_kernels=compiled,
    )

    def words(flags):
        rows = []
        for text, content in enumerate(texts):
            part = table.slice(text)
            spans = zip(
                table.starts[part].tolist(),
                table.ends[part].tolist(),
                flags[part].tolist(),
                strict=True,
            )
            rows.append([content[low:high] for low, high, flag in spans if flag])
        return rows

    return words(found.boilerplate), words(found.widely_shared)


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
@pytest.mark.parametrize(("texts", "expected"), [(6, True), (5, False)])
def test_a_source_has_its_own_boilerplate(filler, compiled, texts, expected):
    """A line in six unrelated texts of one source is boilerplate, in five it is not."""
    pages = [f"{filler(i, 120)}\n\n{LINE}" for i in range(texts)]
    boilerplate, _ = common_of(pages, [0] * texts, compiled=compiled)
    assert boilerplate == [LINE.split() if expected else []] * texts


@pytest.mark.parametrize(("texts", "expected"), [(10, True), (9, False)])
def test_without_sources_it_takes_more_texts(filler, texts, expected):
    """A line in ten unrelated texts of unknown sources is boilerplate, in nine it is prose."""
    pages = [f"{filler(i, 120)}\n\n{LINE}" for i in range(texts)]
    boilerplate, wide = common_of(pages)
    assert boilerplate == [LINE.split() if expected else []] * texts
    assert wide == [[] if expected else LINE.split()] * texts


def test_a_big_story_is_no_boilerplate(story, filler):
    """What many related texts share is a story, however many they are."""
    whole = " ".join(story)
    pages = [f"{whole} {filler(i, 30)}" for i in range(14)]
    assert common_of(pages) == ([[]] * 14, [[]] * 14)


def test_three_unrelated_texts_make_prose_widely_shared(filler):
    """A wording of eight words in three unrelated texts is widely shared, in two it is not."""
    prose = filler("prose", 20)
    pages = [f"{filler(i, 120)} {prose} {filler(-i, 120)}" for i in range(1, 4)]
    assert common_of(pages) == ([[]] * 3, [prose.split()] * 3)
    assert common_of(pages[:2]) == ([[]] * 2, [[]] * 2)


def test_long_common_text_of_several_sources_is_prose(filler):
    """Forty words in a row inside the lines of ten texts of several sources are no template."""
    long, short = filler("long", 60), filler("short", 20)
    pages = [f"{filler(i, 200)} {long} {filler(-i, 200)} {short}" for i in range(1, 11)]
    boilerplate, wide = common_of(pages)
    assert boilerplate == [short.split()] * 10
    assert wide == [long.split()] * 10


def test_short_lines_are_boilerplate_as_a_whole(filler):
    """A line of few words counts where it stands alone, not where its words are said."""
    pages = [f"{filler(i, 60)}\n\nMilk and lead\n\n{filler(-i, 60)}" for i in range(1, 7)]
    said = f"{filler(90, 60)} milk and lead {filler(91, 60)}"
    boilerplate, _ = common_of([*pages, said], [0] * 7)
    assert boilerplate == [*[["Milk", "and", "lead"]] * 6, []]


def test_gaps_in_a_line_are_filled(filler):
    """A name or number that differs in a common line is boilerplate with it; text beside is not."""
    head, tail = LINE[: len(LINE) // 2], LINE[len(LINE) // 2 :]
    pages = [f"{filler(i, 60)}\n\n{head} no{i} of{i} {tail}" for i in range(6)]
    boilerplate, _ = common_of(pages, [0] * 6)
    for i, page in enumerate(pages):
        assert boilerplate[i] == page.split("\n\n")[1].split()


def test_furniture_needs_no_second_page(filler):
    """A line that the lexicon knows is boilerplate on a page that stands alone."""
    texts = [f"{filler(1, 30)}\n\nShare on Facebook\n\n{filler(2, 30)}", filler(3, 30)]
    boilerplate, _ = common_of(texts)
    assert boilerplate == [["Share", "on", "Facebook"], []]
    table = tokenize_texts(texts, compile_kernels=False)
    assert furniture_tokens(table, texts, compile_kernels=False).sum() == 3


@pytest.mark.parametrize(("texts", "count"), [(0, 10), (10_000, 10), (160_000, 20), (810_000, 30)])
def test_limits_grow_with_the_corpus(texts, count):
    """From ten thousand texts the count that is asked for grows with their fourth root."""
    assert grown(10, texts) == count


def test_no_texts_have_no_boilerplate():
    """A corpus without texts, or without tokens, has nothing in common."""
    assert common_of([]) == ([], [])
    assert common_of(["", "..."]) == ([[], []], [[], []])


@pytest.mark.parametrize("at_a_time", [1, 7])
def test_how_many_wordings_are_counted_at_a_time_does_not_show(filler, monkeypatch, at_a_time):
    """Wordings that are counted a few at a time have the marks of all at once."""
    prose = filler("prose", 20)
    ends = [*(f"{filler(seed, 60)} {prose}" for seed in (91, 92, 93)), *"efgh"]
    pages = [f"{filler(i, 120)}\n\n{LINE}\n\n{end}" for i, end in enumerate(ends)]
    whole = common_of(pages, [0] * 7)
    monkeypatch.setattr(wordings, "_WORDINGS_AT_A_TIME", at_a_time)
    assert common_of(pages, [0] * 7) == whole
    assert all(map(any, whole))


@pytest.mark.parametrize(("pages", "expected"), [(3, True), (2, False)])
def test_a_line_beside_furniture_is_the_houses_own_in_three_texts(filler, pages, expected):
    """Of one source and unrelated; anywhere else on its pages it takes six."""
    inside = [f"{filler(i, 60)}\n\n{LINE}\n\n{filler(i + 50, 60)}" for i in range(pages)]
    ends = [f"{filler(i + 100, 120)}\n\n{LINE}\nShare this\nCopy link" for i in range(pages)]
    boilerplate, _ = common_of(ends, [0] * pages)
    known = ["Share", "this", "Copy", "link"]
    assert boilerplate == [[*(LINE.split() if expected else []), *known]] * pages
    assert common_of(inside, [0] * pages)[0] == [[]] * pages
    strangers, _ = common_of(ends, list(range(pages)))
    assert strangers == [known] * pages
