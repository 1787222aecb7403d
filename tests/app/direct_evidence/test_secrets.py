"""Secrets by name: kept outside the case, committed in the ledger, and said to be in a file where they are."""

from __future__ import annotations

import base64
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from workbench.app.direct_evidence import secrets as module
from workbench.app.direct_evidence.secrets import FileKeeper, KeyringKeeper, Secrets, keeper
from workbench.core.errors import CaseError, UsageError
from workbench.core.surroundings import Conditions
from workbench.store import Case

VALUE = b"a secret that must not be found anywhere"


class InMemory(KeyringBackend):
    """A keyring of the tests."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with Case.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made


@pytest.fixture
def secrets(case: Case, tmp_path: Path) -> Secrets:
    return Secrets(case, FileKeeper(tmp_path / "kept" / "secrets.json"))


def test_a_secret_is_kept_outside_the_case(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    secrets.put("key.1", VALUE)
    assert secrets.get("key.1") == VALUE
    assert secrets.names() == ["key.1"]
    case.close()
    for path in (tmp_path / "a.case").rglob("*"):
        if path.is_file():
            for form in (VALUE, VALUE.hex().encode(), base64.b64encode(VALUE)):
                assert form not in path.read_bytes()


def test_a_forgotten_secret_is_gone_and_stays_in_the_ledger(case: Case, secrets: Secrets) -> None:
    secrets.put("key", VALUE)
    secrets.forget("key")
    assert secrets.names() == []
    with pytest.raises(UsageError, match="not on this machine"):
        secrets.get("key")
    with pytest.raises(UsageError, match="No secret"):
        secrets.forget("key")
    assert [line.action for line in case.ledger()][-2:] == ["secret kept", "secret forgotten"]


def test_another_secret_under_the_name_is_noticed(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    secrets.put("key", VALUE)
    other = Secrets(case, FileKeeper(tmp_path / "other.json"))
    other.put("key", b"another")
    with pytest.raises(CaseError, match="not the one"):
        secrets.get("key")


def test_made_secrets_are_random_and_made_once(secrets: Secrets) -> None:
    first = secrets.made("markers")
    assert secrets.made("markers") == first
    assert len(first) == 32
    assert secrets.made("other") != first


def test_bad_names_and_empty_secrets_are_refused(secrets: Secrets) -> None:
    for name in ("", "A", "a b", "../x", "x" * 41):
        with pytest.raises(UsageError, match="no name"):
            secrets.put(name, VALUE)
    with pytest.raises(UsageError, match="empty"):
        secrets.put("a", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_file_is_for_this_account_alone(secrets: Secrets, tmp_path: Path) -> None:
    secrets.put("key", VALUE)
    assert stat.S_IMODE((tmp_path / "kept" / "secrets.json").stat().st_mode) == 0o600
    assert "without encryption" in secrets.notice


def test_the_keyring_is_used_where_there_is_one(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(module.PLACE, raising=False)
    memory = InMemory()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(keyring, name, getattr(memory, name))
    found = Secrets(case)
    assert found.notice == ""
    found.put("key", VALUE)
    assert found.get("key") == VALUE
    assert len(memory.held) == 1
    found.forget("key")
    assert not memory.held
    monkeypatch.setattr(keyring, "set_password", lambda *words: None)
    with pytest.raises(CaseError, match="did not keep"):
        found.put("key", VALUE)


def test_without_a_keyring_a_file_is_used_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(module.PLACE, raising=False)
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    assert isinstance(keeper(), FileKeeper)
    monkeypatch.setenv(module.PLACE, str(tmp_path / "s.json"))
    monkeypatch.setattr(keyring, "get_keyring", InMemory)
    assert isinstance(keeper(), FileKeeper)
    monkeypatch.delenv(module.PLACE)
    assert isinstance(keeper(), KeyringKeeper)


def test_a_damaged_file_of_secrets_is_said_to_be_so(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("{")
    with pytest.raises(CaseError, match="can't be read"):
        Secrets(case, FileKeeper(path)).put("key", VALUE)
