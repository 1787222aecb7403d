"""What every importer must keep, on real files and on invented ones."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from pathlib import Path

import pytest

from tests.importers.material import MAKERS, OPTIONS, accepted, read, rejected
from workbench.core.errors import Cancelled, UsageError
from workbench.core.model import Response
from workbench.importers.base import Options
from workbench.importers.choose import IMPORTERS, by_key, choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.reading import window

ROOT = Path(__file__).parents[2]
RAW_API = {"prompt": "request.prompt", "response": "response.choices.0.message.content", "model": "returned_model"}


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda i: i.key)
def test_an_importer_says_what_it_is(importer) -> None:
    assert importer.title
    assert all(suffix.startswith(".") for suffix in importer.suffixes)
    assert by_key(importer.key) is importer
    assert importer.asked_only is importer.key.startswith("mapped_")


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda i: i.key)
def test_the_table_of_formats_has_it(importer) -> None:
    assert f"`{importer.key}`" in (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as error:
        by_key("word")
    assert "alpaca_eval" in error.value.hint


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_exactly_one_importer_claims_an_invented_file(key: str, tmp_path: Path) -> None:
    file = tmp_path / "data.bin"
    file.write_bytes(MAKERS[key](random.Random(1), 20))
    asked = [i.key for i, _ in recognise(open_file(file)).claims(OPTIONS.get(key, Options()))]
    assert asked == [key]
    unasked = [i.key for i, _ in recognise(open_file(file)).known.claims]
    assert unasked == ([] if key.startswith("mapped_") else [key])


@pytest.mark.parametrize("key", sorted(MAKERS))
@pytest.mark.parametrize("wrapped", ["plain", "gzip", "mark", "utf-16", "crlf"])
def test_the_same_answers_come_out_of_every_wrapping(key: str, wrapped: str, tmp_path: Path) -> None:
    data = MAKERS[key](random.Random(2), 60)
    if wrapped == "crlf" and key in ("mapped_csv", "promptfoo_csv"):
        pytest.skip("its cells hold line ends")
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.write_bytes(data)
    turned = {
        "plain": lambda: data,
        "gzip": lambda: gzip.compress(data),
        "mark": lambda: b"\xef\xbb\xbf" + data,
        "utf-16": lambda: data.decode().encode("utf-16"),
        "crlf": lambda: data.replace(b"\n", b"\r\n"),
    }
    other.write_bytes(turned[wrapped]())
    expected, found = accepted(read(plain, key)), accepted(read(other, key))
    assert len(expected) == 60
    flags = ("utf-16",) if wrapped == "utf-16" else ()
    assert [a[:7] for a in found] == [a[:7] for a in expected]
    assert all(set(flags) <= set(a.flags) for a in found)


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_reading_again_gives_the_same_records(key: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(MAKERS[key](random.Random(3), 50))
    assert read(file, key) == read(file, key)


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_progress_stays_within_bounds_and_can_cancel(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "STEP", 4_000)
    monkeypatch.setattr(window, "TELL_EVERY", 16_000)
    file = tmp_path / "file"
    file.write_bytes(MAKERS[key](random.Random(4), 1_500))
    told: list[float] = []

    def tell(fraction: float, note: str = "") -> None:
        told.append(fraction)

    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    records = sum(1 for _ in by_key(key).read(open_file(file), OPTIONS.get(key, Options()), tell))
    assert records == 1_500
    assert 3 < len(told) < 90
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1
    with pytest.raises(Cancelled):
        list(by_key(key).read(open_file(file), OPTIONS.get(key, Options()), stop))


@pytest.mark.parametrize("key", ["alpaca_eval", "mapped_json", "mapped_jsonl", "fastchat"])
def test_the_bytes_at_each_place_are_the_record(key: str, tmp_path: Path) -> None:
    data = MAKERS[key](random.Random(5), 80)
    file = tmp_path / "file"
    file.write_bytes(data)
    for answer in accepted(read(file, key)):
        record = json.loads(data[answer.offset : answer.offset + answer.length])
        assert answer.text == _text_of(key, record)


def _text_of(key: str, record: dict) -> str:
    if key == "alpaca_eval":
        return record["output"]
    return record["choices"][0]["turns"][0] if key == "fastchat" else record["a"][0]["content"]


def test_the_bytes_at_each_place_are_the_row(tmp_path: Path) -> None:
    data = MAKERS["mapped_csv"](random.Random(5), 80)
    file = tmp_path / "file"
    file.write_bytes(data)
    for answer in accepted(read(file, "mapped_csv")):
        row = data[answer.offset : answer.offset + answer.length].decode()
        assert next(csv.reader(io.StringIO(row)))[1] == answer.text


@pytest.mark.panel
def test_every_real_alpaca_file_is_read_whole(shared: Path) -> None:
    files = sorted((shared / "panel" / "corpora").glob("*.json"))
    assert files
    for file in files:
        opened = open_file(file)
        assert [i.key for i, _ in recognise(opened).known.claims] == ["alpaca_eval"]
        data = file.read_bytes()
        expected = json.loads(data)
        records = read(file, "alpaca_eval")
        assert [(r.prompt, r.text, r.model) for r in accepted(records)] == [
            (e["instruction"], e["output"], e["generator"]) for e in expected
        ]
        assert not rejected(records)
        for record, one in zip(records, expected, strict=True):
            assert json.loads(data[record.offset : record.offset + record.length]) == one


@pytest.mark.panel
def test_every_real_fastchat_file_is_read_whole(shared: Path) -> None:
    questions = shared / "formats" / "fastchat" / "question.jsonl"
    asked = {q["question_id"]: q["turns"] for q in map(json.loads, questions.read_text().splitlines())}
    for file in sorted((shared / "formats" / "fastchat").glob("*.jsonl")):
        opened = open_file(file)
        if file == questions:
            assert recognise(opened).known.claims == ()
            continue
        assert [i.key for i, _ in recognise(opened).known.claims] == ["fastchat"]
        data = file.read_bytes()
        lines = [json.loads(line) for line in data.decode().split("\n") if line]
        expected = [(line, n, t) for line in lines for c in line["choices"] for n, t in enumerate(c["turns"])]
        records = read(file, "fastchat", Options(prompts=PromptFile(questions)))
        assert len(records) == len(expected)
        for record, (line, number, text) in zip(records, expected, strict=True):
            assert isinstance(record, Response)
            assert (record.text, record.record_id, record.model) == (text, line["answer_id"], line["model_id"])
            assert json.loads(data[record.offset : record.offset + record.length]) == line
            if not number:
                assert record.prompt == asked[line["question_id"]][0]
        without = read(file, "fastchat", Options())
        assert len(without) == len(records)
        assert all(r.prompt is None and r.prompt_key for r in accepted(without))


@pytest.mark.panel
def test_real_raw_records_are_read_whole_by_their_format_and_by_a_mapping(shared: Path) -> None:
    for file in sorted((shared / "formats" / "raw-api").glob("*.jsonl")):
        opened = open_file(file)
        assert [i.key for i, _ in recognise(opened).known.claims] == ["call_records"]
        options = Options(mapping=RAW_API)
        assert choose(recognise(opened), options).key == "mapped_jsonl"
        data = file.read_bytes()
        lines = [json.loads(line) for line in data.decode().split("\n") if line]
        texts = [line["response"]["choices"][0]["message"]["content"] for line in lines]
        own, mapped = read(file, "call_records"), read(file, "mapped_jsonl", options)
        assert [r.text for r in accepted(own)] == [t or "" for t in texts]
        assert [r.text for r in accepted(mapped)] == [t for t in texts if t is not None]
        for records in (own, mapped):
            assert len(records) == len(lines)
            for record, line in zip(records, lines, strict=True):
                assert json.loads(data[record.offset : record.offset + record.length]) == line
        for answer, line in zip(accepted(own), lines, strict=True):
            assert (answer.model, answer.record_id) == (line["returned_model"], line["id"])
            assert answer.extra["requested_model"] == line["requested_model"]
            assert answer.extra.get("reasoning") == line["response"]["choices"][0]["message"]["reasoning"]


@pytest.mark.panel
def test_real_conversations_are_read_whole(shared: Path) -> None:
    (file,) = (shared / "formats" / "sharegpt").iterdir()
    assert [i.key for i, _ in recognise(open_file(file)).known.claims] == ["sharegpt"]
    data = file.read_bytes()
    whole = json.loads(data)
    expected = [(c["id"], t["value"]) for c in whole for t in c["conversations"] if t["from"] == "gpt"]
    records = accepted(read(file, "sharegpt"))
    assert [(r.record_id.split("#")[0], r.text) for r in records] == expected
    assert [r.prompt for r in records if "#" not in r.record_id] == [c["conversations"][0]["value"] for c in whole]
    places = {(r.offset, r.length) for r in records}
    assert sorted(json.loads(data[at : at + size])["id"] for at, size in places) == sorted(c["id"] for c in whole)


@pytest.mark.panel
def test_exactly_one_importer_claims_each_real_file(shared: Path) -> None:
    files = [*(shared / "formats").rglob("*.*"), *(shared / "panel" / "corpora").glob("*")]
    found = {file.name: [i.key for i, _ in recognise(open_file(file)).known.claims] for file in files}
    assert len(found) == len(files) > 60
    assert {name for name, keys in found.items() if not keys} == {"README.md", "question.jsonl"}
    assert all(len(keys) <= 1 for keys in found.values())
