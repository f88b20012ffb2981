import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provenance.json_text import encode, encode_strings


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_one_line_of_utf8_that_reads_back(text):
    """Every string survives, but for surrogates that stand as a pair and are read as one."""
    line = encode({"text": text})
    line.encode("utf-8")
    assert "\n" not in line
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(line)["text"] == paired


def test_only_surrogates_are_escaped_beyond_ascii():
    """Accents stay as they are; a lone surrogate becomes its JSON escape."""
    assert encode("né \ud83d") == '"né \\ud83d"'


def test_what_json_cannot_say_is_refused():
    """NaN is no JSON."""
    with pytest.raises(ValueError, match="JSON"):
        encode(float("nan"))


@given(st.lists(st.text(st.characters(exclude_categories=())) | st.text('\\", '), max_size=5))
@example(['", ', ""])
def test_strings_are_encoded_together_as_one_by_one(values):
    """Each has what it has alone, without the quotation marks around it."""
    assert encode_strings(values) == [encode(value)[1:-1] for value in values]
