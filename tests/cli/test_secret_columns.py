"""Columns of tables that are named for secrets: masked where a row is shown, and their files stay out of packs."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.cli.conftest import Command
from tests.cli.test_examining import MAPPED, inside
from workbench.app.examination import secrets_in_files
from workbench.app.examination.secrets_in_files import MOST, search_file
from workbench.core.secrets.names import KIND, in_delimited, in_rendered, names_column, names_secret, secret_in
from workbench.importers.mapping import secret_columns

HEADER = ["q", "r", "Passwort", "api_key"]
ROWS = [
    ["Why?", "Because, they say.", "hunt3r1!xQ", "Zk3-9q"],
    ["How?", "Like “this”;\nand so.", 'vq7"p,K;2', ""],
    ["Who?", "Nobody at all.", "changeme", "YOUR_API_KEY"],
]
SECRETS = ("hunt3r1!xQ", 'vq7"p,K;2', "Zk3-9q")
MASK = f"⟦masked: {KIND}⟧"


def delimited(delimiter: str, *above: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([*([title] for title in above), HEADER, *ROWS])
    return text.getvalue().encode()


def zipped(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return packed.getvalue()


def workbook() -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (HEADER, *ROWS):
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def table() -> bytes:
    written = io.BytesIO()
    columns = {name: [row[at] for row in ROWS] for at, name in enumerate(HEADER)}
    parquet.write_table(pa.table(columns), written)
    return written.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "comma.csv": lambda: delimited(","),
    "semicolon.csv": lambda: delimited(";"),
    "above.csv": lambda: delimited(";", "Answers of the first quarter"),
    "tab.tsv": lambda: delimited("\t"),
    "utf16.csv": lambda: delimited(";").decode().encode("utf-16"),
    "packed.csv.gz": lambda: gzip.compress(delimited(",")),
    "two.zip": lambda: zipped(("one.csv", delimited(",")), ("deep/two.csv", b"q,r\nWhat?,That.\n")),
    "book.xlsx": workbook,
    "table.parquet": table,
}


@pytest.mark.parametrize("name", FILES)
def test_a_column_of_passwords_never_leaves_the_case(
    command: Command, empty_case: Path, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(FILES[name]())
    command("import", empty_case, file, "--model", "one", *MAPPED)
    for number in ("1", "2", "3"):
        raw = command("answer", empty_case, number)["raw"]["text"]
        assert raw
        assert not [secret for secret in SECRETS if secret in raw or secret.replace('"', '""') in raw]
        assert MASK in raw or number == "3" or "masked: password" in raw
    assert "changeme" in command("answer", empty_case, "3")["raw"]["text"]
    withheld = command("examine", empty_case)["withheld"]
    assert [(one["name"], sum(one["secrets"].values())) for one in withheld] == [(name, len(SECRETS))]
    command("export", empty_case, tmp_path / "pack.zip")
    files = inside(tmp_path / "pack.zip")
    assert not [name for name in files if name.startswith("data/04_data/original/")]
    found = [
        (name, secret) for name, data in files.items() for secret in (*SECRETS, "p,K;2") if secret.encode() in data
    ]
    assert found == []
    log = files["data/06_custody/redaction_log.csv"].decode()
    assert KIND in log
    assert command("verify", tmp_path / "pack.zip")["ok"] is True


def test_a_place_in_a_table_is_that_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(data := delimited(","))
    found = search_file(file, "a.csv").secrets
    written = [data[one.secret.start : one.secret.start + one.secret.length] for one in found]
    assert written == [b"hunt3r1!xQ", b"Zk3-9q", b'vq7""p,K;2']
    assert [one.sha256 for one in found] == [hashlib.sha256(cell).digest() for cell in written]


def test_a_place_in_a_row_is_that_of_its_rendition(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook())
    found = search_file(tmp_path / "a.xlsx", "a.xlsx").secrets
    assert [one.member for one in found] == ["Sheet row 2", "Sheet row 2", "Sheet row 3"]
    rendered = json.dumps(dict(zip(HEADER, ROWS[1], strict=True)), ensure_ascii=False, separators=(",", ":")).encode()
    last = found[-1].secret
    assert rendered[last.start : last.start + last.length] == rb"vq7\"p,K;2"


@pytest.mark.parametrize(
    "text",
    [
        "q,r,pass,token\nWhy?,So.,0.8333417,COVID-19\nHow?,So.,2024-01-02,understanding\n",
        "q,r,password\nWhy?,So.,changeme\nHow?,So.,12345678\nWho?,So.,the secret is 42x!\nWhat?,So.,<password>\n",
        "q,r\nWhat is my password?,h3re!sIt9\nWhy?,So.\n",
        'q;r\n"Is this, password, a name";x7!kQz9\nWhy?;So.\n',
        "A letter, to whom it may concern.\nThe password, said he, is x7!kQz9 or so.\n",
    ],
)
def test_what_is_no_secret_column_withholds_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert search_file(tmp_path / "a.csv", "a.csv").secrets == ()


def test_a_file_without_such_a_column_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    for name in ("in_text", "in_workbook"):
        monkeypatch.setattr(secrets_in_files, name, lambda *_: read.append("again") or iter(()))
    monkeypatch.setattr(secret_columns, "rows", lambda *_: read.append("its beginning") or iter(()))
    (tmp_path / "a.csv").write_text("q,r\n" + "Why?,Because.\n" * 1000, encoding="utf-8")
    assert search_file(tmp_path / "a.csv", "a.csv").whole
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["q", "r"])
    book.active.append(["What is a password?", "A word."])
    book.save(tmp_path / "a.xlsx")
    assert search_file(tmp_path / "a.xlsx", "a.xlsx").whole
    assert read == []


@pytest.mark.slow
def test_a_long_column_is_listed_to_a_limit_and_held_in_little(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("q,r,password\n")
        out.writelines(f"q{n},{'an answer ' * 20},changeme\n" for n in range(100_000))
        out.writelines(f"q{n},an answer,hX{n}!zq\n" for n in range(10_000, 10_000 + MOST + 5))
    tracemalloc.start()
    searched = search_file(file, "long.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(searched.secrets), searched.whole) == (MOST, False)
    assert peak < 24 << 20 < file.stat().st_size + (8 << 20)


def test_rows_that_are_cut_off_are_masked_too() -> None:
    names, columns = ["q", "password"], {1}
    for row in ('a,"hunt3r1!xQ', "a,hunt3r1!xQ", 'a,"hunt3r1!xQ"\r\nb,c\r\n'):
        found = [row[one.start : one.start + one.length] for one in in_delimited(row, ",", names, columns)]
        assert found == ["hunt3r1!xQ"]
    text = '{"q":"a","login":{"api_key":"Zk3-9q!'
    assert [text[one.start : one.start + one.length] for one in in_rendered(text)] == ["Zk3-9q!"]


def test_a_loose_name_holds_only_what_looks_drawn() -> None:
    assert [secret_in(name, "COVID-19") for name in ("token", "auth_token")] == [False, True]
    assert secret_in("token", "q7Rk2Xz9Lw4Tn8Vb")


@pytest.mark.parametrize(
    "name",
    [
        "pass", "Passwort", "db_pwd", "PW", "userPassword", "passphrase", "kennwort", "contrasena", "contraseña",
        "senha", "wachtwoord", "heslo", "haslo", "hasło", "şifre", "salasana", "пароль", "密码", "client_secret",
        "secrets", "accessToken", "auth", "Authorization", "bearer", "jwt", "cookies", "credentials", "api key",
        "private_key",
    ],
)  # fmt: skip
def test_a_name_for_secrets_names_a_column(name: str) -> None:
    assert (names_secret(name), names_column(name)) == (True, True)


@pytest.mark.parametrize("name", ["q", "answer", "max_tokens", "pass_rate", "keywords", "Which key is the password?"])
def test_another_name_does_not(name: str) -> None:
    assert not names_column(name)
