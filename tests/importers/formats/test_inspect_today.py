"""Logs that Inspect AI itself writes, with its mock model, in the environment that the set-up keeps for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from backports.zstd import zipfile

from tests.importers.material import accepted, read, rejected
from workbench.core.model import Rejected, Response
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file

MAKE = """
import sys
import tiktoken

class Words:
    def encode(self, text, **more):
        return text.split()

tiktoken.get_encoding = lambda name: Words()  # else it would load a vocabulary from the network
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import ProvenanceData, invalidate_samples, write_eval_log
from inspect_ai.model import (
    ChatCompletionChoice, ChatMessageAssistant, ChatMessageUser, ContentReasoning, ContentText, GenerateConfig,
    ModelOutput, get_model,
)
from inspect_ai.solver import generate, multiple_choice, solver, system_message, use_tools
from inspect_ai.tool import tool

folder = sys.argv[1]

def said(text):
    return ModelOutput.from_content("mockllm/model", text)

def write(name, samples, solvers, outputs, **more):
    model = get_model("mockllm/model", custom_outputs=outputs)
    config = more.pop("config", GenerateConfig())
    task = Task(name=name, dataset=samples, solver=solvers, config=config, epochs=more.pop("epochs", 1))
    (log,) = eval(task, model=model, log_format="eval", log_dir=folder + "/made", display="none", **more)
    write_eval_log(log, f"{folder}/{name}.eval")
    write_eval_log(log, f"{folder}/{name}.json")
    return log

@tool
def add():
    async def execute(x: int, y: int):
        \'\'\'Add two numbers.

        Args:
            x: the first
            y: the second
        \'\'\'
        return x + y
    return execute

@solver
def asking_again():
    async def solve(state, generate):
        for question in ("And then?", "And at last?"):
            state = await generate(state)
            state.messages.append(ChatMessageUser(content=question))
        return await generate(state)
    return solve

@solver
def breaking():
    async def solve(state, generate):
        if state.sample_id == "before":
            raise ValueError("broke before")
        state = await generate(state)
        if state.sample_id == "after":
            raise ValueError("broke after")
        return state
    return solve

long = [Sample(id=f"a/b {n}", input=f"Question {n}? " + "long " * 60) for n in range(3)]
plain = write("plain", long, [system_message("Be good. " * 30), generate()],
              [said(f"Answer {n} " + "words " * 60) for n in range(6)], epochs=2)
write("tools", [Sample(id=1, input="What is 1 + 2?")], [use_tools(add()), generate()],
      [ModelOutput.for_tool_call("mockllm/model", "add", {"x": 1, "y": 2}), said("It is 3.")])
thinking = ChatMessageAssistant(content=[ContentReasoning(reasoning="hm " * 60), ContentText(text="First.")])
choices = [ChatCompletionChoice(message=thinking, stop_reason="max_tokens"),
           ChatCompletionChoice(message=ChatMessageAssistant(content="Second."), stop_reason="stop")]
write("choices", [Sample(id="c", input="Say two things.")], generate(),
      [ModelOutput(model="mockllm/other", choices=choices)], config=GenerateConfig(temperature=0.25, num_choices=2))
write("letters", [Sample(id="l", input="Which?", choices=["red", "blue"], target="A")], multiple_choice(),
      [said("ANSWER: A")])
write("turns", [Sample(id="t", input="First?")], asking_again(), [said(f"turn {n}") for n in range(3)])
write("broken", [Sample(id=name, input=f"Q {name}?") for name in ("before", "well", "after")], breaking(),
      [said("done") for _ in range(3)], fail_on_error=False, max_samples=1)
why = ProvenanceData(author="me", reason="wrong setting")
invalid = invalidate_samples(plain, [plain.samples[0].uuid], why)
for suffix in ("eval", "json"):
    write_eval_log(invalid, f"{folder}/invalid.{suffix}")
"""
KEYS = {"eval": "inspect_log", "json": "inspect_json"}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of logs; WORKBENCH_INSPECT may name another Python that has inspect_ai."""
    own = Path(sys.prefix) / "inspect" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    python = os.environ.get("WORKBENCH_INSPECT") or str(own)
    if not Path(python).exists():
        pytest.skip("no Inspect AI here: `installer/bootstrap.py test` sets it up")
    folder = tmp_path_factory.mktemp("logs")
    done = subprocess.run([python, "-c", MAKE, str(folder)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def samples_of(file: Path) -> list[dict[str, Any]]:
    """The samples of a log, in the order of the file, as plain Python reads them."""
    if file.suffix == ".json":
        return list(json.loads(file.read_bytes())["samples"])
    with zipfile.ZipFile(file) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_ZSTANDARD}
        return [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("samples/")]


def of(logs: Path, name: str, suffix: str) -> list[Response | Rejected]:
    """The records of a log."""
    return read(logs / f"{name}.{suffix}", KEYS[suffix])


@pytest.mark.parametrize("suffix", KEYS)
@pytest.mark.parametrize("name", ["plain", "tools", "choices", "letters", "turns", "broken", "invalid"])
def test_every_log_is_claimed_once_and_its_records_are_counted(logs: Path, name: str, suffix: str) -> None:
    file = logs / f"{name}.{suffix}"
    assert [importer.key for importer, _ in recognise(open_file(file)).known.claims] == [KEYS[suffix]]
    samples = samples_of(file)
    good = [s for s in samples if not s.get("invalidation") and s["output"]["choices"]]
    records = of(logs, name, suffix)
    assert len(rejected(records)) == len(samples) - len(good)
    assert [(r.prompt_key, (r.sample or "").partition("/")[0]) for r in accepted(records)] == [
        (str(s["id"]), str(s["epoch"])) for s in good for _ in s["output"]["choices"]
    ]
    assert not any("attachment" in f"{r.prompt}{r.text}{r.flags}" for r in accepted(records))
    assert {(r.extra or {})["requested_model"] for r in accepted(records)} == {"mockllm/model"}


@pytest.mark.parametrize("suffix", KEYS)
def test_what_a_log_holds_comes_out_as_it_was_said(logs: Path, suffix: str) -> None:
    plain = accepted(of(logs, "plain", suffix))
    assert any(sample["attachments"] for sample in samples_of(logs / f"plain.{suffix}"))
    assert sorted(r.text for r in plain) == [f"Answer {n} " + "words " * 60 for n in range(6)]
    assert {r.prompt for r in plain} == {f"Question {n}? " + "long " * 60 for n in range(3)}
    assert {(r.extra or {})["system"] for r in plain} == {"Be good. " * 30}
    (tools,) = accepted(of(logs, "tools", suffix))
    assert tools.text == "It is 3."
    assert '[call add {"x": 1, "y": 2}]' in (tools.prompt or "")
    assert (tools.prompt or "").endswith("TOOL: 3")
    first, second = accepted(of(logs, "choices", suffix))
    assert (first.text, second.text, first.sample, second.sample) == ("First.", "Second.", "1", "1/2")
    assert (first.model, first.flags) == ("mockllm/other", ("reasoning apart", "truncated"))
    assert (first.extra or {})["reasoning"] == "hm " * 60
    assert (first.extra or {})["settings"] == {"temperature": 0.25, "num_choices": 2}
    (letter,) = accepted(of(logs, "letters", suffix))
    assert letter.text == "ANSWER: A"
    assert "Which?\n\nA) red\nB) blue" in (letter.prompt or "")
    (turns,) = accepted(of(logs, "turns", suffix))
    assert (turns.text, turns.flags) == ("turn 2", ("turn 3",))
    said = ["USER: First?", "ASSISTANT: turn 0", "USER: And then?", "ASSISTANT: turn 1", "USER: And at last?"]
    assert (turns.prompt or "").split("\n\n") == said


@pytest.mark.parametrize("suffix", KEYS)
def test_what_failed_and_what_was_taken_back_is_said_with_its_reason(logs: Path, suffix: str) -> None:
    broken = of(logs, "broken", suffix)
    assert [r.reason for r in rejected(broken)] == ["the sample has no answer: ValueError('broke before')"]
    assert {r.prompt_key: r.flags for r in accepted(broken)} == {
        "well": (),
        "after": ("the sample failed afterwards",),
    }
    (refused,) = rejected(of(logs, "invalid", suffix))
    assert refused.reason == "the sample was invalidated: wrong setting"
