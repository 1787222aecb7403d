"""The prompt kit: what the battery must be, and what the folder holds."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.app.kit.battery import battery, kinds
from workbench.app.kit.kit import write_kit
from workbench.app.kit.planned_kit import FORMATS, KitRequest, planned
from workbench.app.kit.request_files import csv_rows, in_random_order
from workbench.core.errors import Cancelled, UsageError
from workbench.core.kit_ids import custom_id, numbered, split_custom_id
from workbench.core.resources import resource

SCRIPTS = {
    "zh": "CJK",
    "ja": "CJK|HIRAGANA|KATAKANA",
    "ko": "HANGUL",
    "ru": "CYRILLIC",
    "ar": "ARABIC",
    "hi": "DEVANAGARI",
}


def grams(text: str) -> set[str]:
    """The runs of four characters in a text, without marks and case."""
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    return {plain[at : at + 4] for at in range(max(1, len(plain) - 3))}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


# The battery


def test_the_battery_is_large_and_balanced() -> None:
    prompts = battery()
    assert len(prompts) >= 360
    by_kind, by_topic = Counter(p.kind for p in prompts), Counter(p.topic for p in prompts)
    assert set(by_kind) == set(kinds())
    assert len(by_kind) >= 12
    assert min(by_kind.values()) >= 25
    assert max(by_kind.values()) <= 2 * min(by_kind.values())
    assert len(by_topic) >= 12
    assert max(by_topic.values()) <= 2 * min(by_topic.values())
    lengths = Counter(p.length for p in prompts)
    assert set(lengths) == {"short", "medium", "long"}
    assert min(lengths.values()) >= 50


def test_many_prompts_are_in_other_languages_and_in_their_script() -> None:
    other = [p for p in battery() if p.language != "en"]
    assert len(other) >= 100
    assert len({p.language for p in other}) >= 11
    assert {p.kind for p in other} == set(kinds())
    for p in other:
        script = SCRIPTS.get(p.language, "LATIN")
        names = [unicodedata.name(c, "") for c in p.prompt if c.isalpha()]
        share = sum(bool(re.match(script, name)) for name in names) / len(names)
        assert share > 0.7, p.id


def test_ids_are_stable_and_in_order() -> None:
    letters = {k["kind"]: k["letter"] for k in json.loads(resource("kit/kinds.json").read_text("utf-8"))}
    for kind, letter in letters.items():
        ids = [p.id for p in battery() if p.kind == kind]
        assert ids == [f"k-{letter}-{n:03d}" for n in range(1, len(ids) + 1)]
    assert len(set(letters.values())) == len(letters)


def test_where_one_answer_says_little_many_are_asked_for() -> None:
    repeats = {kind: {p.repeats for p in battery() if p.kind == kind} for kind in kinds()}
    assert min(repeats["choice"]) >= 10
    assert min(repeats["identity"]) >= 10
    assert max(repeats["writing"]) <= 3
    assert min(p.repeats for p in battery()) >= 2


def test_no_two_prompts_are_alike() -> None:
    seen = [(p, grams(p.prompt)) for p in battery()]
    alike = [(a.id, b.id) for (a, one), (b, other) in combinations(seen, 2) if likeness(one, other) > 0.35]
    assert alike == []
    openings = Counter(" ".join(p.prompt.lower().split()[:3]) for p in battery() if p.language == "en")
    assert max(openings.values()) <= 4


def test_prompts_are_clean_text_that_no_spreadsheet_takes_for_a_formula() -> None:
    for p in battery():
        assert p.prompt == unicodedata.normalize("NFC", p.prompt).strip()
        assert p.prompt[0] not in "=+-@'"
        assert not [c for c in p.prompt if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Cn")]


def test_facts_have_their_answers() -> None:
    facts = [p for p in battery() if p.kind == "facts"]
    assert all(p.reference or p.length == "long" for p in facts)
    assert not [p.id for p in battery() if p.reference and p.reference in p.prompt]


def test_no_prompt_is_one_of_the_public_ones(shared: Path) -> None:
    corpus = next((shared / "panel" / "corpora").glob("*.json"))
    public = {row["instruction"] for row in json.loads(corpus.read_text("utf-8"))}
    for file in (shared / "formats" / "fastchat").rglob("question*.jsonl"):
        public |= {turn for line in file.read_text("utf-8").splitlines() for turn in json.loads(line)["turns"]}
    assert len(public) > 800
    theirs = [grams(text) for text in public]
    # More than half of what both have is more than a third of what they have counted apart.
    near = [
        p.id
        for p, own in ((p, grams(p.prompt)) for p in battery() if p.language == "en")
        if any(
            3 * len(own & other) > len(own) + len(other) for other in theirs if len(own) < 2 * len(other) < 4 * len(own)
        )
    ]
    assert near == []


# The ids


@settings(deadline=None)
@given(st.sampled_from(battery()), st.integers(1, 100))
def test_an_id_comes_apart_as_it_was_put_together(prompt, sample: int) -> None:
    one = custom_id(prompt.id, sample)
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", one)
    assert split_custom_id(one) == (prompt.id, str(sample))


@pytest.mark.parametrize(
    "text", ["", "r-2", "k-w-001", "k-w-001-s1", "k-w-001-s1234", "xk-w-001-s01", "k-w-001-s\u0660\u0661"]
)
def test_other_ids_stay_whole(text: str) -> None:
    assert split_custom_id(text) == (text, None)


def test_samples_inside_one_request_keep_their_number() -> None:
    pairs = ((None, None), (None, "0"), (None, "1"), ("3", None), ("3", "0"), ("3", "1"))
    assert [numbered(*pair) for pair in pairs] == [None, "0", "1", "3", "3", "3.1"]


# The folder


def test_the_same_request_gives_the_same_bytes(tmp_path: Path) -> None:
    request = KitRequest(topics=("money",), languages=("en", "de"), system="Sei kurz.", temperature=0.7, model="m")
    kits = [write_kit(tmp_path / name, request) for name in ("one", "two")]
    assert kits[0].files == kits[1].files
    for file in kits[0].files:
        assert (tmp_path / "one" / file.path).read_bytes() == (tmp_path / "two" / file.path).read_bytes()
    again = write_kit(tmp_path / "three", KitRequest(topics=("money",), seed=2))
    assert again.sha256 != kits[0].sha256


def test_the_seed_alone_orders_the_requests() -> None:
    orders = [[a.custom_id for a in in_random_order(battery(), None, seed)] for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])
    # Written down once: an order that changes with machine or version could not be checked later.
    assert orders[0][:3] == ["k-b-001-s04", "k-x-027-s04", "k-x-001-s12"]
    places = [at for at, one in enumerate(orders[0]) if one.startswith("k-x-001-")]
    assert max(places) - min(places) > len(orders[0]) / 2


def test_each_batch_file_asks_the_same(tmp_path: Path) -> None:
    request = KitRequest(model="a-model", system="Sei \u201ekurz\u201c.\n", temperature=0.0, max_tokens=99)
    write_kit(tmp_path / "kit", request)
    texts = {p.id: p.prompt for p in battery()}
    expected = [a.custom_id for a in planned(request).asked]
    for name, limit in (("openai_batch.jsonl", "max_completion_tokens"), ("compatible_batch.jsonl", "max_tokens")):
        data = [json.loads(line) for line in (tmp_path / "kit" / name).read_text("utf-8").splitlines()]
        assert [one["custom_id"] for one in data] == expected
        for one in data:
            assert one["method"] == "POST"
            assert one["url"] == "/v1/chat/completions"
            user = {"role": "user", "content": texts[one["custom_id"][:7]]}
            system = {"role": "system", "content": request.system}
            body = {"model": "a-model", "messages": [system, user], limit: 99, "temperature": 0.0}
            assert one["body"] == body
    whole = json.loads((tmp_path / "kit" / "anthropic_batch.json").read_text("utf-8"))
    assert list(whole) == ["requests"]
    assert [one["custom_id"] for one in whole["requests"]] == expected
    for one in whole["requests"]:
        user = {"role": "user", "content": texts[one["custom_id"][:7]]}
        params = {
            "model": "a-model",
            "max_tokens": 99,
            "temperature": 0.0,
            "system": request.system,
            "messages": [user],
        }
        assert one["params"] == params


def test_nothing_that_was_not_asked_for_is_sent(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "kit", KitRequest(kinds=("facts",), languages=("en",)))
    assert kit.placeholder
    for line in (tmp_path / "kit" / "openai_batch.jsonl").read_text("utf-8").splitlines():
        body = json.loads(line)["body"]
        assert set(body) == {"model", "messages", "max_completion_tokens"}
        assert [m["role"] for m in body["messages"]] == ["user"]
    key = [json.loads(line) for line in (tmp_path / "kit" / "answer_key.jsonl").read_text("utf-8").splitlines()]
    assert {row["prompt_id"] for row in key} == {
        p.id for p in planned(KitRequest(kinds=("facts",), languages=("en",))).prompts if p.reference
    }


def test_tables_open_in_a_spreadsheet(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "kit", KitRequest(formats=("csv",)))
    assert not kit.placeholder
    for name in ("prompts.csv", "answer_sheet.csv"):
        data = (tmp_path / "kit" / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "kit" / "prompts.csv").read_text("utf-8-sig"), newline="")))
    assert [(r["prompt_id"], r["prompt"], int(r["repeats"])) for r in rows] == [
        (p.id, p.prompt, p.repeats) for p in battery()
    ]


def test_cells_that_would_be_formulas_are_guarded() -> None:
    cells = ["=1+1", "+49", "-x", "@me", "\tx", "plain = fine", 'a "quoted", cell\nof two lines', 7]
    data = b"".join(csv_rows(["a"] * len(cells), [cells])).decode("utf-8-sig")
    (read,) = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert read == ["'=1+1", "'+49", "'-x", "'@me", "'\tx", *cells[5:7], "7"]


def test_the_manifest_names_every_other_file(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "kit", KitRequest(topics=("food",), repeats=1))
    manifest = json.loads((tmp_path / "kit" / "manifest.json").read_text("utf-8"))
    assert [f["path"] for f in manifest["files"]] == [f.path for f in kit.files[:-1]]
    assert manifest["counts"]["requests"] == manifest["counts"]["prompts"] == kit.prompts == kit.requests
    assert sum(manifest["counts"]["language"].values()) == kit.prompts
    assert manifest["options"]["formats"] == list(FORMATS)


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(fraction: float, note: str = "") -> None:
        if fraction > 0.4:
            raise Cancelled

    (tmp_path / "there").mkdir()
    for name in ("new", "there"):
        with pytest.raises(Cancelled):
            write_kit(tmp_path / name, KitRequest(), stop)
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "there").iterdir()) == []


@settings(max_examples=40, deadline=None)
@given(
    repeats=st.none() | st.integers(-5, 200),
    tokens=st.integers(-5, 2_000_000),
    temperature=st.none() | st.floats(allow_nan=True),
    topics=st.lists(st.sampled_from(["food", "self", "no"]), min_size=1, max_size=2),
    languages=st.lists(st.sampled_from(["en", "hi", "xx"]), max_size=2),
)
def test_every_request_is_planned_or_refused_in_words(repeats, tokens, temperature, topics, languages) -> None:
    request = KitRequest(repeats, (), tuple(topics), tuple(languages), "", tokens, temperature)
    good = (repeats is None or 1 <= repeats <= 100) and 1 <= tokens <= 1_000_000
    good &= (temperature is None or 0 <= temperature <= 1) and not {"no", "xx"} & {*topics, *languages}
    if good:
        plan = planned(request)
        assert 0 < len(plan.prompts) <= len(plan.asked)
        assert len({a.custom_id for a in plan.asked}) == len(plan.asked)
        return
    with pytest.raises(UsageError) as error:
        planned(request)
    assert error.value.message.endswith(".")
    assert error.value.hint


# The protocol sheet


class Words(HTMLParser):
    """The words of a page, and the tags that were met."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1


def test_the_sheet_says_what_is_to_be_done_and_written_down(tmp_path: Path) -> None:
    system = "<b>Be & stay</b> brief | \u202eright"
    write_kit(tmp_path / "kit", KitRequest(system=system, temperature=0.25, max_tokens=777, seed=12, model="m*<1>"))
    page = Words()
    page.feed((tmp_path / "kit" / "PROTOCOL.html").read_text("utf-8"))
    text = " ".join(page.words)
    sheet = (tmp_path / "kit" / "PROTOCOL.md").read_text("utf-8")
    for words in (text, sheet):
        for said in (
            "<b>Be & stay</b>", "0.25", "777 tokens", "the seed 12", "m*<1>", "same day", "time zone", "Region",
            "as returned", "SHA-256", "Never send a request again since its answer displeases", "Chain of custody",
            "System prompt", "Account", "k-w-001-s02", "--prompts prompts.jsonl",
        ):  # fmt: skip
            assert said in words, said
        assert "\u202e" not in words
    assert page.tags["script"] == page.tags["b"] == page.tags["link"] == 0


def test_the_sheet_lists_the_files_and_counts_of_this_kit(tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "kit", KitRequest(kinds=("choice", "writing"), formats=("anthropic",), repeats=3))
    sheet = (tmp_path / "kit" / "PROTOCOL.md").read_text("utf-8")
    for file in kit.files:
        assert f"| {file.path} |" in sheet
    assert "openai_batch.jsonl" not in sheet
    assert "A filled answer sheet" not in sheet
    rows = [line.split(" | ") for line in sheet.splitlines() if line.startswith(("| choice", "| writing"))]
    assert [(row[1], row[5], row[6]) for row in rows] == [
        (str(n), "3", str(3 * n)) for n in (sum(p.kind == k for p in battery()) for k in ("writing", "choice"))
    ]
