"""What is written of a table is what was read, cell by cell and byte for byte."""

import csv
import io
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import decisions
from writing import written as written_by

from provenance.errors import InputError
from provenance.writers.decisions import FIELDS
from provenance.writers.tables import write_table

written = partial(written_by, write_table)
TABLE = (
    b'\xef\xbb\xbfid;"text" ;n\r\n1;"two\r\nlines; ""quoted""";007\r\n\r\n2; plain ;\xff\n3;"";1,5'
)


def test_kept_rows_are_the_bytes_that_were_read():
    """Quotes, line ends inside and after rows, byte order mark, broken bytes, empty lines."""
    assert written(TABLE, decisions(d1=True, d2=True, d3=True)) == TABLE


def test_only_dropped_rows_are_missing():
    """A row over two lines is one row."""
    without = TABLE.replace(b'1;"two\r\nlines; ""quoted""";007\r\n', b"")
    assert written(TABLE, decisions(d1=False, d2=True)) == without
    assert written(TABLE, decisions(d3=False)) == TABLE.removesuffix(b'3;"";1,5')


def test_annotated_rows_have_cells_more():
    """In the dialect of the table; a row that could not be read has empty ones."""
    found = written(TABLE, decisions(d1=True, d3=False), annotate=True)
    text = found.decode("utf-8-sig", "surrogateescape")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
    assert rows[0][3:] == list(FIELDS)
    assert rows[1][1:3] == ['two\r\nlines; "quoted"', "007"]
    assert rows[1][3:] == ["é", "c", "r", "wire", "true", "original"]
    assert rows[2][3:] == [""] * 6
    assert rows[3][-2] == "false"
    with pytest.raises(InputError, match="annotated already"):
        written(found, decisions(d1=True), annotate=True)


CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=6)


@given(
    st.lists(st.tuples(st.lists(CELLS, min_size=2, max_size=2), st.booleans()), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_cells_come_back(rows, delimiter, end):
    """Rows written are those kept, whatever their cells hold."""
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text"])
    writer.writerows(cells for cells, _ in rows)
    verdicts = decisions(**{f"d{i}": keep for i, (_, keep) in enumerate(rows, 1)})
    found = written(sink.getvalue().encode(), verdicts).decode()
    back = list(csv.reader(io.StringIO(found, newline=""), delimiter=delimiter))
    assert back[1:] == [cells for cells, keep in rows if keep]
