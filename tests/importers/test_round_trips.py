"""Any prompt, answer, model and id, written in every format by plain Python or its own library, come back as they were.

So do the bytes that each place shows. An importer that is added without a round trip fails the last test.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.accounting import in_order
from tests.importers.chat_records import NOT_EMPTY, SESSIONS, session_file
from tests.importers.container_files import DEFLATED, HEADER, ROWS, STORED, ZSTD, arrow_stream, page_of, zipped
from tests.importers.made_records import INSIDE, RECORDS, file_of
from tests.importers.material import COLUMNS, MAPPING, accepted, rejected
from workbench.core.model import CorpusFacts
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import IMPORTERS, choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes, records_of
from workbench.importers.mapping.prompt_files import PromptFile


class Said(NamedTuple):
    """An answer as it is to come back."""

    prompt: str
    text: str
    model: str
    id: str


class Written(NamedTuple):
    """A file, and what each of its places shows: a JSON value, the cells of a row, or a text."""

    data: bytes
    shown: list[Any]


Writer = Callable[[list[Said], bool], Written]

# In the tables of other programs and in plain text files control characters make a file of another kind.
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x7f")
PRINTED = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
WORDS = st.characters(categories=["L", "N", "Sm", "Sc"], exclude_characters="#*_<>`~=")
"""Words in a line: what formats for reading keep of white space and signs is theirs to say."""
LABEL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cn"]), min_size=1, max_size=12)


def said(characters: st.SearchStrategy[str], before: str = "") -> st.SearchStrategy[list[Said]]:
    """One to six answers with ids of their own, and with some words before each answer."""
    # What an answer thinks aloud at its start is kept apart from it.
    text = st.text(characters, max_size=40).filter(lambda text: "<think" not in text)
    one = st.builds(Said, text.map("p{}".format), text.map(f"{before}{{}}".format), LABEL, LABEL)
    return st.lists(one, min_size=1, max_size=6, unique_by=lambda answer: answer.id)


# Formats of JSON records: what the invented records say is put in their place

IDS = {
    "openai_batch": "r-{}", "anthropic_batch": "r-{}", "call_records": "chatcmpl-{}", "sharegpt": "identity_{}",
    "chat_corpora": "c{}", "langfuse": "o{}", "helicone": "chatcmpl-{}", "litellm": "chatcmpl-{}",
    "chat_log": "chatcmpl-{}", "kit_sheet": "k-w-{:03d}", "helm": "id{}",
}  # fmt: skip
NO_MODEL = ("alpaca", "lm_eval", "openai_tuning", "claude_ai", "markdown_chat", "promptfoo_csv")
ONE_CONVERSATION = ("codex", "markdown_chat", "silly_tavern", "web_page")
JOINED = ("openai_batch", "anthropic_batch", "fastchat", "text_files")


def filled(value: Any, words: dict[str, str]) -> Any:
    """The value with other words for some of its texts, also within JSON in a text."""
    if isinstance(value, dict):
        return {key: filled(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, words) for inner in value]
    if isinstance(value, str) and value[:2] in ('{"', "[{"):
        return json.dumps(filled(json.loads(value), words))
    return words.get(value, value) if isinstance(value, str) else value


def records(key: str) -> Writer:
    """A writer of a format of JSON records."""

    def write(answers: list[Said], escaped: bool) -> Written:
        made = []
        for at, answer in enumerate(answers):
            number = 6 * at + 2  # of a capture an entry whose body stands there as it is
            record = RECORDS[key](number, "an answer to be filled in")
            if key == "sharegpt":
                record["model"] = "model-x"
            words = {
                f"prompt {number}": answer.prompt,
                "an answer to be filled in": answer.text,
                "model-x": answer.model,
                IDS.get(key, "none").format(number): answer.id,
            }
            made.append(filled(record, words))
        return Written(file_of(key, made, None if escaped else 2, escaped=escaped), made)

    return write


def sessions(key: str) -> Writer:
    """A writer of lines that belong together; the place of an answer is its last line."""

    def write(answers: list[Said], escaped: bool) -> Written:
        made = []
        for number, answer in enumerate(answers):
            words = {f"prompt {number}": answer.prompt, "model-x": answer.model}
            made.append([filled(line, words) for line in SESSIONS[key](number, answer.text)])
        return Written(session_file(key, made, escaped=escaped), [record[-1] for record in made])

    return write


def lines(record: Callable[[int, Said], dict[str, Any]]) -> Writer:
    """A writer of JSON lines."""

    def write(answers: list[Said], escaped: bool) -> Written:
        made = [record(number, answer) for number, answer in enumerate(answers)]
        return Written(b"".join(json.dumps(one, ensure_ascii=escaped).encode() + b"\n" for one in made), made)

    return write


def array(record: Callable[[int, Said], dict[str, Any]], inside: str = "") -> Writer:
    """A writer of a JSON array, or of one in an object."""

    def write(answers: list[Said], escaped: bool) -> Written:
        made = [record(number, answer) for number, answer in enumerate(answers)]
        whole = HEADER | {inside: made} if inside else made
        return Written(json.dumps(whole, ensure_ascii=escaped, indent=None if escaped else 1).encode(), made)

    return write


def alpaca_eval(number: int, one: Said) -> dict[str, Any]:
    """An AlpacaEval output."""
    return {"dataset": "d", "instruction": one.prompt, "output": one.text, "generator": one.model}


def fastchat(number: int, one: Said) -> dict[str, Any]:
    """A FastChat answer."""
    choices = [{"index": 0, "turns": [one.text]}]
    return {"question_id": one.id, "answer_id": f"a{number}", "model_id": one.model, "choices": choices, "tstamp": 1.5}


def nested(number: int, one: Said) -> dict[str, Any]:
    """A record for the mapping."""
    return {"id": one.id, "q": {"text": one.prompt}, "a": [{"content": one.text}], "m": one.model, "t": 1.5, "s": 0}


def sample(number: int, one: Said) -> dict[str, Any]:
    """A sample of an Inspect log."""
    answer = {"id": f"m{number}", "role": "assistant", "content": one.text}
    return {
        "id": one.id,
        "epoch": 1,
        "input": one.prompt,
        "messages": [{"role": "user", "content": one.prompt}, answer],
        "output": {"model": one.model, "choices": [{"message": answer, "stop_reason": "stop"}]},
        "attachments": {},
    }


def conversation(number: int, one: Said) -> dict[str, Any]:
    """A conversation as LMSYS has them."""
    turns = [{"role": "user", "content": one.prompt}, {"role": "assistant", "content": one.text}]
    return {"conversation_id": one.id, "model": one.model, "conversation": turns, "turn": 1}


def under_keys(answers: list[Said], escaped: bool) -> Written:
    """An object that holds each record under a key."""
    made = {f"key {number}": nested(number, answer) for number, answer in enumerate(answers)}
    whole = {"about": {"n": 1}, "data": made}
    return Written(json.dumps(whole, ensure_ascii=escaped).encode(), [*made.values()])


def one_by_one(answers: list[Said], escaped: bool) -> Written:
    """Objects over several lines, one after the other."""
    made = [nested(number, answer) for number, answer in enumerate(answers)]
    return Written("\n".join(json.dumps(one, ensure_ascii=escaped, indent=2) for one in made).encode(), made)


# Tables and containers


def table(header: list[str], row: Callable[[int, Said], list[str]]) -> Writer:
    """A writer of CSV, or of TSV."""

    def write(answers: list[Said], escaped: bool) -> Written:
        out = io.StringIO()
        rows = [row(number, answer) for number, answer in enumerate(answers)]
        csv.writer(out, dialect="excel" if escaped else "excel-tab").writerows([header, *rows])
        return Written(out.getvalue().encode(), rows)

    return write


def inspect_log(answers: list[Said], escaped: bool) -> Written:
    """An Inspect log with a file for each sample."""
    made = [sample(number, answer) for number, answer in enumerate(answers)]
    files = {f"samples/{n}_epoch_1.json": json.dumps(one).encode() for n, one in enumerate(made)}
    return Written(zipped(files | {"header.json": json.dumps(HEADER).encode()}, DEFLATED if escaped else ZSTD), made)


def parquet(row: Callable[[int, Said], dict[str, Any]]) -> Writer:
    """A writer of Parquet, by pyarrow."""

    def write(answers: list[Said], escaped: bool) -> Written:
        import pyarrow as pa
        from pyarrow.parquet import write_table

        out, rows = io.BytesIO(), [row(number, answer) for number, answer in enumerate(answers)]
        codec, version = ("snappy", "1.0") if escaped else ("zstd", "2.0")
        write_table(pa.Table.from_pylist(rows), out, row_group_size=4, compression=codec, data_page_version=version)
        return Written(out.getvalue(), rows)

    return write


def arrow(answers: list[Said], escaped: bool) -> Written:
    """A table as an Arrow stream, by pyarrow."""
    rows = [mapped_row(number, answer) for number, answer in enumerate(answers)]
    return Written(arrow_stream(rows), rows)


def markdown_chat(answers: list[Said], escaped: bool) -> Written:
    """A conversation under headings, or after names in bold."""
    user, model = ("## User\n\n", "## Assistant\n\n") if escaped else ("**User:** ", "**Assistant:** ")
    parts = [f"{user}{one.prompt}\n\n{model}{one.text}\n\n" for one in answers]
    shown = ["\n" * escaped + f"{one.text}\n\n" for one in answers]
    return Written("".join(parts).encode(), shown)


def web_page(answers: list[Said], escaped: bool) -> Written:
    """A page whose parts name their authors."""
    page = page_of([(one.prompt, one.text, one.model) for one in answers])
    return Written(page, [page.decode()] * len(answers))


def promptfoo_row(number: int, one: Said) -> list[str]:
    """A row of a table of promptfoo, whose answers come after the outcome of a check."""
    return [one.prompt, f"[PASS] {one.text}"]


def mapped_row(number: int, one: Said) -> dict[str, Any]:
    """A row for the mapping."""
    return {"question": one.prompt, "reply": one.text, "model": one.model, "n": "0", "key": one.id}


def workbook(answers: list[Said], escaped: bool) -> Written:
    """A workbook for the mapping."""
    return book_of([mapped_row(number, answer) for number, answer in enumerate(answers)], escaped)


def kit_workbook(answers: list[Said], escaped: bool) -> Written:
    """The prompt kit's answer sheet as a workbook."""
    return book_of([dict(zip(KIT, kit_row(number, one), strict=True)) for number, one in enumerate(answers)], escaped)


def book_of(rows: list[dict[str, Any]], escaped: bool) -> Written:
    """A workbook, by openpyxl; one that is not `escaped` has its answers in two sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    half = len(rows) if escaped else len(rows) // 2
    for at, part in enumerate((rows[:half], rows[half:])):
        sheet = book.create_sheet("More") if at else book.active
        sheet.append(list(rows[0]))
        for row in part:
            sheet.append(list(row.values()))
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"  # a text that begins like a formula is a text
    out = io.BytesIO()
    book.save(out)
    return Written(out.getvalue(), rows)


def archive(answers: list[Said], escaped: bool) -> Written:
    """A zip archive of a file in each of two formats."""
    half = len(answers) // 2
    first, second = lines(fastchat)(answers[:half], escaped), array(alpaca_eval)(answers[half:], escaped)
    files = {"a/one.jsonl": first.data, "b/two.json": second.data} if half else {"b/two.json": second.data}
    files["__MACOSX/._two.json"] = b"\0\5\x16\7"
    return Written(zipped(files, DEFLATED if escaped else STORED), first.shown + second.shown)


def text_files(answers: list[Said], escaped: bool) -> Written:
    """A zip archive with the answers of two models, one a file, in folders that name the models."""
    files = {f"all/{'one' if n % 2 else 'two'}/{n}.txt": one.text.encode() for n, one in enumerate(answers)}
    files["all/three/last.txt"] = files["all/four/last.txt"] = b"of others"
    return Written(zipped(files, ZSTD if escaped else STORED), [one.text for one in answers])


KIT = ["order", "prompt_id", "sample", "prompt", "response", "model", "time"]


def kit_row(number: int, one: Said) -> list[str]:
    """A row of the prompt kit's answer sheet."""
    return [f"{number}", one.id, "1", one.prompt, one.text, one.model, "2026-03-01T12:00:00Z"]


WRITERS: dict[str, tuple[Writer, ...]] = {
    **{key: (records(key),) for key in RECORDS},
    **{key: (sessions(key),) for key in SESSIONS},
    "promptfoo_csv": (table(["q", "[model-x] {{q}}"], promptfoo_row),),
    "mapped_arrow": (arrow,),
    "markdown_chat": (markdown_chat,),
    "web_page": (web_page,),
    "alpaca_eval": (array(alpaca_eval),),
    "fastchat": (lines(fastchat),),
    "mapped_json": (array(nested),),
    "mapped_jsonl": (lines(nested),),
    "mapped_object": (array(nested, "data"), under_keys, one_by_one),
    "mapped_csv": (table(["prompt", "answer", "model", "n"], lambda _, one: [one.prompt, one.text, one.model, "0"]),),
    "inspect_json": (array(sample, "samples"),),
    "inspect_log": (inspect_log,),
    "chat_parquet": (parquet(conversation),),
    "mapped_parquet": (parquet(mapped_row),),
    "mapped_xlsx": (workbook,),
    "kit_xlsx": (kit_workbook,),
    "archive": (archive,),
    "text_files": (text_files,),
}
WRITERS["kit_sheet"] += (table(KIT, kit_row),)
OPTIONS = {
    "mapped_json": Options(mapping=MAPPING),
    "mapped_jsonl": Options(mapping=MAPPING),
    "mapped_object": Options(mapping=MAPPING),
    "mapped_csv": Options(mapping=COLUMNS),
    "mapped_parquet": ROWS,
    "mapped_arrow": ROWS,
    "mapped_xlsx": ROWS,
}
IN_PRINT = ("promptfoo_csv", "mapped_csv", "kit_sheet", "mapped_xlsx", "kit_xlsx", "text_files")
WRAPS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "zip": lambda data: zipped({"an inner file": data}),
}


def came_back(folder: Path, key: str, written: Written, answers: list[Said], wrap: str) -> None:
    """Read a file, and compare with what was written into it."""
    file, asked = folder / "file", folder / "prompts.jsonl"
    file.write_bytes(WRAPS[wrap](written.data))
    questions = [{"id": one.id, "prompt": one.prompt} for one in answers]
    asked.write_text("".join(json.dumps(one) + "\n" for one in questions))
    known = OPTIONS.get(key, Options())
    if key == "mapped_object" and written.data.endswith(b"}}"):
        known = Options(mapping=MAPPING | {"records": "data"})  # of one record under a key nothing tells where it is
    options = Options(known.mapping, PromptFile(asked)) if key in JOINED else known
    opened = open_file(file)
    importer = choose(recognise(opened), options)
    assert importer.key == key
    found = [r for r in records_of(importer, opened, options, silent) if not isinstance(r, CorpusFacts)]
    if key == "text_files":
        found = [record for record in found if not record.member.endswith("last.txt")]
    assert not rejected(found)
    in_order(found)
    assert [answer.text for answer in accepted(found)] == [one.text for one in answers]
    names_and_prompts(key, found, answers)
    for record, shown in zip(found, written.shown, strict=True):
        raw = raw_bytes(file, record.member, record.offset, record.length, options=known)
        assert read_again(raw, shown) == shown


def names_and_prompts(key: str, found: list[Any], answers: list[Said]) -> None:
    """The prompts, models and ids, as far as the format has them."""
    if key == "text_files":
        assert [answer.model for answer in found] == ["one" if n % 2 else "two" for n in range(len(answers))]
        return
    if key == "archive":
        found, answers = found[len(answers) // 2 :], answers[len(answers) // 2 :]
    assert [answer.prompt for answer in found] == prompts_of(key, answers)
    if key not in NO_MODEL:
        assert [answer.model for answer in found] == [one.model for one in answers]
    if key in (*IDS, "kit_xlsx") or key in (
        "fastchat",
        "mapped_json",
        "mapped_object",
        "inspect_log",
        "inspect_json",
        "chat_parquet",
    ):
        ids = [(answer.prompt_key or "", answer.record_id or "") for answer in found]
        assert all({one.id, f"{one.id} trial 0"} & set(pair) for one, pair in zip(answers, ids, strict=True)), ids


def prompts_of(key: str, answers: list[Said]) -> list[str]:
    """The prompt of each answer; in one conversation all that was said before is part of it."""
    if key not in ONE_CONVERSATION:
        return [one.prompt for one in answers]
    turns = [f"USER: {one.prompt}\n\nASSISTANT: {one.text}\n\n" for one in answers]
    return [answers[0].prompt, *(f"{''.join(turns[:n])}USER: {one.prompt}" for n, one in enumerate(answers) if n)]


def read_again(raw: bytes, shown: Any) -> Any:
    """What a place shows, read by plain Python in the way of what was written."""
    if isinstance(shown, dict):
        return json.loads(raw)
    text = raw.decode("utf-8")
    if isinstance(shown, str):
        return text
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ","))
    return found[0] if len(found) == 1 else found


@pytest.mark.parametrize("key", sorted(WRITERS))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_was_said_comes_back(key: str, data: st.DataObject, tmp_path: Path) -> None:
    characters = WORDS if key in ("markdown_chat", "web_page") else PRINTED if key in IN_PRINT else CHARACTERS
    answers = data.draw(said(characters, "a" if key in (*NOT_EMPTY, "markdown_chat", "web_page") else ""))
    writer = data.draw(st.sampled_from(WRITERS[key]))
    wrap = data.draw(st.sampled_from(sorted(WRAPS)))
    came_back(tmp_path, key, writer(answers, data.draw(st.booleans())), answers, wrap)


def test_every_importer_has_a_round_trip() -> None:
    assert {importer.key for importer in IMPORTERS} == set(WRITERS)
    assert set(INSIDE) <= set(WRITERS)
