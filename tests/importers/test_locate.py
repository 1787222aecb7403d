"""A line that is read for itself gives what it gives in the whole file."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from tests.importers.material import MAKERS, OPTIONS
from workbench.core.model import Response
from workbench.core.progress import silent
from workbench.importers import locate as alone_module
from workbench.importers.base import Options
from workbench.importers.choose import by_key
from workbench.importers.containers.open import open_file
from workbench.importers.locate import read_alone

WRAPPINGS = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "mark": lambda data: b"\xef\xbb\xbf" + data,
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
}
LINES = {"anthropic_batch", "call_records", "chat_corpora", "chat_log", "helicone", "langfuse", "litellm", "lm_eval",
         "mapped_jsonl", "openai_batch", "openai_tuning"}  # fmt: skip


@pytest.mark.parametrize("key", sorted(MAKERS))
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_record_alone_gives_the_answers_that_it_gives_in_the_file(key: str, wrapping: str, tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(WRAPPINGS[wrapping](MAKERS[key](random.Random(4), 40)))
    importer, opened, options = by_key(key), open_file(path), OPTIONS.get(key, Options())
    found = [r for r in importer.read(opened, options, silent) if isinstance(r, Response)]
    places: dict[tuple[int, int], list[tuple[str, str | None, int]]] = {}
    for record in found:
        places.setdefault((record.offset, record.length), []).append((record.text, record.prompt, record.offset))
    for (offset, length), wanted in places.items():
        read = read_alone(importer, opened, options, offset, length)
        assert read is not None or key not in LINES
        if read is not None:
            assert [(r.text, r.prompt, r.offset) for r in read] == wanted


def test_what_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(MAKERS["mapped_jsonl"](random.Random(4), 3))
    importer, opened, options = by_key("mapped_jsonl"), open_file(path), OPTIONS["mapped_jsonl"]
    first = next(r for r in importer.read(opened, options, silent) if isinstance(r, Response))
    assert read_alone(importer, opened, options, first.offset, first.length)
    monkeypatch.setattr(alone_module, "LARGEST", first.length - 1)
    assert read_alone(importer, opened, options, first.offset, first.length) is None
