"""Inspect logs: real ones, ones in today's form, and what must not be taken from them."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from backports.zstd import zipfile as newer_zipfile

from tests.importers.container_files import HEADER, ZSTD, inspect_log, sample, zipped
from tests.importers.material import accepted, read, rejected
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes


def log(folder: Path, samples: list[dict], method: int = ZSTD, name: str = "log.eval") -> Path:
    """A log of these samples."""
    files = {f"samples/{s['id']}_epoch_{s['epoch']}.json": json.dumps(s).encode() for s in samples}
    file = folder / name
    file.write_bytes(zipped({**files, "header.json": json.dumps(HEADER).encode()}, method))
    return file


@pytest.mark.panel
def test_every_real_log_is_read_whole(shared: Path) -> None:
    counts = []
    for file in sorted((shared / "formats" / "inspect").iterdir()):
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.startswith("samples/")]
            samples = [json.loads(archive.read(name)) for name in names]
        opened = open_file(file)
        assert [i.key for i, _ in recognise(opened).known.claims] == ["inspect_log"]
        records = read(file, "inspect_log")
        assert [r.text for r in accepted(records)] == [s["output"]["choices"][0]["message"]["content"] for s in samples]
        assert [(r.prompt_key, r.sample, r.model) for r in accepted(records)] == [
            (str(s["id"]), str(s["epoch"]), s["output"]["model"]) for s in samples
        ]
        assert not rejected(records)
        for record, one in zip(records, samples, strict=True):
            assert "attachment://" not in f"{record.prompt}{record.text}"
            if isinstance(one["input"], str) and len(one["messages"]) <= 3:
                assert record.prompt == one["input"]
            assert json.loads(raw_bytes(file, record.member, record.offset, record.length)) == one
        counts.append(len(records))
    assert sorted(counts) == [1, 1, 10]


def test_attachments_are_put_back_and_a_missing_one_is_said(tmp_path: Path) -> None:
    whole = sample(random.Random(1), 1, 1, attached=True)
    lacking = sample(random.Random(1), 2, 1, attached=True) | {"attachments": {}}
    old = sample(random.Random(1), 3, 1)
    old["messages"] = []
    old["input"] = "tc://" + "a" * 32
    old["attachments"] = {"a" * 32: "of old"}
    first, second, third = accepted(read(log(tmp_path, [whole, lacking, old]), "inspect_log"))
    assert first.prompt == "Question 1?"
    assert first.text == whole["attachments"]["0" * 31 + "2"]
    assert "attachment missing" not in first.flags
    assert second.prompt.startswith("attachment://")
    assert "attachment missing" in second.flags
    assert third.prompt == "of old"


def test_invalidated_and_failed_samples_are_rejected_with_their_reason(tmp_path: Path) -> None:
    source = random.Random(2)
    taken_back = sample(source, 1, 1) | {"invalidation": {"author": "me", "reason": "wrong key"}}
    failed = sample(source, 2, 1) | {"error": {"message": "out of quota"}}
    failed["output"] = {"model": "m", "choices": [], "completion": ""}
    late = sample(source, 3, 1) | {"error": {"message": "scorer broke"}}
    records = read(log(tmp_path, [taken_back, failed, late]), "inspect_log")
    assert [r.reason for r in rejected(records)] == [
        "the sample was invalidated: wrong key",
        "the sample has no answer: out of quota",
    ]
    (answer,) = accepted(records)
    assert "the sample failed afterwards" in answer.flags


def test_stops_choices_epochs_and_settings_are_kept(tmp_path: Path) -> None:
    one = sample(random.Random(3), 7, 2)
    output = one["output"]
    output["choices"] = [
        output["choices"][0] | {"stop_reason": "max_tokens"},
        {"message": {"role": "assistant", "content": "other"}, "stop_reason": "content_filter"},
    ]
    first, second = accepted(read(log(tmp_path, [one]), "inspect_log"))
    assert (first.prompt_key, first.sample, second.sample) == ("7", "2", "2/2")
    assert "truncated" in first.flags
    assert "content filter" in second.flags
    assert second.text == "other"
    assert first.extra == {
        "system": "Be brief.",
        "requested_model": "openai/model-x",
        "settings": {"temperature": 0.5},
        "run_settings": {"max_connections": 20},
    }


def test_a_sample_that_was_written_again_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "log.eval"
    source = random.Random(4)
    files = {"header.json": json.dumps(HEADER).encode()}
    for text in ("first", "other"):
        one = sample(source, 1, 1)
        one["output"]["choices"][0]["message"]["content"] = text
        one["messages"] = one["messages"][:2]
        files[f"samples/{text}_epoch_1.json"] = json.dumps(one).encode()
    file.write_bytes(zipped(files, ZSTD).replace(b"samples/other_", b"samples/first_"))
    records = read(file, "inspect_log")
    assert [r.text for r in accepted(records)] == ["other"]
    assert [r.reason for r in rejected(records)] == ["a later file of the same name in the log takes its place"]


def test_a_sample_spread_over_a_folder_is_put_together(tmp_path: Path) -> None:
    one = sample(random.Random(5), 1, 1)
    messages = one.pop("messages")
    messages[1] = messages[1] | {"content": "attachment://1"}
    one |= {"message_refs": [[0, 1], [1, 3]], "input": "attachment://1"}
    prefix = "samples/1_epoch_1"
    files = {
        f"{prefix}/sample.json": one,
        f"{prefix}/messages/0.json": messages[:2],
        f"{prefix}/messages/2.json": messages[2:],
        f"{prefix}/attachments/0.json": ["zero", "the question"],
        f"{prefix}/events/0.json": [],
        "header.json": HEADER,
    }
    file = tmp_path / "log.eval"
    file.write_bytes(zipped({name: json.dumps(value).encode() for name, value in files.items()}, ZSTD))
    (record,) = accepted(read(file, "inspect_log"))
    assert (record.prompt, record.member) == ("the question", f"{prefix}/sample.json")


def test_a_log_in_json_is_known_by_its_first_samples_and_tells_what_was_asked_for(tmp_path: Path) -> None:
    """The second sample is cut off where the recogniser stops looking; messages in it begin like samples."""
    ids = [f"sample {n}" for n in range(9_000)]  # more than the first look holds
    one, two = sample(random.Random(7), 1, 1), sample(random.Random(7), 2, 1)
    for each, events in ((one, 200), (two, 900)):
        each["messages"] = [{"id": "m", **message} for message in each["messages"]]
        each["events"] = [{"id": "e", "text": "x" * 40} for _ in range(events)]
    file = tmp_path / "log.json"
    for listed in ([], ids):
        asked = HEADER["eval"] | {"dataset": {"sample_ids": listed}}
        whole = {"version": 2, "status": "success", "eval": asked, "plan": {}, "samples": [one, two]}
        file.write_text(json.dumps(whole, indent=2))
        assert [i.key for i, _ in recognise(open_file(file)).known.claims] == ["inspect_json"]
        records = read(file, "inspect_json")
        assert [r.prompt_key for r in accepted(records)] == ["1", "2"]
        extra = accepted(records)[0].extra or {}
        assert (extra["requested_model"], extra["settings"]) == ("openai/model-x", {"temperature": 0.5})


def test_a_log_without_a_header_or_with_a_damaged_sample_gives_the_rest(tmp_path: Path) -> None:
    data = inspect_log(random.Random(6), 9)
    with newer_zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["header.json"] = files["_journal/start.json"] = b"{"
    name = next(name for name in files if name.startswith("samples/"))
    files[name] = files[name][:50]
    file = tmp_path / "log.eval"
    file.write_bytes(zipped(files))
    records = read(file, "inspect_log")
    assert (len(accepted(records)), len(rejected(records))) == (8, 1)
    assert rejected(records)[0].member == name
