"""Masked answers in a pack: they count for the text behind them only where the sealed log says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from workbench.core.hashing import sha256_text
from workbench.core.prepared_answers import record_digest
from workbench.core.secrets.redaction_seal import COLUMNS, sealed_line
from workbench.core.text import normal_prompt
from workbench.evidence.pack.corpus_digest import AnswerError, corpus_digest
from workbench.evidence.pack.examination import counts_table, read_log
from workbench.evidence.pack.registers import csv_bytes

TEXT, SHOWN = "Use the secret now.", "Use ⟦masked: OpenAI key⟧ now."
ROW = ("file 1, record 1", "answer", sha256_text(TEXT), 4, 10, "OpenAI key", "0" * 64, sha256_text(SHOWN))


def line(**changes: Any) -> bytes:
    record: Mapping[str, Any] = {
        "model": "m", "prompt": "Why?", "prompt_sha256": sha256_text(normal_prompt("Why?")), "prompt_key": None,
        "record_id": None, "sample": None, "response": TEXT, "sha256": sha256_text(TEXT),
    }  # fmt: skip
    return orjson.dumps({**record, **changes}, option=orjson.OPT_SORT_KEYS)


def test_the_table_of_earlier_rules_has_the_columns_that_it_had() -> None:
    """A pack is held to this table, and one made before must stay whole."""
    names = ("answers", "empty", "truncated", "refused", "copies", "near_duplicates", "like_other_corpora", "quoting",
             "mojibake", "hidden", "control", "bidi", "zero_width", "secret")  # fmt: skip
    own: dict[str, Any] = dict.fromkeys(names, 1) | {"languages": {"en": 1}}
    earlier = {"corpora": {"m": own}, "totals": dict.fromkeys(names, 1)}
    assert counts_table(earlier) == csv_bytes(("corpus", *names, "languages"), [("m", *(1 for _ in names), "en 1")])
    now = {"corpora": {"m": own | {"looks_cut": 2}}, "totals": dict.fromkeys((*names, "looks_cut"), 1)}
    assert counts_table(now).splitlines()[1] == b"m,1,1,1,2,1,1,1,1,1,1,1,1,1,1,1,en 1"


def test_a_masked_answer_counts_for_the_one_behind_it() -> None:
    seal, allowed = read_log(csv_bytes(COLUMNS, [ROW]))
    assert seal == read_log(csv_bytes(COLUMNS, [("elsewhere", *ROW[1:])]))[0]
    masked = line(response=SHOWN, masked={"response": sha256_text(SHOWN)})
    assert corpus_digest([masked], "m", allowed) == corpus_digest([line()], "m")


IDS = ("c1", None, "Use ⟦masked: OpenAI key⟧")
WHOLE, MASKED = (
    record_digest(bytes.fromhex(sha256_text(normal_prompt("Why?"))), bytes.fromhex(sha256_text(TEXT)), *ids).hex()
    for ids in (("c1", None, "Use the key"), IDS)
)


def with_ids(**changes: Any) -> bytes:
    told = {"prompt_key": IDS[0], "sample": IDS[2], "record_sha256": WHOLE, "masked": {"ids": MASKED}}
    return line(**(told | changes))


def test_masked_ids_count_for_the_ones_behind_them() -> None:
    row = ("file 1, record 1", "sample", WHOLE, 4, 3, "OpenAI key", "0" * 64, MASKED)
    _, allowed = read_log(csv_bytes(COLUMNS, [row]))
    plain = line(prompt_key="c1", sample="Use the key")
    assert corpus_digest([with_ids()], "m", allowed) == corpus_digest([plain], "m")
    # Without the mark it is a record of its own, and none of the corpus.
    assert corpus_digest([with_ids(masked={})], "m", allowed) != corpus_digest([plain], "m")
    for forged in (
        with_ids(sample="another"), with_ids(record_sha256="1" * 64), with_ids(prompt_key="c2"),
        with_ids(response="Never mind.", sha256=sha256_text("Never mind.")),
    ):  # fmt: skip
        with pytest.raises(AnswerError):
            corpus_digest([forged], "m", allowed)


@pytest.mark.parametrize(
    "forged",
    [
        line(response="Never mind.", masked={"response": sha256_text("Never mind.")}),
        line(response="Never mind.", masked={"response": sha256_text(SHOWN)}),
        line(response=SHOWN),
        line(response=SHOWN, masked={"response": sha256_text(SHOWN)}, sha256="1" * 64),
        line(prompt="Why not?", masked={"prompt": sha256_text("Why not?")}),
    ],
)
def test_what_the_log_does_not_allow_is_no_answer(forged: bytes) -> None:
    _, allowed = read_log(csv_bytes(COLUMNS, [ROW]))
    with pytest.raises(AnswerError):
        corpus_digest([forged], "m", allowed)


def test_every_sealed_column_is_in_the_seal() -> None:
    seal, _ = read_log(csv_bytes(COLUMNS, [ROW]))
    for at, other in enumerate(("prompt", "2" * 64, 5, 11, "header", "3" * 64, "4" * 64), 1):
        changed = [*ROW[:at], other, *ROW[at + 1 :]]
        assert read_log(csv_bytes(COLUMNS, [changed]))[0] != seal
    assert sealed_line("answer", "a", 1, 2, "k", "b", "c").isascii()
    for bad in (b"", b"a,b\r\n", csv_bytes(COLUMNS, [ROW[:3]])):
        with pytest.raises((ValueError, IndexError)):
            read_log(bad)
