"""Which reader reads which kind of file: a function by the suffix of the name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from provenance.readers.archives import read_tar, read_zip
from provenance.readers.arrow import read_arrow
from provenance.readers.html import read_html
from provenance.readers.items import Reader
from provenance.readers.json_records import read_json, read_json_lines
from provenance.readers.mail import read_mailbox, read_message
from provenance.readers.news_xml import read_xml
from provenance.readers.parquet import read_parquet
from provenance.readers.tables import read_table
from provenance.readers.text import read_text
from provenance.readers.warc import read_warc

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_text,
        ".markdown": read_text,
        ".jsonl": read_json_lines,
        ".ndjson": read_json_lines,
        ".jl": read_json_lines,
        ".json": read_json,
        ".html": read_html,
        ".htm": read_html,
        ".xhtml": read_html,
        ".shtml": read_html,
        ".xml": read_xml,
        ".rss": read_xml,
        ".atom": read_xml,
        ".nitf": read_xml,
        ".newsml": read_xml,
        ".eml": read_message,
        ".mbox": read_mailbox,
        ".zip": read_zip,
        ".tar": read_tar,
        ".warc": read_warc,
        ".wet": read_warc,
        ".csv": read_table,
        ".tsv": read_table,
        ".tab": read_table,
        ".parquet": read_parquet,
        ".pq": read_parquet,
        ".arrow": read_arrow,
        ".arrows": read_arrow,
        ".ipc": read_arrow,
        ".feather": read_arrow,
    }
)
