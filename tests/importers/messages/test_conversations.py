"""Conversations: every answer with what stood before it, and training sets said to be such."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.importers.made_records import alpaca, chat_corpora, file_of, openai_tuning, sharegpt
from tests.importers.material import accepted, read, rejected
from workbench.core.model import Rejected, Response
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.messages import chat
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content


def found(folder: Path, key: str, *records: Any) -> list[Response | Rejected]:
    """What a file of these records gives."""
    file = folder / "file"
    file.write_bytes(file_of(key, list(records)))
    return read(file, key)


def turns(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Turns in the form of ShareGPT."""
    return [{"from": speaker, "value": value} for speaker, value in pairs]


def test_a_later_answer_is_asked_by_the_conversation_so_far(tmp_path: Path) -> None:
    record = {"id": "c1", "conversations": turns(("human", "q1"), ("gpt", "a1"), ("human", "q2"), ("gpt", "a2"))}
    first, second = accepted(found(tmp_path, "sharegpt", record))
    assert (first.prompt, first.record_id, first.flags) == ("q1", "c1", ())
    assert second.prompt == "USER: q1\n\nASSISTANT: a1\n\nUSER: q2"
    assert (second.record_id, second.flags, second.number) == ("c1#2", ("turn 2",), 1)


def test_speakers_and_what_they_mean(tmp_path: Path) -> None:
    record = {"id": "c", "conversations": turns(("system", "s"), ("user", "q"), ("bard", "a"), ("chatgpt", "b"))}
    bard, other = accepted(found(tmp_path, "sharegpt", record))
    assert (bard.model, bard.prompt, bard.flags) == ("bard", "q", ("system prompt",))
    assert bard.extra == {"system": "s"}
    assert (other.model, other.prompt) == ("chatgpt", "USER: q\n\nASSISTANT: a")


@pytest.mark.parametrize(
    ("conversation", "reason"),
    [
        ([], "there is no answer in it"),
        (turns(("human", "q")), "there is no answer in it"),
        (turns(("human", "q"), ("stranger", "a")), "is “stranger”, which is no speaker that is known"),
        (None, "`conversations` is null, not a list"),
        ([5], "`conversations.0` is a number, not an object"),
        ([{"from": "human"}], "`conversations.0.value` is missing"),
        ([{"value": "x"}], "`conversations.0.from` is null, not a text"),
    ],
)
def test_a_conversation_without_an_answer_is_rejected(conversation: object, reason: str, tmp_path: Path) -> None:
    (record,) = rejected(found(tmp_path, "sharegpt", {"id": "c", "conversations": conversation}))
    assert reason in record.reason


def test_an_answer_that_nothing_was_asked_for_is_kept_by_its_id(tmp_path: Path) -> None:
    (answer,) = accepted(found(tmp_path, "sharegpt", {"id": "c", "conversations": turns(("gpt", "a"))}))
    assert (answer.prompt, answer.prompt_key, answer.flags) == (None, "c", ("no question before it",))


def test_where_a_system_prompt_alone_stands_before_an_answer_it_is_the_prompt(tmp_path: Path) -> None:
    record = {"messages": [{"role": "system", "content": "s"}, {"role": "assistant", "content": "a"}]}
    (answer,) = accepted(found(tmp_path, "openai_tuning", record))
    assert (answer.prompt, answer.flags) == ("SYSTEM: s", ("system prompt",))


def test_training_examples_keep_weights_tools_and_preferences(tmp_path: Path) -> None:
    weighed = openai_tuning(1, "a1")
    weighed["messages"][1]["weight"] = 0
    weighed["messages"] += [{"role": "user", "content": "q2"}, {"role": "assistant", "content": "a2", "weight": 1}]
    preference = {
        "input": {"messages": [{"role": "user", "content": "q"}], "tools": []},
        "preferred_output": [{"role": "assistant", "content": "good"}],
        "non_preferred_output": [{"role": "assistant", "content": "bad"}],
    }
    one, two, good, bad = accepted(found(tmp_path, "openai_tuning", weighed, preference))
    assert (one.flags, two.flags) == (("weight 0",), ("turn 2",))
    assert [(a.prompt, a.text, a.sample, a.flags) for a in (good, bad)] == [
        ("q", "good", "preferred", ("preferred",)),
        ("q", "bad", "not preferred", ("not preferred",)),
    ]


def test_a_preference_after_a_conversation_counts_its_outputs_alone(tmp_path: Path) -> None:
    before = [
        {"role": "user", "content": "q1"},
        {"role": "assistant", "content": "a1"},
        {"role": "user", "content": "q2"},
    ]
    record = {
        "input": {"messages": before},
        "preferred_output": [{"role": "assistant", "content": "good"}],
        "non_preferred_output": [],
    }
    (answer,) = accepted(found(tmp_path, "openai_tuning", record))
    assert (answer.text, answer.prompt) == ("good", "USER: q1\n\nASSISTANT: a1\n\nUSER: q2")


def test_the_input_of_an_instruction_follows_it(tmp_path: Path) -> None:
    one, two = accepted(found(tmp_path, "alpaca", alpaca(1, "a"), alpaca(2, "b") | {"input": "given"}))
    assert (one.prompt, two.prompt) == ("prompt 1", "prompt 2\n\ngiven")


def test_one_file_fills_many_corpora(tmp_path: Path) -> None:
    wild = {
        "conversation_hash": "h",
        "model": "model-y",
        "timestamp": "2025-01-01",
        "redacted": True,
        "conversation": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "turn_identifier": 5}],
    }
    one, two = accepted(found(tmp_path, "chat_corpora", chat_corpora(1, "a"), wild))
    assert (one.model, two.model) == ("model-x", "model-y")
    assert (two.record_id, two.time, two.flags) == ("h", "2025-01-01", ("redacted",))


@pytest.mark.parametrize(
    ("key", "record"), [("openai_tuning", openai_tuning), ("sharegpt", sharegpt), ("alpaca", alpaca)]
)
def test_what_may_be_a_training_set_is_said_to_be_one(key: str, record: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(file_of(key, [record(1, "a")]))
    ((_, said),) = recognise(open_file(file)).known.claims
    assert "train" in said.why


def test_a_long_conversation_is_named_by_its_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "LONGEST", 100)
    prompts = []
    for first in ("a", "a", "b"):
        context = Context()
        for text in (first, "x" * 200, "last"):
            context.add(Turn("user", Content(text)))
        prompts.append(context.prompt() or "")
    assert prompts[0] == prompts[1] != prompts[2]
    assert prompts[0].startswith("[2 turns before, SHA-256 ")
    assert prompts[0].endswith("]\n\nUSER: last")


def test_many_turns_take_time_in_proportion(tmp_path: Path) -> None:
    record = {"id": "c", "conversations": turns(*[("human", "question"), ("gpt", "answer")] * 6_000)}
    answers = accepted(found(tmp_path, "sharegpt", record))
    assert len(answers) == 6_000
    assert max(len(answer.prompt or "") for answer in answers) <= chat.LONGEST
