"""Examination, search and single answers through the command line: nothing secret is ever shown or handed on."""

from __future__ import annotations

import json
import random
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import USAGE, Command
from workbench.app.examination import run as examination_run
from workbench.app.examination.inspect_answer import rules
from workbench.app.examination.run import ExaminationReport
from workbench.app.session import Session
from workbench.core.progress import silent
from workbench.core.secrets.find import RULES_VERSION
from workbench.core.surroundings import of_this_machine

KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"
MAPPED = ("--map", "prompt=q", "--map", "response=r")


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def secretive(command: Command, empty_case: Path, tmp_path: Path) -> Path:
    """A case of two corpora in which an answer and a prompt hold keys."""
    one = [
        {"q": "Which key shall I use for the model service in Paris?", "r": f"Use {KEY} now."},
        {"q": f"Is {KEY} right?", "r": "I cannot help with that."},
        {"q": "大語言模型是什麼", "r": "大語言模型是一種人工智慧模型、可以生成文字。"},
        {"q": "Ünïcode?", "r": "Café \u202eau lait. And the rest of a sen"},
    ]
    two = [{"q": one[0]["q"], "r": "A quite harmless answer, distilled from nothing."}]
    command("import", empty_case, lines(tmp_path / "one.jsonl", *one), "--model", "one", *MAPPED)
    command("import", empty_case, lines(tmp_path / "two.jsonl", *two), "--model", "two", *MAPPED)
    return empty_case


def inside(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_examine_says_what_it_saw(command: Command, secretive: Path) -> None:
    told = command("examine", secretive)
    one = told["corpora"]["one"]
    assert (told["new"], one["answers"], one["refused"], one["truncated"], one["looks_cut"], one["secret"]) == (
        True,
        4,
        1,
        0,
        1,
        1,
    )
    assert (one["bidi"], one["hidden"]) == (1, 1)
    assert one["languages"]["zh"] == 1
    assert told["rules"]["language"]["model"] == "lid.176.ftz"
    assert [item["name"] for item in told["withheld"]] == ["one.jsonl"]
    assert all("utf-8" in file["encoding"] for file in told["sources"].values())
    assert command("examine", secretive)["new"] is False
    line = command("log", secretive)["lines"][-1]
    assert (line["action"], line["options"]["totals"]["answers"]) == ("case examined", 5)
    assert command("verify", secretive)["ok"] is True


def examined_by_earlier_rules(case: Path, monkeypatch: pytest.MonkeyPatch) -> ExaminationReport:
    with (
        monkeypatch.context() as earlier,
        Session.open(case, conditions=of_this_machine(), writing=True) as session,
    ):
        earlier.setattr(examination_run, "rules", lambda: rules() | {"secrets": "secrets-0"})
        return session.examine(silent)


def test_an_examination_by_earlier_rules_is_said_to_be_outdated(
    command: Command, secretive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = examined_by_earlier_rules(secretive, monkeypatch)
    code, out, _ = command.raw(["examine", str(secretive)])
    assert code == 0
    said = f"The rules have changed since the examination of {first.ended}: all was looked at again."
    assert said in out.decode().splitlines()
    again = command("examine", secretive)
    assert (again["new"], again["outdated"], again["rules"]["secrets"]) == (False, None, RULES_VERSION)


def test_fitness_says_that_an_examination_is_outdated(
    command: Command, bare_case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = examined_by_earlier_rules(bare_case, monkeypatch)
    before = command("run", bare_case, "fitness", "--tables")
    warned = f"The rules have changed since the examination of {first.ended}"
    assert [words for words in before["warnings"] if words.startswith(warned)]
    assert before["values"]["examination"]["outdated"] == first.ended
    assert {row[1] for row in before["tables"]["examination"]["rows"]} == {"examined by earlier rules"}
    assert "Examined by rules that have changed since: 360 answers" in " ".join(
        command("show", bare_case, "1")["narrative"]["sentences"]
    )
    command("examine", bare_case)
    after = command("run", bare_case, "fitness", "--tables")
    assert after["values"]["examination"]["outdated"] == ""
    assert not [words for words in after["warnings"] if "rules" in words]
    assert {row[1] for row in after["tables"]["examination"]["rows"]} == {"examined"}


def test_fitness_says_whether_the_material_was_examined(command: Command, bare_case: Path) -> None:
    before = command("run", bare_case, "fitness")
    assert before["values"]["examination"]["state"] == "not yet examined"
    assert command("examine", bare_case)["new"] is True
    after = command("run", bare_case, "fitness", "--tables")
    assert after["values"]["examination"]["state"] == "examined"
    assert after["values"]["examination"]["totals"]["answers"] == 9 * 40
    assert len(after["tables"]["examination"]["rows"]) == 9
    assert "not yet examined" in " ".join(command("show", bare_case, "1")["narrative"]["sentences"])


@pytest.mark.parametrize("examined", [True, False])
def test_a_key_never_leaves_the_case(command: Command, secretive: Path, tmp_path: Path, examined: bool) -> None:
    if examined:
        command("examine", secretive)
    for words in (
        ["search", "Use"],
        ["search", "right", "--in", "prompts"],
        ["answer", "1"],
        ["answer", "2"],
        ["corpora"],
    ):
        code, out, err = command.raw([words[0], "--json", secretive, *words[1:]])
        assert code == 0
        assert KEY.encode() not in out + err
    assert "⟦masked: OpenAI key⟧" in command("answer", secretive, "1")["text"]
    assert "⟦masked: OpenAI key⟧" in command("answer", secretive, "1")["raw"]["text"]
    pack = tmp_path / "p.zip"
    command("export", secretive, pack)
    files = inside(pack)
    assert not [name for name, data in files.items() if KEY.encode() in data]
    assert files["data/06_custody/redaction_log.csv"].count(b"OpenAI key") == 4
    assert b"one.jsonl" in files["data/06_custody/withheld.csv"]
    assert [n for n in files if n.startswith("data/04_data/original/")] == [
        "data/04_data/original/" + _kept(files, "two")
    ]
    assert command("verify", pack)["ok"] is True
    command("export", secretive, tmp_path / "again.zip", "--number", "1")
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()
    assert command("verify", secretive)["ok"] is True


def test_a_key_in_an_id_is_masked_in_the_pack(command: Command, empty_case: Path, tmp_path: Path) -> None:
    """Ids of prompts and samples, also of answers whose prompts come later; what is listed twice is counted once."""
    asked = [
        {"question_id": said, "turns": [text], "category": "writing"}
        for said, text in ((f"ask {KEY}A", "Why is the sky blue?"), ("b", "And why is grass green?"))
    ]
    said = [{"i": f"ask {KEY}A", "r": "It scatters.", "s": "1"}, {"i": "b", "r": f"{KEY}C", "s": f"run {KEY}B"}]
    keyed = ("--map", "prompt_key=i", "--map", "response=r", "--map", "sample=s")
    command("import", empty_case, lines(tmp_path / "a.jsonl", *said), "--model", "a", *keyed)
    command("examine", empty_case)
    prompts = lines(tmp_path / "q.jsonl", *asked)
    command("import", empty_case, lines(tmp_path / "b.jsonl", *said[:1]), "--model", "b", *keyed)
    before = command("examine", empty_case)
    held = {item["name"]: item["secrets"] for item in before["withheld"]}
    assert held == {"a.jsonl": {"OpenAI key": 3}, "b.jsonl": {"OpenAI key": 1}}
    for number in ("1", "2"):
        command("export", empty_case, tmp_path / f"{number}.zip")
        files = inside(tmp_path / f"{number}.zip")
        assert not [name for name, data in files.items() if KEY.encode() in data]
        assert command("verify", tmp_path / f"{number}.zip")["ok"] is True
        if number == "1":
            command("prompts", empty_case, prompts, "--for", "a")
    assert files["data/06_custody/redaction_log.csv"].count(b",prompt_key,") == 2
    assert files["data/06_custody/redaction_log.csv"].count(b",sample,") == 1
    assert command("verify", empty_case)["ok"] is True
    command("export", empty_case, tmp_path / "again.zip", "--number", "1")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()


def _kept(files: dict[str, bytes], name: str) -> str:
    row = next(r for r in files["data/04_data/names.csv"].decode().splitlines() if f",{name}.jsonl," in r)
    return row.split(",")[3].rpartition("/")[2]


def test_a_key_in_a_name_is_masked_before_it_is_kept(command: Command, empty_case: Path, tmp_path: Path) -> None:
    """Names of files, models and members, fields of a mapping, and what a service says of a failed call."""
    keys = [f"{KEY}{n}" for n in range(7) if n != 2]
    named = tmp_path / f"log {keys[3]}.csv"
    named.write_text(f"{keys[1]},r,m\nWhy then?,So it is.,model {keys[0]}\n", encoding="utf-8")
    mapped = ("--map", "response=r", "--map", "model=m", "--map", f"prompt_key={keys[1]}")
    failed = {"status_code": 401, "body": {"error": {"message": f"Incorrect API key provided: {keys[4]}"}}}
    body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Fine."}, "finish_reason": "stop"}]}
    batch = lines(
        tmp_path / "batch.jsonl",
        {"id": "b1", "custom_id": "c1", "response": failed, "error": None},
        {"id": "b2", "custom_id": "c2", "response": {"status_code": 200, "body": body}, "error": None},
    )
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(f"of {keys[5]}.txt", "An answer in a member.")
        archive.writestr("other.txt", "Another answer.")
    said = [
        command.raw(["import", "--json", empty_case, *arguments])
        for arguments in (
            (named, *mapped), (batch, "--model", f"batch {keys[2]}"), (tmp_path / "z.zip", "--model", "members"),
        )
    ]  # fmt: skip
    assert [code for code, _, _ in said] == [0, 0, 0]
    for words in ("examine", "corpora", "log"):
        said += [command.raw([words, empty_case]), command.raw([words, "--json", empty_case])]
    for number in ("1", "2", "3"):
        said += [command.raw(["answer", empty_case, number]), command.raw(["answer", "--json", empty_case, number])]
    said.append(command.raw(["search", "--json", empty_case, "answer"]))
    assert b"Incorrect API key provided" in said[1][1]
    assert not [out for _, out, err in said if KEY.encode() in out + err]
    assert KEY not in (empty_case / "ledger.jsonl").read_text(encoding="utf-8")
    command("export", empty_case, tmp_path / "p.zip")
    assert not [name for name, data in inside(tmp_path / "p.zip").items() if KEY.encode() in data]
    assert {item["name"] for item in command("examine", empty_case)["withheld"]} >= {"batch.jsonl", "z.zip"}
    assert command("verify", tmp_path / "p.zip")["ok"] is True
    assert command("verify", empty_case)["ok"] is True


def test_a_withheld_original_goes_in_with_a_reason(command: Command, secretive: Path, tmp_path: Path) -> None:
    held = command("examine", secretive)["withheld"][0]["sha256"]
    other = next(s for s in command("examine", secretive)["sources"] if s != held)
    pack = tmp_path / "p.zip"
    assert "reason" in command.refused("export", secretive, pack, "--include-original", held, code=USAGE)
    wrong = ("--reason", "the court asked", "--include-original")
    assert "not withheld" in command.refused("export", secretive, pack, *wrong, other, code=USAGE)
    assert "SHA-256" in command.refused("export", secretive, pack, *wrong, "abc", code=USAGE)
    command("export", secretive, pack, *wrong, held)
    files = inside(pack)
    assert [name for name, data in files.items() if KEY.encode() in data] == [
        "data/04_data/original/" + _kept(files, "one")
    ]
    assert b"the court asked" in files["data/06_custody/withheld.csv"]
    assert command("verify", pack)["ok"] is True
    command("export", secretive, tmp_path / "again.zip", "--number", "1")
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()


def test_search_finds_words_phrases_beginnings_and_chinese(command: Command, secretive: Path) -> None:
    def found(*words: str) -> list[int]:
        return [hit["answer"] for hit in command("search", secretive, *words)["hits"]]

    assert found("harmless") == [5]
    assert found("distil*") == [5]
    assert found('"quite harmless"') == [5]
    assert found('"harmless quite"') == []
    assert found("cafe") == [4]
    assert found("人工智慧") == [3]
    assert found("智慧人工") == []
    assert found("harmless", "--corpus", "one") == []
    assert found("模型", "--in", "prompts") == [3]
    hit = command("search", secretive, "paris", "--in", "prompts")["hits"][0]
    assert (hit["answer"], hit["others"], hit["excerpt"]["hit"]) == (1, 1, "Paris")
    assert hit["place"].startswith("record 1, bytes 0 to ")


@pytest.mark.parametrize(("inside", "word"), [("answers", "river"), ("prompts", "p*")])
def test_pages_follow_each_other_by_key(command: Command, bare_case: Path, inside: str, word: str) -> None:
    found, after = [], 0
    while after is not None:
        page = command("search", bare_case, word, "--in", inside, "--limit", "7", "--after", str(after))
        found += page["hits"]
        after = page["next"]
    assert [hit["key"] for hit in found] == sorted({hit["key"] for hit in found})
    assert found == command("search", bare_case, word, "--in", inside, "--limit", "1000")["hits"]
    assert len(found) > 14
    assert {hit["others"] for hit in found} == ({8} if inside == "prompts" else {0})


def test_an_operator_is_said_to_be_a_word(command: Command, secretive: Path) -> None:
    code, out, _ = command.raw(["search", secretive, "harmless OR paris"])
    assert (code, b"OR was searched for as a word" in out) == (0, True)


@pytest.mark.parametrize(
    "words", ['"', "a AND (b", 'x"y"z*', "NEAR(a, 2)", "^a", "a:b", "'; DROP TABLE answers; --", "*a*", "\udce9"]
)
def test_no_search_is_an_operator(command: Command, secretive: Path, words: str) -> None:
    code, out, _ = command.raw(["search", "--json", secretive, words.encode("utf-8", "surrogateescape")])
    document = json.loads(out)
    assert (code, "hits" in document) == (0, True) or (code, document["error"]["kind"]) == (USAGE, "usage")


def test_what_is_imported_later_is_found(command: Command, secretive: Path, tmp_path: Path) -> None:
    assert command("search", secretive, "afterthought")["hits"] == []
    more = lines(tmp_path / "more.jsonl", {"q": "Late?", "r": "An afterthought."})
    command("import", secretive, more, "--model", "three", *MAPPED)
    assert [hit["corpus"] for hit in command("search", secretive, "afterthought")["hits"]] == ["three"]


def test_an_answer_is_shown_beside_its_bytes(command: Command, secretive: Path) -> None:
    told = command("answer", secretive, "4")
    assert told["corpus"] == "one"
    assert json.loads(told["raw"]["text"])["r"] == told["text"]
    assert told["seen"] is None
    command("examine", secretive)
    assert command("answer", secretive, "4")["seen"]["marks"] == ["looks_cut"]
    assert "no answer 99" in command.refused("answer", secretive, "99", code=USAGE)


def test_every_fact_can_be_stated_and_unknown_is_said(command: Command, secretive: Path) -> None:
    told = command(
        "set", secretive, "one", "--claimed", "acme/one-2", "--setting", "temperature=0.7", "--setting", "top_p=1",
        "--system-prompt", "Be nice.", "--endpoint", f"https://x.example/v1?key={KEY}", "--collector", "B. Clerk",
        "--collected", "2026-01-01/2026-02-01", "--sources", "distilled:two,minor", "--group", "g", "--group", "h",
        "--teacherless", "no", "--control-only", "yes", "--basis", "a paper", "--reason", "from the contract",
    )["facts"]  # fmt: skip
    assert told["sources"] == [{"corpus": "two", "relation": "distilled", "minor": True}]
    assert (told["group"], told["settings"]) == (["g", "h"], ["temperature=0.7", "top_p=1"])
    assert (told["collected"], told["control_only"], told["base"]) == ("2026-01-01/2026-02-01", True, None)
    assert told["endpoints"] == ["https://x.example/v1"]
    assert command("set", secretive, "one", "--claimed", "", "--reason", "r")["facts"]["claimed"] is None
    for wrong in (("--sources", "copied:two"), ("--setting", "hot"), ("--collected", "yesterday")):
        command.refused("set", secretive, "one", *wrong, "--reason", "r", code=USAGE)
    assert command("verify", secretive)["ok"] is True


def test_an_endpoint_is_kept_without_user_query_and_fragment(command: Command, secretive: Path) -> None:
    stated = ("https://bob:Zq99pw@x.example/v1?key=Zq99key", "bob:Zq99pw@y.example:80/v1#Zq99", "OpenRouter (EU)")
    words = [word for endpoint in stated for word in ("--endpoint", endpoint)]
    told = command("set", secretive, "one", *words, "--reason", "r")["facts"]
    assert told["endpoints"] == ["https://x.example/v1", "y.example:80/v1", "OpenRouter (EU)"]
    assert not [file for file in secretive.rglob("*") if file.is_file() and b"Zq99" in file.read_bytes()]
    command.refused("set", secretive, "one", "--endpoint", "https://[x", "--reason", "r", code=USAGE)


def test_records_that_name_another_model_are_warned_of(command: Command, empty_case: Path, tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", {"q": "Why?", "r": "So.", "m": "other-model"})
    command("import", empty_case, file, "--model", "claimed-model", *MAPPED, "--map", "model=m")
    row = command("corpora", empty_case)["corpora"][0]
    assert (row["name"], row["named"]) == ("claimed-model", ["other-model"])
    assert "other-model" in row["warning"]


@pytest.mark.slow
def test_killed_at_any_moment_it_is_whole_and_goes_on(command: Command, empty_case: Path, tmp_path: Path) -> None:
    kill(command, empty_case, tmp_path, 1, 600)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_many_moments(command: Command, empty_case: Path, tmp_path: Path) -> None:
    kill(command, empty_case, tmp_path, 20, 6_000)


def kill(command: Command, case: Path, folder: Path, times: int, answers: int) -> None:
    """Kill examinations of copies of a case; each is whole at once and ends as an undisturbed one does."""
    text = "A sentence about number {} and the words of all its many neighbours. " * 12
    many = lines(folder / "many.jsonl", *({"q": f"Q {n}?", "r": text.replace("{}", str(n))} for n in range(answers)))
    command("import", case, many, "--model", "many", *MAPPED)
    whole = folder / "whole.case"
    shutil.copytree(case, whole)
    begun = time.monotonic()
    child = command.start("examine", whole)
    wanted = json.loads(child.communicate()[0])["corpora"]
    lasts = time.monotonic() - begun
    chance = random.Random(11)
    for number in range(times):
        copy = folder / f"{number}.case"
        shutil.copytree(case, copy)
        child = command.start("examine", copy)
        time.sleep(chance.uniform(0.3, 1.0) * lasts)
        child.kill()
        child.communicate()
        assert command("verify", copy)["ok"] is True
        assert command("examine", copy)["corpora"] == wanted
        assert [line["action"] for line in command("log", copy)["lines"]].count("case examined") == 1
        assert command("verify", copy)["ok"] is True
        shutil.rmtree(copy)


OLD = Path(__file__).resolve().parents[1] / "store" / "schema_1.zip"


def test_a_pack_begun_before_secrets_were_looked_for(command: Command, tmp_path: Path) -> None:
    """A pack of the first schema is not built again: its answers were never looked at for secrets."""
    with zipfile.ZipFile(OLD) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "a.case" / "originals" / ".incoming").mkdir(parents=True, exist_ok=True)
    case = tmp_path / "a.case"
    secret = lines(tmp_path / "s.jsonl", {"q": "Why?", "r": f"Because of {KEY}."})
    assert "case examined" not in [line["action"] for line in command("log", case)["lines"]]
    command("import", case, secret, "--model", "late", *MAPPED)
    told = command.refused("export", case, tmp_path / "old.zip", "--number", "1")
    assert "made by an earlier version" in told
    assert not (tmp_path / "old.zip").exists()
