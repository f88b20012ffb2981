"""Eight bytes at a time say what one at a time would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.eight_bytes import bits_below, bytes_before, word, zeros

eight = st.lists(
    st.sampled_from([0, 1, 2, 127, 128, 255]) | st.integers(0, 255), min_size=8, max_size=8
)


@given(eight)
def test_a_word_is_a_little_endian_number(values):
    """The first byte is the lowest."""
    assert int(word(np.array(values, np.uint8), 0)) == int.from_bytes(bytes(values), "little")


@given(eight)
def test_the_first_zero_is_found(values):
    """The lowest mark is that of the first zero byte; there is none where no byte is zero."""
    with np.errstate(over="ignore"):
        marks = zeros(word(np.array(values, np.uint8), 0))
        assert (marks != 0) == (0 in values)
        if marks:
            assert bytes_before(marks) == values.index(0)


@given(st.integers(1, 2**64 - 1))
def test_bits_below_the_lowest_are_counted(value):
    """The count is how often the number can be halved."""
    with np.errstate(over="ignore"):
        assert int(bits_below(np.uint64(value))) == (value & -value).bit_length() - 1
