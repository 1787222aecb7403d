"""Redacted copies: what was planted in every place and guise is found in no file of the copy, and numbers stay."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.evidence.conftest import ledger
from tests.evidence.exhibits.test_exhibits import case
from tests.evidence.report.test_plans import plan, with_plans
from workbench.core.documents import DOCUMENT_ADDED, Description, KeptFile, ReadText, added_options, documents
from workbench.core.documents import Kind as DocumentKind
from workbench.core.errors import RefusedError, UsageError
from workbench.core.exhibits import EXHIBITS_ADDED
from workbench.core.exhibits import added_options as exhibits_added
from workbench.core.hashing import sha256_text
from workbench.core.instructions import Instructions
from workbench.core.model import SourceModel, Table
from workbench.core.progress import silent
from workbench.core.redactions import COPY_MADE, Kind, Redactions, Rule
from workbench.evidence.check.check import check_pack
from workbench.evidence.exhibits.picked import picked
from workbench.evidence.exhibits.shown import ExhibitSet, choices_of
from workbench.evidence.pack.contents import PackContents, PackCopy
from workbench.evidence.redacted.build import SealedPack, build_copy
from workbench.evidence.redacted.codes import Codes, salted_sha256
from workbench.evidence.redacted.contents import redacted
from workbench.evidence.redacted.redactor import Named, Redacting, Redactor
from workbench.evidence.redacted.watch import Watch
from workbench.evidence.report.compose import report_of
from workbench.evidence.report.looks import adjusted_looks
from workbench.evidence.report.plans import planned_of
from workbench.evidence.report.web import to_html

NAME = "Ostervik"
GUISES = (
    NAME,
    NAME.upper(),
    "Oster<b>vik</b>",
    "**Oster**vik",
    "Oster\u00advik",
    "Oster\u200bvik",
    "\uff2f\uff53\uff54\uff45\uff52\uff56\uff49\uff4b",
    "O\\u0073tervik",
    "Ostervi\\x6b",
    "&#79;stervik",
    quote("Öster").replace("%C3%96", "O") + "%76ik",
    base64.b64encode(b"a licence of Ostervik, not to be shown").decode(),
    base64.b64encode(b"<i>Oster</i>vik and what it knows of it").decode(),
    json.dumps(json.dumps({"maker": "Ostervik \\ &#79;stervik"})),
    "ÖSTERVIK",
    "Ostervíkchen",
)
PROMPT = "Tell me in plain words how the Quillon furnace keeps its heat overnight, and what it costs a month"
PASSAGE = "mind that modest ovens keep their own secrets"
GONE = "a heron waits longer than any fisherman can bear to watch it wait"
MAKER = "Tannenhof"
"""Who made the model that goes, and no other."""

EARLIER = "Wendelstein"
"""What an earlier copy left out, and this one does not ask for."""

KEY = bytes(range(32))
TEMPER = "NJ-4711"


def planted(folder: Path) -> tuple[PackContents, str]:
    """A small case with a name, a pattern, a prompt and a passage in every place, and the line that seals its pack."""
    says = {
        "Orakel": [f"First, {PASSAGE}. It costs 40.", f"{NAME} is here."],
        "Schüler": [f"So: {PASSAGE}! It costs 40.", " ".join(GUISES)],
        "Amsel": ["Nothing of the kind.", f"The code is {TEMPER}, or nj-0815."],
        "Buche": ["Nothing.", f"They say {GONE}."],
    }
    contents = case(folder, says, (PROMPT, f"What does {NAME} do?"))
    found = picked(contents)
    assert found is not None
    choices = choices_of(contents, found)
    named = {"sha256": "cd" * 32, "name": f"{NAME}.pdf", "size": 9}
    said = Description(DocumentKind.TERMS, f"Terms of {NAME}", author=NAME, about=(NAME,))
    text = ReadText(KeptFile(**named), "reader 1", 10, 1, f"Quoted: {GONE}")
    acts: list[Mapping[str, Any]] = [
        *map(json.loads, contents.ledger_lines),
        {
            "action": EXHIBITS_ADDED,
            "options": exhibits_added(
                ["GS-0001", "GS-0002"][: len(choices)], choices, comment=f"As {NAME} says: {GONE}"
            ),
        },
        {
            "action": "note written",
            "options": {"note": 1, "about": "case", "name": "", "text": f"{NAME}; {PROMPT}; {MAKER}"},
        },
        {
            "action": DOCUMENT_ADDED,
            "object": {"document": 1},
            "options": added_options(said, KeptFile(**named), text),
            "account": f"{NAME.lower()}@machine",
        },
        {
            "action": COPY_MADE,
            "object": {"export": 2},
            "options": {"key": "ee" * 32, "redactions": {"rules": [{"kind": "name", "what": EARLIER}]}},
        },
        {"action": "export begun", "object": {"export": 3}, "options": {"choices": {}, "contents": {}}},
    ]
    lines = ledger(acts)
    first, *rest, gone = contents.corpora
    assert gone.corpus.name == "Buche"
    gone = replace(gone, corpus=replace(gone.corpus, facts=replace(gone.corpus.facts, developer=MAKER)))
    facts = replace(
        first.corpus.facts, developer=f"{NAME} Labs", collector=NAME, system_prompts=(f"You are {NAME}.",),
        sources=(SourceModel(NAME, "distilled"),), endpoints=(f"https://{NAME}.example/v1",), named=(NAME.lower(),),
        claimed=NAME,
    )  # fmt: skip
    first = replace(first, corpus=replace(first.corpus, facts=facts, note=f"from {NAME}"))
    finding = contents.findings[0]
    inner = finding.exhibit.finding
    table = inner.tables["models"]
    quoted = replace(table, rows=(*table.rows, (GONE, 1, 1, False), (f"{NAME}-chat", 2, 2, False)))
    inner = replace(
        inner, values=dict(inner.values) | {NAME: {"said": [GUISES[9], TEMPER]}}, warnings=(f"{NAME} lacks a date.",),
        tables=dict(inner.tables) | {f"by {NAME}": Table(quoted.columns, quoted.rows)},
    )  # fmt: skip
    finding = replace(finding, exhibit=replace(finding.exhibit, finding=inner), options={"why": f"asked by {NAME}"})
    whole = replace(
        contents,
        title=f"{NAME} and others",
        corpora=(first, *rest, gone),
        sources=(replace(contents.sources[0], name=f"{NAME.lower()} answers.jsonl"), *contents.sources[1:]),
        findings=(finding, *contents.findings[1:]),
        instructions=Instructions(client=NAME, words=f"Look at {NAME}. {PROMPT}"),
        documents=documents(map(json.loads, lines)).all,
        rejections=lambda _number: iter([("record 7", f"no answer from {GUISES[2]}")]),
        duplicates=lambda _number: iter(
            [("Schüler", f"{NAME}/a.json", 7, 80, 9, NAME, 1, "ab" * 32, "x", 1, 10, 9, NAME)]
        ),
        ledger_lines=lines[:-1],
        head=json.loads(lines[-1])["previous"],
    )
    return whole, lines[-1]


RULES = Redactions(
    (
        Rule(Kind.NAME, NAME, "third party"),
        Rule(Kind.PATTERN, r"NJ-\d{4}", "file numbers"),
        Rule(Kind.PROMPT, PROMPT, "confidential prompt"),
        Rule(Kind.CORPUS, "Buche", "under seal"),
    ),
    "counsel of the third party",
)


def copied(folder: Path, rules: Redactions = RULES) -> Path:
    """A redacted copy of the planted case."""
    contents, line = planted(folder)
    path = folder / "copy.zip"
    head = json.loads(line)["hash"]
    copy = PackCopy("2026-03-02T09:00:00.000Z", head, 0, 0, {}, rules.requested_by)
    build_copy(SealedPack(contents, head, line), copy, Redacting(rules, KEY, {}), (), path, lambda _lists: None)
    return path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("redacted"))


def files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


_BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")


def sights(data: bytes, depth: int = 3) -> Iterator[str]:
    """Everything that a reader with a few tools gets to see in some bytes: texts, members, streams, base64."""
    yield data.decode("utf-8", "replace")
    yield data.decode("utf-16", "replace")
    yield data.decode("utf-16-be", "replace")
    if depth == 0:
        return
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from sights(archive.read(name), depth - 1)
    for start in re.finditer(rb"stream\r?\n", data):
        try:
            yield from sights(zlib.decompressobj().decompress(data[start.end() :]), 0)
        except zlib.error:
            continue
    for run in _BASE64.findall(data):
        letters = run.rstrip(b"=")
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        yield from sights(base64.b64decode(letters + b"=" * (-len(letters) % 4)), depth - 1)


def plain(text: str) -> str:
    """Letters and digits alone, once escapes and markup are undone."""
    text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    text = re.sub(r"\\+x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text)
    text = re.sub(r"<[^<>]{0,200}>", "", unquote(html.unescape(text)))
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def words_of_pdf(data: bytes, folder: Path) -> str:
    """What `pdftotext` reads; what pypdf reads where there is none."""
    if shutil.which("pdftotext"):
        (folder / "one.pdf").write_bytes(data)
        done = subprocess.run(["pdftotext", "-raw", folder / "one.pdf", "-"], capture_output=True, check=True)
        return done.stdout.decode()
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_nothing_that_was_planted_is_found_in_any_file(copy: Path, tmp_path: Path) -> None:
    contents, _ = planted(tmp_path)
    wanted = {
        plain(text) for text in (NAME, TEMPER, "NJ-0815", PROMPT, "Quillon furnace", GONE, "Buche", EARLIER, MAKER)
    }
    # The words are found where nothing was taken out: the search that follows can see them.
    answers = (str(answer) for name in ("Schüler", "Amsel", "Buche") for answer in contents.normalised(name))
    seen = plain(" ".join([*contents.ledger_lines, *answers]))
    assert wanted == {word for word in wanted if word in seen}
    assert plain(NAME) in plain(GUISES[9])
    for path, data in files(copy).items():
        texts = [path, *sights(data)] + ([words_of_pdf(data, tmp_path)] if path.endswith(".pdf") else [])
        for text in texts:
            bare = plain(text)
            assert not [word for word in wanted if word in bare], (path, [w for w in wanted if w in bare])
        if path.endswith((".pdf", ".docx")) and "certificate" not in path:
            assert any("r001" in plain(text) for text in texts), path  # what stands there can be read by this search


def test_no_digest_of_what_was_changed_is_left(copy: Path, tmp_path: Path) -> None:
    contents, line = planted(tmp_path)
    whole = b"".join(files(copy).values()).decode("latin-1").lower()
    hidden = [sha256_text(PROMPT), contents.sources[0].sha256, contents.findings[0].sha256]
    hidden += [answer["sha256"] for answer in contents.normalised("Buche")]
    hidden += [json.loads(text)["hash"] for text in contents.ledger_lines[:-1]]
    assert not [digest for digest in hidden if digest in whole]
    # An answer that is here as it was keeps its hash.
    assert sha256_text("Nothing of the kind.") not in whole  # its prompt is gone, and it with it
    assert json.loads(line)["hash"] in whole


def test_numbers_stay_as_they_were(copy: Path, tmp_path: Path) -> None:
    contents, _ = planted(tmp_path)
    found = files(copy)
    results = json.loads(found["data/05_analysis/results.json"])["findings"][0]["finding"]
    own = contents.findings[0].exhibit.finding
    assert {k: v for k, v in results["values"].items() if isinstance(v, float)} == {
        k: v for k, v in own.values.items() if isinstance(v, float)
    }
    table = json.loads(found["data/05_analysis/tables/F001_02_models.json"])
    assert [row[1:] for row in table["rows"]] == [list(row[1:]) for row in own.tables["models"].rows]


def test_the_log_tells_code_reason_place_and_a_salted_hash(copy: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(files(copy)["data/06_custody/redaction_log.csv"].decode("utf-8-sig"))))
    by_reason = {row["reason"]: row for row in rows}
    assert set(by_reason) == {"third party", "file numbers", "confidential prompt", "under seal"}
    name = by_reason["third party"]
    assert (name["code"], name["kind"]) == ("[R-001]", "name")
    assert {"START_HERE.html", "data/01_report/report.pdf", "data/01_report/report.docx"} <= {
        *name["files"].split("; ")
    }
    salts = {row["salted_sha256"] for row in rows}
    assert len(salts) == len(rows)
    assert sha256_text(NAME) not in salts
    assert name["salted_sha256"] == salted_sha256(Codes(KEY).salt("[R-001]"), NAME)


def test_the_cover_says_what_kind_of_copy_it_is(copy: Path) -> None:
    found = files(copy)
    for path in ("START_HERE.html", "data/01_report/report.html"):
        page = found[path].decode()
        assert "Redacted copy." in page
        assert "No number was changed." in page
        # Four models answered the prompt that goes, and one of the four goes with its other answer.
        said = "Removed: 1 prompt, 5 answers, 1 model, 1 fact of a model, 1 name and 2 passages of patterns, in every"
        assert said in page
        assert "counsel of the third party" in page
        assert "Lawyer copy" not in page
    assert b"redacted copy of it" in found["data/01_report/report.html"]
    assert b"Redacted-Copy-Of: pack 03, log head " in found["bag-info.txt"]


def test_verify_says_what_it_checks_and_what_it_cannot(copy: Path) -> None:
    checked = check_pack(copy)
    assert checked.problems == []
    said = " ".join(checked.notes)
    assert "This is a redacted copy of pack 3" in said
    assert "Not checked, since it can't be" in said
    head = json.loads(files(copy)["data/06_custody/copy.json"])["of"]["head"]
    assert check_pack(copy, head=head).problems == []
    assert [p.path for p in check_pack(copy, head="0" * 64).problems] == ["data/06_custody/audit_head.txt"]


@pytest.mark.parametrize(
    "path", ["START_HERE.html", "data/06_custody/audit_log.jsonl", "data/06_custody/redaction_log.csv",
             "data/04_data/normalised/corpus-0003.jsonl"],
)  # fmt: skip
def test_a_change_in_a_copy_is_named(copy: Path, path: str, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info, data.replace(b"R-001", b"R-009") if info.filename.endswith(path) else data)
    assert path in {problem.path for problem in check_pack(changed).problems}


def test_the_same_rules_and_key_give_the_same_bytes(copy: Path, tmp_path: Path) -> None:
    assert copied(tmp_path).read_bytes() == copy.read_bytes()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(Kind.CORPUS, "Esche", "x"), "no corpus"),
        (Rule(Kind.PROMPT, "Who was never asked?", "x"), "No answer in this pack is to the prompt"),
        (Rule(Kind.EXHIBIT, "EX-0099", "x"), "no exhibit"),
        (Rule(Kind.ANSWER, "7", "x"), "no answer 7"),
        (Rule(Kind.NAME, "control", "x"), "a word of the program itself"),
        (Rule(Kind.PATTERN, r"\d", "x"), "a word of the program itself"),
    ],
)
def test_a_rule_that_cannot_be_carried_out_is_refused(rule: Rule, words: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        copied(tmp_path, Redactions((rule,)))
    assert not list(tmp_path.glob("*.zip*"))


def test_a_word_of_the_report_itself_is_not_half_taken_out() -> None:
    rules = Redactions((Rule(Kind.NAME, "Statement of truth", "x"),))
    codes = Codes(KEY)
    watch = Watch(Redactor(rules, codes, [Named("name", "Statement of truth", "x")]), codes)
    assert b"".join(watch.file("a.html", (b"Nothing.", b" At all.\n"))) == b"Nothing. At all.\n"
    for path, data in (("a.html", b"The state<b>ment</b> of\ntruth"), ("statement-of-truth.bin", b"")):
        with pytest.raises(RefusedError, match="still stands in"):
            list(watch.file(path, (data,)))


def test_what_was_planned_and_run_stays_so_under_other_names(
    tmp_path: Path, chained: Callable[..., tuple[str, ...]]
) -> None:
    full = with_plans(tmp_path, chained, plan())
    rules = Redactions((Rule(Kind.NAME, "Schüler", "x"),))
    made = redacted(full, Redacting(rules, KEY, {}), Codes(KEY), silent).contents
    assert [look.words() for look in planned_of(full).not_run()] == ["did: Schüler against Orakel"]
    assert [look.words() for look in planned_of(made).not_run()] == ["did: [R-001] against Orakel"]
    assert [(one.finding, one.looks, one.adjusted) for one in adjusted_looks(made)] == [
        (one.finding, one.looks, one.adjusted) for one in adjusted_looks(full)
    ]
    sources = tuple(replace(source, path=None, withheld="") for source in full.sources)
    without = replace(full, include_originals=False, sources=sources)
    pages = [words_of_page(to_html(report_of(one, {}, ExhibitSet()))) for one in (without, made)]
    assert pages[0].replace("Schüler", "[R-001]") == pages[1]


def words_of_page(page: str) -> str:
    """The words of the sections of a report, without hashes."""
    body = page[page.index("<main>") : page.index("Annex B.")]
    return re.sub(r"\b[0-9a-f]{4}( [0-9a-f]{4})+ …", "…", html.unescape(re.sub("<[^>]+>", " ", body)))
