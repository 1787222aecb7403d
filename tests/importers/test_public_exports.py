"""Small files after public documentation: each is known from its content, and gives the answers that stand in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.importers.further_exports import FURTHER
from tests.importers.material import accepted, rejected
from tests.importers.public_calls import CALLS
from tests.importers.public_chats import CHATS
from tests.importers.public_exports import THOUGHT, Export
from workbench.app.session import preview_file
from workbench.core.model import OTHER_BRANCH, CorpusFacts, Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of

ALL = CHATS | CALLS | FURTHER


def records_in(export: Export, folder: Path) -> list[Response | Rejected]:
    """The records of an export, read by what preview proposes."""
    file = folder / export.name
    file.write_bytes(export.text.encode())
    seen = preview_file(file)
    assert seen.importer or seen.map_line, seen.notes
    options = Options(mapping={} if seen.importer else seen.guesses)
    opened = open_file(file, file.name)
    found = records_of(choose(recognise(opened), options), opened, options, silent)
    return [record for record in found if not isinstance(record, CorpusFacts)]


@pytest.mark.parametrize("key", ALL)
def test_an_export_gives_what_stands_in_it(key: str, tmp_path: Path) -> None:
    export = ALL[key]
    records = records_in(export, tmp_path)
    answers = accepted(records)
    assert [(answer.prompt, answer.text, answer.model) for answer in answers] == list(export.answers)
    assert len(rejected(records)) == export.rejected
    if THOUGHT in export.text:
        assert any(THOUGHT in (answer.extra or {}).get("reasoning", "") for answer in answers)


SAID: dict[str, str] = {
    "open_webui": "model not found",
    "vertex_batch": "too long",
    "bedrock_batch": "bad request",
    "bedrock_log": "ThrottlingException",
    "azure_batch": "filtered",
    "vllm_batch": "maximum context length is 8 tokens",
    "promptfoo": "API error: 401",
}
"""What the service said of the call that failed."""


@pytest.mark.parametrize("key", SAID)
def test_a_rejected_record_keeps_the_words_of_the_service(key: str, tmp_path: Path) -> None:
    assert SAID[key] in " ".join(record.reason for record in rejected(records_in(ALL[key], tmp_path)))


@pytest.mark.parametrize("key", ["chatgpt", "lm_studio", "silly_tavern"])
def test_a_branch_that_was_left_is_marked_and_the_shown_one_is_not(key: str, tmp_path: Path) -> None:
    marked = [OTHER_BRANCH in answer.flags for answer in accepted(records_in(ALL[key], tmp_path))]
    assert marked == [False] * (len(marked) - 3) + [True, False, False]


def test_a_field_that_may_be_a_reference_is_not_guessed_to_be_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    file.write_text("".join(f'{{"task_id": "HumanEval/{at}", "solution": "return {at}"}}\n' for at in range(6)))
    seen = preview_file(file)
    assert (seen.importer, seen.map_line) == (None, "")


def test_a_model_that_is_no_text_rejects_its_own_answer_alone(tmp_path: Path) -> None:
    export = ALL["claude_code"]
    broken = export.text.replace('"model": "claude-sonnet-4"', '"model": ["claude-sonnet-4"]')
    other = export.text.replace("msg_1", "msg_2").replace('"uuid": "', '"uuid": "other-')
    other = other.replace('"parentUuid": "', '"parentUuid": "other-')
    records = records_in(replace(export, text=broken + other), tmp_path)
    assert [record.reason for record in rejected(records)] == ["`message.model` is a list, not a text or a number"]
    assert [answer.text for answer in accepted(records)] == [answer for _, answer, _ in export.answers]
