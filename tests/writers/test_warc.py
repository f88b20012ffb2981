"""What is written of a web archive is its records as they were, and revisits as WARC has them."""

import io

import pytest
from articles import PARAGRAPHS, page
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from writing import dedup

from provenance.errors import InputError
from provenance.model import Document
from provenance.readers import Note, Skipped, read

CLOCKS = """
The museum of clocks opens its new wing in April with forty instruments that no visitor has seen
since the flood, among them a water clock which once told monks when to rise. The keeper found
them behind a wall that no plan of the house shows, dry and in order, with a list in the hand of a
clerk who had left the town eighty years before.
"""
OTHER = page([CLOCKS], title="Clocks behind a wall", site="The Echo")


class Writer(WARCWriter):
    """A writer that leaves no temporary files open."""

    _create_temp_file = staticmethod(io.BytesIO)


def archive(*bodies, packed=False):
    """Return an archive with a request and a response for each body."""
    stream = io.BytesIO()
    writer = Writer(stream, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "by hand"}))
    for number, body in enumerate(bodies, 1):
        url = f"https://site{number}.example/page"
        response = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body.encode()),
            http_headers=StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            ),
            warc_headers_dict={
                "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-00000000000{number}>",
                "WARC-Date": f"2023-05-0{number}T07:08:09Z",
            },
        )
        request = writer.create_warc_record(
            url,
            "request",
            http_headers=StatusAndHeaders("GET /page HTTP/1.1", [("Host", url)]),
        )
        writer.write_request_response_pair(request, response)
    return stream.getvalue()


def parsed(data):
    """Return type, address and block of every record."""
    return [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI"),
            record.raw_stream.read(),
        )
        for record in ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_kept_records_are_the_records_that_were_read(tmp_path, packed):
    """Byte for byte, with their requests and what is about the crawl, each packed by itself."""
    data = archive(page(), OTHER, page([*PARAGRAPHS, "One more line."]), page(), packed=packed)
    source = tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")
    source.write_bytes(data)
    written = dedup(tmp_path / f"unique.{source.name}", source)
    assert (written.kept, written.dropped) == (2, 2)
    found = (tmp_path / f"unique.{source.name}").read_bytes()
    before, after = parsed(data), parsed(found)
    addresses = {address for kind, address, _ in after if kind == "response"}
    assert after == [record for record in before if record[1] in {None, *addresses}]
    assert len(after) == 5
    if packed:
        assert found.count(b"\x1f\x8b\x08") == len(after)


def test_a_dropped_page_that_is_the_kept_one_leaves_a_revisit(tmp_path):
    """Of the page that is kept, with its own address and date; other copies are left out."""
    (tmp_path / "crawl.warc").write_bytes(archive(page(), OTHER, page(), page(PARAGRAPHS[:-1])))
    dedup(tmp_path / "out.warc", tmp_path / "crawl.warc", revisits=True)
    found = io.BytesIO((tmp_path / "out.warc").read_bytes())
    headers = [(record.rec_type, record.rec_headers) for record in ArchiveIterator(found)]
    kept, _ = [own for kind, own in headers if kind == "response"]
    (revisit,) = [own for kind, own in headers if kind == "revisit"]
    assert revisit.get_header("WARC-Profile").endswith("/identical-payload-digest")
    assert revisit.get_header("WARC-Refers-To") == kept.get_header("WARC-Record-ID")
    assert revisit.get_header("WARC-Refers-To-Target-URI") == kept.get_header("WARC-Target-URI")
    assert revisit.get_header("WARC-Refers-To-Date") == kept.get_header("WARC-Date")
    assert revisit.get_header("WARC-Payload-Digest") == kept.get_header("WARC-Payload-Digest")
    assert revisit.get_header("WARC-Target-URI") != kept.get_header("WARC-Target-URI")
    again = list(read(tmp_path / "out.warc"))
    assert not [item for item in again if isinstance(item, Skipped | Note)]
    assert len({item.text for item in again if isinstance(item, Document)}) == 2
    assert len(again) == 3


def test_annotated_records_have_headers_more(tmp_path):
    """And their blocks are as they were."""
    data = archive(page(), page())
    (tmp_path / "crawl.warc").write_bytes(data)
    dedup(tmp_path / "out.warc", tmp_path / "crawl.warc", annotate=True)
    found = (tmp_path / "out.warc").read_bytes()
    assert parsed(found) == parsed(data)
    headers = [
        r.rec_headers for r in ArchiveIterator(io.BytesIO(found)) if r.rec_type == "response"
    ]
    kept, dropped = sorted(headers, key=lambda h: h.get_header("Provenance-Keep"), reverse=True)
    assert (kept.get_header("Provenance-Keep"), dropped.get_header("Provenance-Keep")) == (
        "true",
        "false",
    )
    representative = f"<{dropped.get_header('Provenance-Representative')}>"
    assert representative == kept.get_header("WARC-Record-ID")


def test_a_damaged_archive_is_not_written(tmp_path):
    """Where lengths are wrong, numbers of records may be, too."""
    data = archive(page(), page())
    place = data.rfind(b"Content-Length: ")
    (tmp_path / "crawl.warc").write_bytes(data[: place + 16] + b"9" + data[place + 17 :])
    with pytest.raises(InputError):
        dedup(tmp_path / "out.warc", tmp_path / "crawl.warc")
    assert not (tmp_path / "out.warc").exists()
