"""Files as people really have them: what must come out of each stands beside it.

The first command that `preview` names is the one that reads them. A prompt or an answer in brackets is not compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importers.material import accepted
from workbench.app.requests import ImportReport, ImportRequest
from workbench.app.session import Session, preview_file
from workbench.core.errors import BadInputError
from workbench.core.model import OTHER_BRANCH, Response
from workbench.core.progress import silent
from workbench.core.surroundings import Conditions
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of

FIELD = Path(__file__).parent / "field"
CASES = sorted(FIELD.glob("*/right-*.json"))


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "case", title="Case", conditions=conditions) as opened:
        yield opened


def proposed(path: Path) -> dict[str, str]:
    """The mapping that preview proposes; none for a known format."""
    seen = preview_file(path)
    assert seen.importer or seen.map_line, seen.notes
    return {} if seen.importer else seen.guesses


def answers(path: Path) -> list[Response]:
    recognised, options = recognise(open_file(path, path.name)), Options(mapping=proposed(path))
    return accepted(list(records_of(choose(recognise(recognised.opened), options), recognised.opened, options, silent)))


def counts(report: ImportReport) -> tuple[int, int, int]:
    """Accepted, rejected and duplicate over all corpora."""
    rows = report.corpora
    return sum(c.accepted for c in rows), sum(c.rejected for c in rows), sum(c.duplicate for c in rows)


@pytest.mark.parametrize("right", CASES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_answers_are_right(session: Session, right: Path) -> None:
    wanted = json.loads(right.read_text("utf-8"))
    file = right.parent / wanted["file"]
    found = answers(file)
    left = Counter((answer.prompt, answer.text, answer.model) for answer in found)
    for answer in wanted["answers"]:
        if answer["answer"].startswith("("):
            continue
        fits = [key for key in left if key[1:] == (answer["answer"], answer["model"])]
        if not answer["prompt"].startswith("("):
            fits = [key for key in fits if key[0] == answer["prompt"]]
        assert fits, answer
        left[fits[0]] -= 1
        left += Counter()
    assert len(found) == len(wanted["answers"])
    report = session.import_file(file, ImportRequest(mapping=proposed(file)))
    assert counts(report) == (len(wanted["answers"]), len(wanted.get("rejected", ())), 0)


def flags_of(path: Path) -> list[tuple[str, ...]]:
    return [answer.flags for answer in answers(path)]


def test_branches_that_were_left_are_marked() -> None:
    found = answers(FIELD / "02-chatgpt-export-tree" / "conversations.json")
    assert [OTHER_BRANCH in answer.flags for answer in found] == [True, False, False] * 2
    assert [answer.sample for answer in found] == ["0", "1", None] * 2


def test_thoughts_and_calls_are_kept_apart() -> None:
    found = answers(FIELD / "01-claude-ai-export" / "conversations.json")
    assert (found[2].extra or {})["reasoning"] == "They want the short version."
    assert (found[4].extra or {})["tools"][0]["name"] == "web_search"
    (talk, *_) = answers(FIELD / "04-openwebui-export" / "chat-export-1750000000000.json")
    assert (talk.extra or {})["reasoning"] == "Twelve tens and twelve threes."


def test_a_folder_of_a_batch_gives_what_its_results_give(session: Session, tmp_path: Path) -> None:
    report = session.import_file(FIELD / "11-bedrock-batch", ImportRequest())
    assert counts(report)[0] == 3
    assert all("JSONL" not in reason for _, reason in report.rejections)


def test_several_messages_in_one_answer_are_flagged() -> None:
    first, *others = flags_of(FIELD / "13-responses-api-several-messages" / "output.jsonl")
    assert "several messages" in first
    assert not any("several messages" in flags for flags in others)


def test_what_a_logger_left_out_is_flagged_and_counted() -> None:
    *_, last = flags_of(FIELD / "15-litellm-spend-logs" / "spendlogs.jsonl")
    assert {"truncated", "cut by the logger"} <= set(last)
    table = flags_of(FIELD / "15-litellm-spend-logs" / "spendlogs.csv")
    assert sum("cut by the logger" in flags for flags in table) == 1


def test_a_folder_that_was_saved_to_disk_is_read(session: Session) -> None:
    folder = FIELD / "23-hf-save-to-disk" / "ds"
    assert len(answers(folder / "data-00000-of-00001.arrow")) == 6
    report = session.import_file(folder, ImportRequest(mapping={"prompt": "prompt", "response": "response"}))
    assert counts(report) == (6, 0, 0)


def test_names_are_joined_however_their_letters_are_composed(session: Session) -> None:
    folder = FIELD / "29-mac-zip-names"
    (archive,) = folder.glob("*.zip")
    report = session.import_file(archive, ImportRequest(prompts=folder / "prompts.jsonl"))
    assert counts(report) == (12, 0, 0)
    assert all(row.unjoined == 0 for row in session.catalogue())


def test_prompts_that_come_later_are_joined_so_too(session: Session) -> None:
    folder = FIELD / "29-mac-zip-names"
    (archive,) = folder.glob("*.zip")
    session.import_file(archive, ImportRequest())
    for row in session.catalogue():
        session.join_prompts(folder / "prompts.jsonl", row.corpus.name)
    assert all(row.unjoined == 0 for row in session.catalogue())


def test_a_log_without_samples_is_called_one(session: Session) -> None:
    (file,) = (FIELD / "30-inspect-real-logs").glob("*no-samples.json")
    assert "without samples" in preview_file(file).words
    with pytest.raises(BadInputError, match="without samples"):
        session.import_file(file, ImportRequest())


def test_parts_of_a_second_are_ordered_as_times(session: Session) -> None:
    file = FIELD / "31-mixed-times" / "subsecond.jsonl"
    session.import_file(file, ImportRequest(mapping=proposed(file)))
    (corpus,) = session.corpora()
    assert corpus.facts.collected == "2026-01-05T10:00:00Z/2026-01-05T10:00:00.900000Z"


def test_transcripts_are_taken_apart(session: Session) -> None:
    report = session.import_file(FIELD / "36-markdown-chats" / "chats", ImportRequest())
    assert counts(report) == (6, 0, 0)
