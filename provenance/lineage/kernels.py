"""The compiled kernel that finds words and signs that are asked for in the UTF-8 of texts."""

from typing import Any

import numpy as np

from provenance.machine_code import Inlined, machine_code
from provenance.text.utf8 import decode

OF_WORD, UNEVEN, CAREFUL = 1, 2, 4  # kinds of characters; a text has the kinds of them all
COPYRIGHT = 8  # a copyright sign, or the word inside any word
LABELLED = 16  # a word that ends a label, before a colon
BRACKETED = 32  # a bracket near the head of a line, with a date before it or a dash behind it
HEADED = 64  # a bracket with which a line begins
INLINE = 128  # a bracket between a capital and a capital
SLASHED = 256  # a slash near the head of a line, before a capital
OPENED = 512  # a line that begins with a bracket or a space
DASHED = 1024  # few words to the end of a line behind a dash, with which it or a sentence begins
LARGE = 2048  # a letter beyond ASCII that is another one in lower case

ASKED, SPELLED, ENDS_LABEL, OF_DATE, CAPITAL = 1, 2, 4, 8, 16  # told of a word in lower case

KNOWN = 0x2E80  # code points below have kinds; of those above, pictures alone need no care
_PICTURES, _PICTURES_END, _PICTURE_MARK = 0x1F300, 0x1FB00, 0xFE0F
_SIGN, _CIRCLED = 0xA9, 0x24D2
_FARTHEST_BRACKET, _FARTHEST_SLASH, _NEAREST, _LONGEST_NAME = 100, 70, 4, 70
_LONGEST_BRACKET = 800  # bytes, four a character

SEED = np.uint64(0xCBF29CE484222325)
LOW_SEED = np.uint64(0x84222325CBF29CE5)
TIMES = np.uint64(0x9E3779B97F4A7C15)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_ASCII = np.uint8(0x80)
_COPYRIGHT_ENDS = np.uint32(1 << 8)


@Inlined
def _number(slots: Any, hashes: Any, value: Any) -> Any:
    """Return the number of what has a hash, -1 where it is nothing that is asked for."""
    mask = np.uint64(len(slots) - 1)
    slot = (value >> np.uint64(32)) & mask
    while slots[slot] >= 0 and hashes[slots[slot]] != value:
        slot = (slot + _ONE) & mask
    return slots[slot]


@Inlined
def _own_hash(data: Any, begin: Any, end: Any) -> Any:
    """Return the hash of a word as it is written."""
    value = SEED
    at = begin
    while at < end:
        byte = data[at]
        if byte < _ASCII:
            value = (value ^ np.uint64(byte)) * TIMES
            at += _ONE
        else:
            point, size = decode(data, at)
            value = (value ^ np.uint64(point)) * TIMES
            at += np.uint64(size)
    return value


@Inlined
def _is_capital(byte: Any) -> Any:
    return np.uint8(byte - np.uint8(65)) < np.uint8(26)


@Inlined
def _is_asked(told: Any, first: Any) -> Any:
    """Tell whether a word that begins with a byte is asked for."""
    return told & np.uint8(ASKED) and (not told & np.uint8(CAPITAL) or _is_capital(first))


@Inlined
def _dash_behind(data: Any, at: Any, end: Any) -> Any:
    """Tell whether a dash or a colon may stand among the four bytes from a place on."""
    for place in range(at, min(at + np.uint64(4), end)):
        byte = data[place]
        if byte >= _ASCII or byte == 45 or byte == 126 or byte == 38 or byte == 61 or byte == 58:
            return True
    return False


@Inlined
def _note(number: Any, whole: Any, text: Any, stamps: Any, hits: Any, written: Any) -> Any:
    """Write a number, once for a text as a whole word, and once as a part; return how many."""
    stamp = np.int32(2 * text + whole)
    if number >= 0 and stamps[number] < stamp:
        stamps[number] = stamp
        hits[written] = np.int32(2 * number + whole)
        return written + 1
    return written


@machine_code("u1[:], i8[:], u1[:], u2[:], u4[:], i4[:], u8[:], u1[:], i4[:], i4[:], i4[:], u2[:]")
def glance_kernel(
    data: Any,
    bounds: Any,
    kinds: Any,
    lower: Any,
    letters: Any,
    slots: Any,
    hashes: Any,
    told: Any,
    stamps: Any,
    hits: Any,
    counts: Any,
    found: Any,
) -> int:
    """Write the numbers of what texts have of what is asked for, and the signs of each text.

    Text `i` is `data[bounds[i]:bounds[i + 1] - 1]`, with a zero byte behind it; it has
    `counts[i]` numbers and the signs `found[i]`. A number is written doubled, with 1 more for a
    whole word: underscores are letters, but part a word as well. `slots` is a hash table of a
    power of two with the numbers of words, and of pairs of words with one space between, -1 where
    none is; `hashes` has the hash of each. Every word is there in lower case; `told` says of those
    whether they are asked for (with a capital only, perhaps), or other spellings of them, and
    whether they end a label or name a month. `letters` has a bit for each place of a letter in
    "copyright". Returns how many numbers were written.
    """
    written = 0
    for text in range(len(counts)):
        before = written
        signs: Any = 0
        start = np.uint64(bounds[text])
        end = np.uint64(bounds[text + 1])
        at = start
        inside = False  # a word, and whether it is of one part
        single = True
        begin = at
        whole = LOW_SEED
        part = at
        low = LOW_SEED
        last_end = end  # where the word before ended, and its hash
        last_low = LOW_SEED
        label = False
        dated: Any = False
        column = -1  # of the character in its line
        bracket = end  # the first bracket of the line, if it is near the head
        slashes = 0  # in the line so far
        signing = 0  # the characters from a dash on that may begin a signature
        stopped = False  # whether a full stop stands behind that
        letters_so_far = np.uint32(0)
        closed = True  # whether a sentence ended, and only spaces stand behind it
        spaced = True  # whether a space stands before
        while at < end:
            here = at
            byte = data[at]
            column += 1
            if byte < _ASCII:
                point = np.int64(byte)
                of = kinds[byte]
                folded = np.uint64(lower[byte])
                at += _ONE
                letters_so_far = ((letters_so_far << _ONE) | np.uint32(1)) & letters[folded]
                if letters_so_far & _COPYRIGHT_ENDS:
                    signs |= COPYRIGHT
            else:
                point, size = decode(data, at)
                at += np.uint64(size)
                of = np.uint8(CAREFUL)
                folded = np.uint64(point)
                letters_so_far = np.uint32(0)
                if point < KNOWN:
                    of = kinds[point]
                    folded = np.uint64(lower[point])
                    if folded != np.uint64(point):
                        signs |= LARGE
                    if folded == _SIGN or folded == _CIRCLED:
                        signs |= COPYRIGHT
                elif point == _PICTURE_MARK or _PICTURES <= point < _PICTURES_END:
                    of = np.uint8(0)
            signs |= np.int64(of)
            if inside and part < here and (byte == 95 or not of & np.uint8(OF_WORD)):
                number = _number(slots, hashes, low)
                label = False
                if number >= 0:
                    if _is_asked(told[number], data[part]) and (byte == 95 or not single):
                        written = _note(number, 0, text, stamps, hits, written)
                    label = (told[number] & np.uint8(ENDS_LABEL)) != 0
                    dated = dated or (told[number] & np.uint8(OF_DATE)) != 0
                if part == last_end + _ONE and data[last_end] == 32:
                    number = _number(slots, hashes, ((last_low * TIMES) ^ low) * TIMES)
                    written = _note(number, 1, text, stamps, hits, written)
                last_end = here
                last_low = low
            if signing and byte != 32 and byte != 10:
                signing += 1
                if stopped or signing > _LONGEST_NAME:
                    signing = 0
            if of & np.uint8(OF_WORD):
                if not inside:
                    inside = True
                    single = True
                    begin = here
                    whole = LOW_SEED
                    part = here
                    low = LOW_SEED
                whole = (whole ^ folded) * TIMES
                if byte == 95:
                    single = False
                    part = at
                    low = LOW_SEED
                else:
                    low = (low ^ folded) * TIMES
                dated = dated or np.uint8(byte - np.uint8(48)) < np.uint8(10)
                closed = False
                spaced = False
                continue
            if inside:
                inside = False
                number = _number(slots, hashes, whole)
                if number >= 0:
                    if _is_asked(told[number], data[begin]):
                        written = _note(number, 1, text, stamps, hits, written)
                    if told[number] & np.uint8(SPELLED):
                        number = _number(slots, hashes, _own_hash(data, begin, here))
                        written = _note(number, 1, text, stamps, hits, written)
            if byte == 32:
                spaced = True
                if here > start and data[here - _ONE] == 10:
                    signs |= OPENED
                continue
            if byte == 10:
                if signing:
                    signs |= DASHED
                signing = 0
                column = -1
                slashes = 0
                dated = False
                bracket = end
                label = False
                closed = True
                spaced = True
                continue
            if byte == 42:  # a star
                closed = False
                spaced = False
                continue
            if byte == 58 and label:
                signs |= LABELLED
            label = False
            if byte == 40 or byte == 91:
                signing = 0
                if column <= _NEAREST:
                    signs |= HEADED
                if byte == 40:
                    if here > start and data[here - _ONE] == 10:
                        signs |= OPENED
                    if bracket == end and column <= _FARTHEST_BRACKET:
                        bracket = here
                        if dated:
                            signs |= BRACKETED
                    if (
                        here >= start + _TWO
                        and _is_capital(data[at])
                        and (_is_capital(data[here - _TWO]) or data[here - _TWO] == 10)
                    ):
                        signs |= INLINE
                    if here + _THREE <= end and (data[at] | 32) == 99 and data[here + _TWO] == 41:
                        signs |= COPYRIGHT
            elif byte == 41:
                signing = 0
                if (
                    bracket < here
                    and here - bracket <= _LONGEST_BRACKET
                    and _dash_behind(data, at, end)
                ):
                    signs |= BRACKETED
            elif byte == 38:
                if (data[at] | 32) == 99:
                    signs |= COPYRIGHT
            elif byte == 47:
                slashes += 1
                if slashes == 1 and column <= _FARTHEST_SLASH and _is_capital(data[at]):
                    signs |= SLASHED
            elif byte == 33 or byte == 63:
                signing = 0
            elif byte == 46:
                stopped = True
            is_dash = byte == 45 or byte == 126 or 0x2012 <= point <= 0x2015 or point == 0x2212
            if is_dash and spaced and closed:
                signing = 1
                stopped = False
            if not is_dash:
                closed = (
                    byte >= _ASCII
                    or byte == 46
                    or byte == 33
                    or byte == 63
                    or byte == 34
                    or byte == 39
                    or byte == 41
                    or byte == 93
                )
            spaced = False
        if signing:
            signs |= DASHED
        counts[text] = written - before
        found[text] = signs
    return written
