"""Keyed signals of a case: sealed with the commitment to a key that is nowhere in the case, and checked when read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.app.direct_evidence.secrets import FileKeeper, Secrets
from workbench.app.direct_evidence.signals import SignalRequest, set_signal, signal_of_case, signals_of
from workbench.app.documents.door import DocumentsOfCase
from workbench.core.documents import Description, Kind
from workbench.core.errors import BadInputError, CaseError, UsageError
from workbench.core.surroundings import Conditions
from workbench.store import Case

pytest.importorskip("tokenizers", reason="tokenizers are read by a library of the extra `signals`")

KEY = b"982451653982451653"
WORDS = {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"}}
MODEL = {"type": "WordLevel", "vocab": {"a": 0, "b": 1, "?": 2}, "unk_token": "?"}


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with Case.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made


@pytest.fixture
def secrets(case: Case, tmp_path: Path) -> Secrets:
    kept = Secrets(case, FileKeeper(tmp_path / "secrets.json"))
    kept.put("key", KEY)
    return kept


def take(case: Case, folder: Path, content: str) -> int:
    path = folder / "tokenizer.json"
    path.write_text(content, encoding="utf-8")
    return DocumentsOfCase(case, lambda: None).add(path, Description(kind=Kind.OTHER, title="Tokenizer")).number


def request(document: int, scheme: str = "kgw-lefthash", secret: str = "key") -> SignalRequest:
    return SignalRequest("wm", scheme, secret, document, 3, 0.4, 2)


def test_a_signal_is_sealed_and_comes_back_with_its_key(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    number = take(case, tmp_path, json.dumps(WORDS | {"model": MODEL}))
    made = set_signal(case, request(number), secrets)
    assert signals_of(case) == [made]
    setup = signal_of_case(case, "", secrets)
    assert setup is not None
    assert (setup.key, setup.commitment, setup.tokenizer) == ((int(KEY),), made.commitment, made.tokenizer)
    assert setup.encode(["a b x", ""]) == [[0, 1, 2], []]
    assert signal_of_case(case, "other", secrets) is None
    written = b"".join(path.read_bytes() for path in (tmp_path / "a.case").rglob("*") if path.is_file())
    assert KEY not in written
    assert KEY.decode() not in repr(setup)


def test_a_key_that_was_exchanged_since_is_refused(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    set_signal(case, request(take(case, tmp_path, json.dumps(WORDS | {"model": MODEL}))), secrets)
    secrets.put("key", b"5")
    with pytest.raises(CaseError, match="set again after the signal"):
        signal_of_case(case, "wm", secrets)


def test_what_is_no_signal_is_refused_in_words(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    good = take(case, tmp_path, json.dumps(WORDS | {"model": MODEL}))
    bad = take(case, tmp_path, '{"model": [1]}')
    with pytest.raises(BadInputError, match="no tokenizer"):
        set_signal(case, request(bad), secrets)
    for wrong in (request(good, scheme="no"), request(good, secret="none"), request(99)):
        with pytest.raises(UsageError):
            set_signal(case, wrong, secrets)
    secrets.put("word", b"hunter2")
    with pytest.raises(UsageError, match="no key") as refused:
        set_signal(case, request(good, secret="word"), secrets)
    assert "hunter2" not in str(refused.value)
    assert signals_of(case) == []
