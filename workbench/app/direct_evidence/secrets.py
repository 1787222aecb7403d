"""Secrets of a case, kept by the operating system's keyring; where there is none, in a file, and that is said.

No secret is ever in the case: the ledger names it and holds a commitment, an HMAC-SHA256 under 32 random bytes that
are kept beside the secret. Who has both can show later which secret was meant.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import secrets as random_bytes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from workbench.core.errors import CaseError, UsageError
from workbench.store import Case
from workbench.store.notes import SECRET_FORGOTTEN, SECRET_KEPT

SERVICE = "distillation-workbench"
PLACE = "WORKBENCH_SECRETS"
"""The variable of the environment that names a file to be used in place of the keyring."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class Keeper(Protocol):
    """Where secrets are kept."""

    kind: str
    notice: str

    def get(self, name: str) -> str | None:
        """What is kept under a name."""

    def put(self, name: str, value: str) -> None:
        """Keep something under a name."""

    def remove(self, name: str) -> None:
        """Keep it no longer."""


class KeyringKeeper:
    """The operating system's keyring."""

    kind = "keyring"
    notice = ""

    def get(self, name: str) -> str | None:
        """What is kept under a name."""
        import keyring

        with _asking():
            return keyring.get_password(SERVICE, name)

    def put(self, name: str, value: str) -> None:
        """Keep something under a name, and read it back."""
        import keyring

        with _asking():
            keyring.set_password(SERVICE, name, value)
            kept = keyring.get_password(SERVICE, name)
        if kept != value:
            raise CaseError("The keyring did not keep what was given to it.", hint=f"Set {PLACE} to a file instead.")

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        import keyring

        with _asking():
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)


@contextmanager
def _asking() -> Iterator[None]:
    """Raise CaseError where the keyring is locked, or has no desktop session to ask in."""
    from keyring.errors import KeyringError

    try:
        yield
    except KeyringError as error:
        raise CaseError(
            f"The keyring can't be used: {type(error).__name__}.", hint=f"Unlock it, or set {PLACE} to a file instead."
        ) from error


class FileKeeper:
    """A file that only this account may read, where there is no keyring; it is not encrypted, and that is said."""

    kind = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notice = (
            f"There is no keyring here. Secrets are kept in {path.name}, in the data folder of this account, without "
            "encryption: whoever can read this account's files can read them."
        )

    def get(self, name: str) -> str | None:
        """What is kept under a name."""
        found = self._all().get(name)
        return found if isinstance(found, str) else None

    def put(self, name: str, value: str) -> None:
        """Keep something under a name."""
        self._write(self._all() | {name: value})

    def remove(self, name: str) -> None:
        """Keep it no longer."""
        self._write({key: value for key, value in self._all().items() if key != name})

    def _all(self) -> dict[str, str]:
        try:
            held = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise CaseError(f"The file of secrets {self._path.name} can't be read.") from error
        return dict(held)

    def _write(self, held: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(held, stream)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(self._path)


def keeper() -> Keeper:
    """The keyring, if this machine has one that keeps things; a file otherwise."""
    if named := os.environ.get(PLACE):
        return FileKeeper(Path(named))
    if _usable():
        return KeyringKeeper()
    import platformdirs

    return FileKeeper(Path(platformdirs.user_data_dir(SERVICE)) / "secrets.json")


def _usable() -> bool:
    """Whether there is a keyring behind the library: on a machine without a desktop there often is none."""
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        return False
    found = keyring.get_keyring()
    return not isinstance(found, fail.Keyring | null.Keyring) and found.priority >= 1


class Secrets:
    """The secrets of one case by name."""

    def __init__(self, case: Case, where: Keeper | None = None) -> None:
        self._case = case
        self._keeper = where or keeper()

    @property
    def notice(self) -> str:
        """What must be said of how secrets are kept here; empty where the keyring keeps them."""
        return self._keeper.notice

    def names(self) -> list[str]:
        """The names of the secrets that are kept, in order."""
        kept: dict[str, None] = {}
        for line in self._case.notes.read(SECRET_KEPT, SECRET_FORGOTTEN):
            kept.pop(line.object["secret"], None)
            if line.action == SECRET_KEPT:
                kept[line.object["secret"]] = None
        return sorted(kept)

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret; the ledger has its name and a commitment. Raises UsageError for a bad name or no value."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                "That is no name for a secret.", hint="Small letters, digits, points and dashes; 40 at most."
            )
        if not value:
            raise UsageError("An empty secret is none.")
        salt = random_bytes.token_bytes(32)
        pair = {"salt": salt.hex(), "value": base64.b64encode(value).decode("ascii")}
        self._keeper.put(self._key(name), json.dumps(pair))
        options = {"commitment": hmac.new(salt, value, "sha256").hexdigest(), "kept_in": self._keeper.kind}
        self._case.notes.write(SECRET_KEPT, {"secret": name}, options)

    def get(self, name: str) -> bytes:
        """A secret; raises UsageError where it is not here, CaseError where it is not the one that the ledger means."""
        held = self._keeper.get(self._key(name))
        if held is None:
            raise UsageError(
                f"The secret “{name}” of this case is not on this machine.", hint="It stays where it was set."
            )
        pair = json.loads(held)
        value = base64.b64decode(pair["value"])
        found = hmac.new(bytes.fromhex(pair["salt"]), value, "sha256").hexdigest()
        kept = [line for line in self._case.notes.read(SECRET_KEPT) if line.object["secret"] == name]
        if not kept or kept[-1].options["commitment"] != found:
            raise CaseError(f"The secret “{name}” on this machine is not the one that the ledger of this case means.")
        return value

    def made(self, name: str) -> bytes:
        """A secret of 32 random bytes, made where there is none of that name yet."""
        if name not in self.names():
            self.put(name, random_bytes.token_bytes(32))
        return self.get(name)

    def forget(self, name: str) -> None:
        """Remove a secret from this machine, in the open; raises UsageError for an unknown name."""
        if name not in self.names():
            raise UsageError(f"No secret “{name}” is kept for this case.")
        self._keeper.remove(self._key(name))
        self._case.notes.write(SECRET_FORGOTTEN, {"secret": name}, {})

    def _key(self, name: str) -> str:
        return f"{self._case.facts.id}/{name}"
