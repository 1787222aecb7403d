"""Keyed signals of a case: what is public of each, sealed in the ledger with the commitment to its key."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.app.direct_evidence.secrets import Secrets
from workbench.core.documents import ACTIONS, documents
from workbench.core.errors import BadInputError, CaseError, RefusedError, UsageError
from workbench.core.model import Json
from workbench.core.signals import Encode, Seeding, SignalSetup, checked, key_of
from workbench.store import Case
from workbench.store.notes import SECRET_KEPT, SIGNAL_SET

LARGEST_TOKENIZER = 64 << 20
"""Bytes of a tokenizer's file that are read."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class SignalRequest:
    """What is said of a signal: `tokenizer` is the number of a document, `secret` the name of the key's secret."""

    name: str
    scheme: str
    secret: str
    tokenizer: int
    vocabulary: int
    gamma: float
    window: int


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """What the ledger says of a signal; `tokenizer` is the SHA-256 of its file."""

    name: str
    scheme: str
    secret: str
    document: int
    tokenizer: str
    vocabulary: int
    gamma: float
    window: int
    commitment: str
    committed: str


def set_signal(case: Case, request: SignalRequest, where: Secrets | None = None) -> SignalFacts:
    """Seal a signal: its public parameters, the digest of its tokenizer, and the commitment to its key.

    Raises UsageError for what is no signal, RefusedError where the tokenizer's file is none.
    """
    if not _NAME.fullmatch(request.name):
        raise UsageError("That is no name for a signal.", hint="Small letters, digits, points and dashes; 40 at most.")
    seeding = checked(request.scheme, request.vocabulary, request.gamma, request.window)
    secrets = where or Secrets(case)
    if request.secret not in secrets.names():
        raise UsageError(
            f"No secret “{request.secret}” is kept for this case.", hint=f"workbench secret CASE set {request.secret}"
        )
    key_of(seeding, secrets.get(request.secret))
    one = documents(line.as_json() for line in case.notes.read(*ACTIONS)).document(request.tokenizer)
    encoder(case.original(one.file.sha256), one.file.name)
    options: Json = {
        "scheme": str(seeding),
        "secret": request.secret,
        "document": one.number,
        "tokenizer": one.file.sha256,
        "vocabulary": request.vocabulary,
        "gamma": request.gamma,
        "window": request.window,
        "commitment": _commitment(case, request.secret),
    }
    case.notes.write(SIGNAL_SET, {"signal": request.name}, options)
    return next(found for found in signals_of(case) if found.name == request.name)


def _commitment(case: Case, secret: str) -> str:
    kept = [line for line in case.notes.read(SECRET_KEPT) if line.object["secret"] == secret]
    return str(kept[-1].options["commitment"])


def signals_of(case: Case) -> list[SignalFacts]:
    """The signals of a case, the last one that was set at the end; of each name the last."""
    found: dict[str, SignalFacts] = {}
    for line in case.notes.read(SIGNAL_SET):
        name, said = str(line.object["signal"]), line.options
        found.pop(name, None)
        found[name] = SignalFacts(name=name, committed=line.time, **said)
    return list(found.values())


def signal_of_case(case: Case, name: str, where: Secrets | None = None) -> SignalSetup | None:
    """A signal with its key and tokenizer, the last one for an empty name; None where there is none.

    Raises UsageError where the key is not on this machine, CaseError where another key was kept since.
    """
    named = [one for one in signals_of(case) if name in ("", one.name)]
    if not named:
        return None
    one = named[-1]
    if _commitment(case, one.secret) != one.commitment:
        raise CaseError(
            f"The secret “{one.secret}” was set again after the signal “{one.name}” was sealed with it.",
            hint=f"workbench signal CASE set {one.name} …, which seals the signal with the new key.",
        )
    seeding = Seeding(one.scheme)
    key = key_of(seeding, (where or Secrets(case)).get(one.secret))
    encode = encoder(case.original(one.tokenizer), f"document {one.document}")
    return SignalSetup(
        one.name, seeding, one.vocabulary, one.gamma, one.window, key, one.tokenizer, one.commitment, one.committed,
        encode,
    )  # fmt: skip


def encoder(path: Path, name: str) -> Encode:
    """What numbers the tokens of texts by a `tokenizer.json`, without special tokens.

    Raises RefusedError where the library is missing, BadInputError for a file that is no tokenizer.
    """
    try:
        library: Any = importlib.import_module("tokenizers")
    except ImportError:
        raise RefusedError(
            "Tokenizers are read by a library that is not installed.",
            hint="pip install 'distillation-workbench[signals]'",
        ) from None
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_TOKENIZER else b""
        tokenizer = library.Tokenizer.from_buffer(data)
    except (OSError, ValueError, Exception) as error:
        raise BadInputError(
            f"{name} is no tokenizer: {type(error).__name__}.", hint="The file is called tokenizer.json, as a rule."
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def encode(texts: Sequence[str]) -> list[list[int]]:
        return [list(one.ids) for one in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    return encode
