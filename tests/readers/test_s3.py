"""Objects of an S3 service are read as local files are; the service is moto's, in this process."""

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import provenance
from provenance.errors import InputError
from provenance.model import Document

boto3 = pytest.importorskip("boto3", reason="the extra dev-s3 is not installed (boto3)")
s3fs = pytest.importorskip("s3fs", reason="the extra dev-s3 is not installed (s3fs)")
server = pytest.importorskip("moto.server", reason="the extra dev-s3 is not installed (moto)")


@pytest.fixture(scope="module")
def service():
    """Start a service on a free port."""
    started = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def client(service, monkeypatch):
    """Name the service as a user would, in the environment; give a bucket `news` in it."""
    host, port = service.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "reader",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    opened = boto3.client("s3")
    opened.create_bucket(Bucket="news")
    yield opened
    opened.close()


def formats():
    """Return one text in files of several formats: read by lines, by seeking, and as a whole."""
    records = [{"id": f"r{i}", "text": f"The ferry left at {i}. " * 2000} for i in range(40)]
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    table, archive = io.BytesIO(), io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), table, row_group_size=7)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner.jsonl", lines)
    return {
        "lines.jsonl": lines,
        "packed.jsonl.gz": gzip.compress(lines, mtime=0),
        "table.parquet": table.getvalue(),
        "archive.zip": archive.getvalue(),
        "one.txt": b"One text.",
    }


def said(paths):
    """Return what is read, without the order."""
    found = list(provenance.read(paths, duplicate_ids="suffix"))
    assert all(isinstance(item, Document) for item in found)
    return sorted((item.path, item.id, item.text) for item in found)


def test_objects_are_read_as_files_are(client, tmp_path):
    """A prefix is a folder, and each format gives the documents that a local file gives."""
    folder = tmp_path / "crawl"
    folder.mkdir()
    for name, data in formats().items():
        (folder / name).write_bytes(data)
        client.put_object(Bucket="news", Key=f"2026/crawl/{name}", Body=data)
    expected = said([str(folder)])
    assert len(expected) == 161
    assert said(["s3://news/2026/crawl"]) == expected
    assert said(["s3://news/2026/crawl/*.jsonl"]) == said([str(folder / "lines.jsonl")])
    assert said(["s3://news/2026/crawl/table.parquet"]) == said([str(folder / "table.parquet")])


@pytest.mark.parametrize("address", ["s3://nowhere/a.jsonl", "s3://news/missing.jsonl"])
@pytest.mark.usefixtures("client")
def test_what_is_not_there_is_told(address):
    """A missing bucket or object is one line, with its address."""
    with pytest.raises(InputError, match=address):
        list(provenance.read(address))
