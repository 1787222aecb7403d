"""Imports: counts, duplicates, several models, resume, discard, and what nobody may see in between."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.making import answer, bring, new_case, several
from workbench.core import prepared_answers
from workbench.core.errors import Cancelled, CaseError, UsageError
from workbench.core.hashing import sha256_lines, sha256_text
from workbench.core.model import CorpusFacts, Facts, Rejected, Response, Role
from workbench.core.prepared_answers import record_digest
from workbench.core.surroundings import Conditions
from workbench.core.text import PROMPT_FORM, normal_prompt
from workbench.store import Case, Intake
from workbench.store.database import Store
from workbench.store.importing import imports


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with new_case(tmp_path, conditions) as made:
        yield made
        assert made.verify() == []


def test_counts_of_one_file(case: Case, tmp_path: Path) -> None:
    items = [*several(3), several(1)[0]._replace(number=3), Rejected("no answer", 4, 400, 10)]
    (counts,) = bring(case, tmp_path, items, role=Role.SUSPECT)
    assert (counts.records, counts.accepted, counts.rejected, counts.duplicate) == (5, 3, 1, 1)
    assert (counts.prompts, counts.unjoined, counts.corpus.role) == (3, 0, Role.SUSPECT)
    (rejected,) = case.rejections(1)
    assert (rejected.place, rejected.reason) == ("record 5, bytes 400 to 410", "no answer")
    (row,) = case.import_log()
    assert (row.state, row.corpora[0].records, row.source.name) == ("done", 5, "answers.json")


def test_the_corpus_digest_is_over_the_sorted_record_digests(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(5000))
    digests = []
    for row in case.normalised("ada"):
        prompt = hashlib.sha256(normal_prompt(row["prompt"]).encode()).digest()
        assert row["prompt_sha256"] == prompt.hex()
        assert row["sha256"] == sha256_text(row["response"])
        digests.append(hashlib.sha256(prompt + bytes.fromhex(row["sha256"])).hexdigest())
    assert case.corpora()[0].sha256 == sha256_lines(sorted(digests))


def test_the_same_record_is_a_duplicate_and_the_same_text_of_another_call_is_not(case: Case, tmp_path: Path) -> None:
    items = [
        answer("Same.", sample="0"),
        answer("Same.", sample="0", index=1),
        answer("Same.", sample="1", index=2),
        answer("Same.", record="r7", index=3),
        answer("Same.", "Another prompt?", sample="0", index=4),
        answer("Other.", sample="0", index=5),
    ]
    (counts,) = bring(case, tmp_path, items)
    assert (counts.accepted, counts.duplicate) == (5, 1)
    flags = {row["index"]: row["flags"] for row in case.normalised("ada")}
    assert flags == {0: [], 2: ["repeated text"], 3: ["repeated text"], 4: [], 5: []}


def test_prompts_are_the_same_in_their_normal_form(case: Case, tmp_path: Path) -> None:
    items = [answer("A.", "Caf\u00e9  now?"), answer("A.", " Cafe\u0301 now?\n", index=1)]
    (counts,) = bring(case, tmp_path, items)
    assert (counts.accepted, counts.duplicate, counts.prompts) == (1, 1, 1)
    (block,) = case.blocks(["ada"])
    assert block.texts == ("Caf\u00e9  now?",)
    assert PROMPT_FORM == "nfc-space-1"


def test_a_second_file_of_the_same_corpus(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(10), "one.json", role=Role.PROTECTED, facts=Facts(developer="X", released="2023"))
    again = [*several(15), answer("Answer 3 of ada.", "Question 3?", record="new", index=20)]
    (counts,) = bring(case, tmp_path, again, "two.json", facts=Facts(family="f"))
    assert (counts.records, counts.accepted, counts.duplicate) == (16, 6, 10)
    (corpus,) = case.corpora()
    assert (corpus.answers, corpus.role) == (16, Role.PROTECTED)
    assert corpus.facts == Facts(developer="X", released="2023", family="f")
    assert [r["flags"] for r in case.normalised("ada") if r["record_id"] == "new"] == [["repeated text"]]
    assert case.catalogue()[0].records == 26


def test_the_same_file_once_more_brings_only_duplicates(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(4))
    digest = case.corpora()[0].sha256
    source = case.take(tmp_path / "answers.json")
    assert source.known
    assert [i.id for i in case.imports_of(source)] == [1]
    (counts,) = bring(case, tmp_path, several(4))
    assert (counts.accepted, counts.duplicate) == (0, 4)
    assert case.corpora()[0].sha256 == digest


def test_several_models_in_one_file(case: Case, tmp_path: Path) -> None:
    items = [*several(3, "bob"), *several(2, None), *several(4, "cy"), Rejected("bad", 9, 0, 1)]
    items += [CorpusFacts("cy", Facts(developer="C")), CorpusFacts("cy", Facts(released="2024-02"))]
    counts = bring(case, tmp_path, items, default="rest")
    assert [(c.corpus.name, c.accepted, c.rejected) for c in counts] == [("bob", 3, 0), ("rest", 2, 1), ("cy", 4, 0)]
    assert case.corpora()[2].facts == Facts(developer="C", released="2024-02")


def test_the_default_model_may_be_one_that_records_name(case: Case, tmp_path: Path) -> None:
    items = [*several(3, "bob"), *[r._replace(model=None, number=9) for r in several(4, "bob")]]
    (counts,) = bring(case, tmp_path, items, default="bob")
    assert (counts.accepted, counts.duplicate, counts.corpus.answers) == (4, 3, 4)


def test_a_file_of_rejections_alone_is_accounted_for(case: Case, tmp_path: Path) -> None:
    (counts,) = bring(case, tmp_path, [Rejected("bad", 0, 0, 9), Rejected("bad", 1, 9, 9)], default="x")
    assert (counts.corpus.name, counts.records, counts.rejected, counts.accepted) == ("x", 2, 2, 0)
    assert list(case.blocks(["x"])) == []


def test_lone_surrogates_become_visible_and_are_flagged(case: Case, tmp_path: Path) -> None:
    items = [
        answer("bad \ud800 text", "p", flags=("truncated",)),
        answer("fine", "prompt \udfff", index=1, record="\udc00"),
        answer("fine", "q", index=2, model="mo\ud800del"),
        Rejected("reason \ud800", 3, 0, 1, "mem\ud800"),
    ]
    bring(case, tmp_path, items)
    rows = list(case.normalised("ada"))
    assert rows[0]["response"] == "bad ⟦U+D800⟧ text"
    assert [r["flags"] for r in rows] == [["truncated", "lone surrogate"], ["lone surrogate"]]
    assert rows[1]["record_id"] == "⟦U+DC00⟧"
    assert [c.name for c in case.corpora()] == ["ada", "mo⟦U+D800⟧del"]
    assert case.rejections(1)[0].member == "mem⟦U+D800⟧"


def test_lineage(case: Case, tmp_path: Path) -> None:
    item = Response(
        "text", "prompt", "k", "ada", "r", "3", "2024-01-01T00:00:00+02:00", 7, 70, 10, "m.json", ("a", "b")
    )
    bring(case, tmp_path, [item])
    (row,) = case.normalised("ada")
    assert row == {
        "model": "ada", "prompt": "prompt", "prompt_sha256": sha256_text("prompt"), "prompt_key": "k",
        "response": "text", "sha256": sha256_text("text"), "record_id": "r", "sample": "3",
        "time": "2024-01-01T00:00:00+02:00", "time_utc": "2023-12-31T22:00:00Z", "flags": ["a", "b"],
        "source": case.sources()[0].sha256, "member": "m.json", "index": 7, "offset": 70, "length": 10,
    }  # fmt: skip


def test_blocks_and_answers(case: Case, tmp_path: Path) -> None:
    items = [answer(f"s{n}", "P?", sample=str(n), index=n) for n in (10, 2, 1)]
    items += [*several(300), *several(299, "bob"), answer("waits", None, key="k", index=999)]
    bring(case, tmp_path, items)
    blocks = list(case.blocks(["bob", "ada"], size=100))
    assert [len(b.prompts) for b in blocks] == [100, 100, 100, 1]
    prompts = [p for b in blocks for p in b.prompts]
    assert prompts == sorted(prompts)
    at = prompts.index(sha256_text("P?"))
    assert blocks[at // 100].answers[at % 100] == {"ada": ("s1", "s2", "s10")}
    assert sum(len(a) for b in blocks for a in b.answers) == 300 + 299 + 1
    found = list(case.answers("ada"))
    assert (found[0].prompt, found[0].text) == ("", "waits")
    assert [a.prompt for a in found] == sorted(a.prompt for a in found)
    assert [a.text for a in found if a.prompt == sha256_text("P?")] == ["s1", "s2", "s10"]
    assert len(found) == 304
    assert case.catalogue()[0].unjoined == 1


def test_nothing_of_an_open_import_is_seen(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(5), "one.json")
    open_import, items = _begun(case, tmp_path, several(20))
    open_import.add(items)
    assert [c.answers for c in case.corpora()] == [5]
    assert sum(len(a) for b in case.blocks(["ada"]) for a in b.answers) == 5
    assert len(list(case.normalised("ada"))) == len(list(case.answers("ada"))) == 5
    assert len(case.import_log()) == 1
    assert [(o.id, o.records, o.importer) for o in case.open_imports()] == [(2, 20, "test")]
    assert case.verify() == []


def _begun(case: Case, folder: Path, items: list[Response]) -> tuple[Intake, list[Response]]:
    path = folder / "begun.json"
    path.write_text("begun", encoding="utf-8")
    return case.begin_import(case.take(path), "test", {"a": 1}), items


def test_an_open_import_does_not_make_duplicates_of_another(case: Case, tmp_path: Path) -> None:
    open_import, items = _begun(case, tmp_path, several(20))
    open_import.add(items)
    (counts,) = bring(case, tmp_path, several(20))
    assert counts.accepted == 20
    open_import.discard()
    assert case.corpora()[0].answers == 20


def test_resume_goes_on_after_the_last_batch(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared_answers, "BATCH_ROWS", 10)
    items = several(95)

    def breaking() -> Iterator[Response]:
        yield from items[:47]
        raise KeyboardInterrupt

    with new_case(tmp_path, conditions) as case:
        begun, _ = _begun(case, tmp_path, items)
        with pytest.raises(KeyboardInterrupt):
            begun.add(breaking())
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        begun, _ = _begun(case, tmp_path, items)
        assert begun.records == 40
        begun.add(items[begun.records :])
        (counts,) = begun.finish(default_model="x")
        assert (counts.records, counts.accepted) == (95, 95)
        resumed = case.corpora()[0].sha256
        assert case.open_imports() == []
        assert case.verify() == []
    (tmp_path / "b").mkdir()
    with new_case(tmp_path / "b", conditions) as case:
        bring(case, tmp_path, items)
        assert case.corpora()[0].sha256 == resumed


def test_a_discard_that_is_broken_off_leaves_nothing_to_go_on_from(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "STEP", 10)
    items = several(50)

    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    with new_case(tmp_path, conditions) as case:
        begun, _ = _begun(case, tmp_path, items)
        begun.add(items)
        with pytest.raises(Cancelled):
            case.discard_import(begun.id, stop)
        # Ten answers are gone: whoever went on from here would miss them.
        assert case.open_imports() == []
        assert case.verify() == []
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        database = sqlite3.connect(tmp_path / "a.case" / "case.db")
        assert [database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("answers", "parts")] == [0, 0]
        database.close()
        begun, _ = _begun(case, tmp_path, items)
        begun.add(items[begun.records :])
        assert begun.finish(default_model="x")[0].accepted == 50
        assert case.verify() == []


def test_discard_leaves_a_line_and_nothing_else(
    case: Case, tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(case, tmp_path, several(3), "one.json")
    begun, items = _begun(case, tmp_path, several(50, "bob"))
    begun.add([*items, Rejected("bad", 50, 0, 1)])
    case.discard_import(begun.id)
    assert [line.action for line in case.ledger()][-1] == "import discarded"
    assert [i.state for i in case.import_log()] == ["done", "discarded"]
    database = sqlite3.connect(tmp_path / "a.case" / "case.db")
    counts = [database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("answers", "parts", "prompts")]
    assert [*counts, database.execute("SELECT count(*) FROM rejections").fetchone()[0]] == [3, 1, 3, 0]
    database.close()
    with pytest.raises(UsageError, match="no open import"):
        case.discard_import(begun.id)
    # Afterwards the same file can be imported anew.
    begun, _ = _begun(case, tmp_path, items)
    begun.add(items)
    assert begun.finish(default_model="x")[0].accepted == 50


def test_no_transaction_is_long(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[float] = []
    real = Store.transaction

    @contextmanager
    def timed(self: Store) -> Iterator[sqlite3.Connection]:
        start = time.process_time()
        with real(self) as connection:
            yield connection
        spans.append(time.process_time() - start)

    monkeypatch.setattr(Store, "transaction", timed)
    bring(case, tmp_path, [answer("x" * 1500 + str(n), f"p{n % 900}", index=n, record=str(n)) for n in range(12_000)])
    # The bound is 0.2 s on an idle machine.
    assert len(spans) >= 5
    assert max(spans) < 1.0


def test_a_full_disk_is_said_and_what_was_committed_stays(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(3), "one.json")
    begun, _ = _begun(case, tmp_path, [])
    connection = case._store.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 30}")
    big = [answer("y" * 3000, f"q{n}", index=n) for n in range(9000)]
    with pytest.raises(CaseError, match="full"):
        begun.add(big)
    assert case.verify() == []
    assert [c.answers for c in case.corpora()] == [3]
    connection.execute("PRAGMA max_page_count = 1073741823")
    begun, _ = _begun(case, tmp_path, [])
    begun.add(big[begun.records :])
    assert begun.finish(default_model="x")[0].records == 9000


def test_what_was_rolled_back_is_not_gone_on_with(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, _ = _begun(case, tmp_path, [])
    with monkeypatch.context() as patched:
        patched.setattr("workbench.store.importing.open_import.Intake._gather", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            begun.add(several(5))
    begun.add(several(3))
    assert [c.accepted for c in begun.finish(default_model="x")] == [3]
    assert case.verify() == []


TEXTS = st.text(alphabet=st.sampled_from("ab \ud800é\x00\n"), max_size=3)
RESPONSES = st.builds(
    lambda text, prompt, model, sample, key: answer(text, prompt, model=model, sample=sample, key=key),
    TEXTS,
    st.none() | TEXTS,
    st.sampled_from([None, "m", "n"]),
    st.sampled_from([None, "", "1"]),
    st.sampled_from([None, "", "k"]),
)
ITEMS = st.lists(RESPONSES | st.just(Rejected("r", 0, 0, 0)), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ITEMS, second=ITEMS)
def test_every_record_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, conditions: Conditions, first: list[Response], second: list[Response]
) -> None:
    folder = tmp_path_factory.mktemp("counts")
    with new_case(folder, conditions) as case:
        for name, items in (("1", first), ("2", second)):
            counts = bring(case, folder, items, name)
            assert sum(c.records for c in counts) == len(items)
        assert sum(c.accepted for c in case.catalogue()) == sum(len(list(case.answers(c.name))) for c in case.corpora())
        assert case.verify() == []


def test_the_digest_of_a_record_tells_its_ids_apart() -> None:
    ids = [(None, None, None), ("a", None, None), (None, "a", None), (None, None, "a"), ("", None, None)]
    ids += [("a", "b", None), ("ab", None, None)]
    assert len({record_digest(b"p" * 32, b"t" * 32, *some) for some in ids}) == len(ids)
