from email.message import EmailMessage
from email.policy import SMTP

import pytest
from articles import PARAGRAPHS, TEXT

from provenance.model import Document, Skipped
from provenance.readers import Note, read

STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read_all(*paths, **options):
    """Read paths to lists of documents, skipped input and notes."""
    items = list(read(paths, **options))
    kinds = (Document, Skipped, Note)
    return tuple([item for item in items if isinstance(item, kind)] for kind in kinds)


def message(text=TEXT, html=None, number=1):
    """Return a press release as a message."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Pellan Harbour Board <press@news.harbour.example>"
    mail["Subject"] = "Lamp of Cormorant Rock: größer"
    mail["Date"] = "Thu, 04 May 2023 10:00:00 +0200"
    mail["Message-ID"] = f"<{number}@harbour.example>"
    if text is not None:
        mail.set_content(text, cte="quoted-printable")
    if html is not None:
        (mail.add_alternative if text else mail.set_content)(html, subtype="html")
    return mail


def same_words(text):
    """Return a text with one space between words."""
    return " ".join(text.split())


@pytest.mark.parametrize(("text", "html"), [(TEXT, None), (TEXT, "<p>Other</p>"), (None, STORY)])
def test_a_message_is_a_document(tmp_path, text, html):
    """The plain text counts, else the HTML; sender, subject and date are what is known of it."""
    (tmp_path / "x.eml").write_bytes(message(text, html).as_bytes())
    [document], skipped, notes = read_all(tmp_path)
    assert same_words(document.text) == same_words(TEXT)
    assert (document.id, document.offsets_of) == ("x.eml", "extracted")
    assert document.title == "Lamp of Cormorant Rock: größer"
    assert (document.source, document.authors) == ("harbour.example", ("Pellan Harbour Board",))
    assert document.published.text == "2023-05-04T10:00:00+02:00"
    assert document.published_from == "the header Date"
    assert (skipped, notes) == ([], [])


def test_attachments_are_not_the_text(tmp_path):
    """A text that is attached does not stand for the message; without one it has none."""
    mail = message("The release.")
    mail.add_attachment("Attached words.", filename="a.txt")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    empty = message(None)
    empty.add_attachment(b"\xff\xd8", maintype="image", subtype="jpeg", filename="a.jpg")
    (tmp_path / "b.eml").write_bytes(empty.as_bytes())
    [document], [skipped], _ = read_all(tmp_path)
    assert document.text.strip() == "The release."
    assert skipped == Skipped("b.eml", "a message without text")


@pytest.mark.parametrize("name", ["x.mbox", "x"])
def test_a_mailbox_is_many_documents(tmp_path, name):
    """An mbox is cut where a line begins with 'From ' after an empty one; ids are the messages'."""
    texts = [TEXT, "From here on.\n\n>From there.", "Three."]
    box = b""
    for number, text in enumerate(texts, 1):
        body = message(text, number=number).as_bytes().replace(b"\r\n", b"\n")
        box += b"From press@harbour.example Thu May  4 10:00:00 2023\n"
        box += body.replace(b"\nFrom ", b"\n>From ") + b"\n"
    (tmp_path / name).write_bytes(box)
    documents, skipped, _ = read_all(tmp_path)
    assert [d.id for d in documents] == [f"{n}@harbour.example" for n in (1, 2, 3)]
    assert [same_words(d.text) for d in documents][2] == "Three."
    assert documents[1].text.startswith("From here on.")
    assert skipped == []


def test_a_message_that_is_too_large_is_skipped(tmp_path):
    """The limit holds for each message of a mailbox."""
    start = b"From a@b.example Thu May  4 10:00:00 2023\nSubject: x\n\n"
    (tmp_path / "x.mbox").write_bytes(start + b"words \n" * 1000 + b"\n" + start + b"Few words.\n")
    [document], [skipped], _ = read_all(tmp_path, max_document=1000)
    assert document.text.strip() == "Few words."
    assert skipped.place == "x.mbox#1"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.eml", b"", "empty file"),
        ("x.eml", b"Subject: x\n\n", "a message without text"),
        ("x.mbox", b"words\n", "no mailbox"),
        (
            "x.eml",
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(3000)
            ),
            "",
        ),
        ("x.eml", b"Content-Type: text/plain; charset=klingon\n\n\xff\xfe\x00", ""),
    ],
)
def test_unusable_mail(tmp_path, name, data, reason):
    """A message without a text, or parts in parts without end, is skipped or read, never a bug."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("Z.")
    documents, skipped, _ = read_all(tmp_path)
    assert documents[-1].text == "Z."
    assert len(documents) + len(skipped) == 2
    assert not reason or skipped[0].reason.startswith(reason)
