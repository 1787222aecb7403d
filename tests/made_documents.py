"""Small documents for tests: PDF, Word file, web page."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

TERMS = "<html><title>Terms</title><p>You may <b>not</b> use outputs\nto train a model that competes.<p>It is “ours”."
CLAUSE = "You may not use outputs to train a model that competes."


def write_pdf(path: Path, *pages: str) -> Path:
    """A PDF with a text layer, a page for each text; a page of an empty text has none, as a scan."""
    streams = [b"BT /F1 12 Tf 20 700 Td (%s) Tj ET" % text.encode("latin-1") if text else b"" for text in pages]
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for at, stream in enumerate(streams):
        page = f"/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents {5 + 2 * at} 0 R"
        objects += [
            f"<</Type/Page/Parent 2 0 R{page}>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        *(len(objects) + 1, table, len(objects) + 1, len(data)),
    )  # fmt: skip
    path.write_bytes(data + end)
    return path


def paragraph(text: str) -> str:
    """A paragraph of a Word file with one run."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def write_word_file(path: Path, body: Sequence[str], start: str = "", **parts: str) -> Path:
    """A Word file of some paragraphs as XML, and other parts by their names."""
    spaces = f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"{start}<w:document {spaces}><w:body>{''.join(body)}</w:body></w:document>"
        )
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:hdr {spaces}>{text}</w:hdr>")
    return path


def write_terms(path: Path) -> Path:
    """Terms of use as a web page, which hold CLAUSE."""
    path.write_text(TERMS, "utf-8")
    return path
