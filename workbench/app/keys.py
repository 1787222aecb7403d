"""The keys that sign packs: the private part in the operating system's keyring, or in a file behind a passphrase.

The public parts lie beside each other in a folder of this account, so that they can be listed. Both kinds of file are
as OpenSSH writes them, and `ssh-keygen` reads them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.app.direct_evidence.secrets import PLACE, SERVICE, Keeper, keeper
from workbench.core.errors import BadInputError, CaseError, UsageError
from workbench.core.files import put
from workbench.evidence.seal.sshsig import (
    Signature,
    SignatureError,
    armoured,
    fingerprint,
    public_line,
    public_of,
    to_sign,
)
from workbench.evidence.seal.state import NAMESPACE, Signer, is_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROTATED = "evidence-key@v1"
"""What an old key signs when a new one takes its place: the line of the new public key."""

_LARGEST = 1 << 16

Ask = Callable[[str], str]
"""Asks for a passphrase, with the words that say which."""


class Key(NamedTuple):
    """A key as it is listed: `kept` says where its private part is, and is empty where it is elsewhere."""

    name: str
    fingerprint: str
    public: str
    kept: str


class Keys:
    """The keys of this account by name."""

    def __init__(self, ask: Ask, where: Keeper | None = None, folder: Path | None = None) -> None:
        self._ask = ask
        self._keeper = where or keeper()
        self._folder = folder or _folder()

    @property
    def notice(self) -> str:
        """What must be said of how keys are kept here; empty where the keyring keeps them."""
        if self._keyring:
            return ""
        return (
            f"No keyring is used here. Keys are kept in {self._folder}, each in a file that is encrypted with its "
            "passphrase: whoever has the file and guesses the passphrase can sign with it."
        )

    @property
    def _keyring(self) -> bool:
        return self._keeper.kind == "keyring"

    def all(self) -> list[Key]:
        """All keys whose public part is here, in order of name."""
        return [self.key(path.stem) for path in sorted(self._folder.glob("*.pub"))]

    def key(self, name: str) -> Key:
        """One key; raises UsageError where there is none of that name."""
        public = self.public(name)
        if self._keyring and self._keeper.get(self._place(name)) is not None:
            kept = "keyring"
        else:
            kept = "file" if self._file(name).exists() else ""
        return Key(name, fingerprint(public), public_line(public), kept)

    def public(self, name: str) -> bytes:
        """The public part of a key; raises UsageError where there is none of that name."""
        try:
            return public_of(self._public_file(name).read_text("utf-8"))
        except FileNotFoundError:
            raise UsageError(f"There is no key “{name}” here.", hint="`workbench keys list` shows the keys.") from None
        except (OSError, UnicodeDecodeError, SignatureError) as error:
            raise CaseError(f"The key {self._public_file(name)} can't be read.") from error

    def signer(self, name: str) -> Signer:
        """A key's name and public part, as a pack names who signs it."""
        return Signer(name, self.public(name))

    def make(self, name: str) -> Key:
        """Make a key. Raises UsageError for a name that can't be had, or an empty passphrase."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._free(name)
        return self._keep(name, Ed25519PrivateKey.generate())

    def take(self, name: str, file: Path) -> Key:
        """Take in a key of OpenSSH: a private one, or the public one of somebody else who is to sign.

        Raises BadInputError for a file that holds no Ed25519 key, or whose passphrase is another.
        """
        self._free(name)
        try:
            with file.open("rb") as stream:
                data = stream.read(_LARGEST)
        except OSError as error:
            raise BadInputError(f"{file} can't be read: {error.strerror}.") from error
        if data.lstrip().startswith(b"-----BEGIN"):
            return self._keep(name, self._private_in(file.name, data))
        try:
            public = public_of(data.decode("utf-8", "replace"))
        except SignatureError as error:
            raise BadInputError(f"{file} can't be taken in as a key: {error}.") from error
        self._put_public(name, public)
        return self.key(name)

    def export(self, name: str, file: Path, *, private: bool) -> list[Path]:
        """Write the public key, or the private one behind a passphrase; returns the files that were written.

        A key that took another's place has the old key's word for it beside it. Raises CaseError.
        """
        files = {file: f"{self.key(name).public} {name}\n".encode()}
        word = self._word_file(name)
        if private:
            files = {file: _encrypted(self._private(name), self._passphrase(f"A passphrase for {file.name}"))}
        elif word.exists():
            files[file.with_name(f"{file.name}.sig")] = word.read_bytes()
        for path, data in files.items():
            if path.exists():
                raise CaseError(f"{path} exists already.", hint="Choose another name: no key is overwritten.")
            _put(path, data, secret=private)
        return list(files)

    def rotate(self, name: str) -> tuple[Key, Key]:
        """Put a new key in the place of an old one, which signs it and then goes; returns the old and the new one.

        The public part of the old one stays, since packs that it signed are checked with it.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        old, private = self.key(name), self._private(name)
        number = next(n for n in range(1, 1000) if not self._public_file(f"{name}.old-{n}").exists())
        new = Ed25519PrivateKey.generate()
        line = f"{public_line(_public(new))} {name}\n".encode()
        word = armoured(Signature(_public(private), private.sign(to_sign(line, ROTATED))), ROTATED)
        self._put_public(f"{name}.old-{number}", _public(private))
        made = self._keep(name, new)
        _put(self._word_file(name), word.encode(), secret=False)
        return old._replace(name=f"{name}.old-{number}", kept=""), made

    def forget(self, name: str) -> None:
        """Delete a key from this account, its private part too; raises UsageError where there is none."""
        self.public(name)
        if self._keyring:
            self._keeper.remove(self._place(name))
        for path in (self._file(name), self._word_file(name), self._public_file(name)):
            path.unlink(missing_ok=True)

    def sign(self, name: str, message: bytes, namespace: str = NAMESPACE) -> Signature:
        """Sign a message. Raises UsageError where the private part is not here."""
        private = self._private(name)
        return Signature(_public(private), private.sign(to_sign(message, namespace)))

    def _free(self, name: str) -> None:
        if not is_name(name):
            raise UsageError(
                f"“{name}” is no name for a key.",
                hint="Small letters, digits, points, dashes, underscores and @; 40 at most.",
            )
        if self._public_file(name).exists():
            raise UsageError(f"There is a key “{name}” already.", hint="`workbench keys rotate` puts a new one there.")

    def _keep(self, name: str, private: Ed25519PrivateKey) -> Key:
        if self._keyring:
            self._keeper.put(self._place(name), _plain(private))
            self._file(name).unlink(missing_ok=True)
        else:
            held = _encrypted(private, self._passphrase(f"A passphrase for the key {name}"))
            _put(self._file(name), held, secret=True)
        self._put_public(name, _public(private))
        return self.key(name)

    def _private(self, name: str) -> Ed25519PrivateKey:
        public = self.public(name)
        held = self._keeper.get(self._place(name)) if self._keyring else None
        if held is not None:
            private = self._private_in(name, held.encode())
        elif self._file(name).exists():
            private = self._private_in(name, self._file(name).read_bytes())
        else:
            raise UsageError(
                f"The private part of the key “{name}” is not here.",
                hint="Sign where it is: `workbench sign PACK.zip`.",
            )
        if _public(private) != public:
            raise CaseError(f"The private part of the key “{name}” is that of another key.")
        return private

    def _private_in(self, name: str, data: bytes) -> Ed25519PrivateKey:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_ssh_private_key

        try:
            try:
                found = load_ssh_private_key(data, None)
            except TypeError:  # It is encrypted.
                found = load_ssh_private_key(data, self._ask(f"The passphrase of {name}").encode())
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadInputError(
                f"The key {name} can't be read.", hint="Its passphrase is another, or it is no private key of OpenSSH."
            ) from error
        if not isinstance(found, Ed25519PrivateKey):
            raise BadInputError(f"{name} is no Ed25519 key.", hint="`ssh-keygen -t ed25519` makes one.")
        return found

    def _passphrase(self, words: str) -> str:
        given = self._ask(words)
        if not given:
            raise UsageError("A key file without a passphrase is not kept: whoever has it could sign with it.")
        return given

    def _place(self, name: str) -> str:
        return f"signing-key/{name}"

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.key"

    def _public_file(self, name: str) -> Path:
        return self._folder / f"{name}.pub"

    def _word_file(self, name: str) -> Path:
        return self._folder / f"{name}.pub.sig"

    def _put_public(self, name: str, public: bytes) -> None:
        _put(self._public_file(name), f"{public_line(public)} {name}\n".encode(), secret=False)


def _folder() -> Path:
    """Where keys lie: beside the file that is named in place of the keyring, or in the data folder of this account."""
    if named := os.environ.get(PLACE):
        return Path(named).parent / "keys"
    import platformdirs

    return Path(platformdirs.user_data_dir(SERVICE)) / "keys"


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def _plain(private: Ed25519PrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def _encrypted(private: Ed25519PrivateKey, passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    hidden = BestAvailableEncryption(passphrase.encode())
    return private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, hidden)


def _put(path: Path, data: bytes, *, secret: bool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        put(path, data, mode=0o600 if secret else 0o644)
    except OSError as error:
        raise CaseError(f"{path} can't be written: {error.strerror}.") from error
