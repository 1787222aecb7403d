"""Keys, in a keyring and in files; packs that they sign; and a stamp that is put in later."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import keyring
import pytest

from tests.app.direct_evidence.test_secrets import InMemory
from tests.app_corpora import write_panel
from tests.conftest import ticking
from tests.evidence.seal.authority import Authority, needs_openssl, needs_ssh_keygen, ssh_keygen_accepts
from workbench.app.direct_evidence.secrets import FileKeeper, KeyringKeeper
from workbench.app.keys import ROTATED, Keys
from workbench.app.sealing import add_stamp, sign, signing, stamp_request
from workbench.app.session import Session
from workbench.app.verify import verify_path
from workbench.core.errors import BadInputError, CaseError, UsageError, VerificationError

PASSPHRASE = "a passphrase of the tests"


def in_files(folder: Path, said: str = PASSPHRASE) -> Keys:
    return Keys(lambda _: said, FileKeeper(folder / "secrets.json"), folder / "keys")


@pytest.fixture
def in_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    held = InMemory()
    monkeypatch.setattr(keyring, "get_password", held.get_password)
    monkeypatch.setattr(keyring, "set_password", held.set_password)
    monkeypatch.setattr(keyring, "delete_password", held.delete_password)

    def ask(_words: str) -> str:
        raise AssertionError("a keyring needs no passphrase")

    return Keys(ask, KeyringKeeper(), tmp_path / "by keyring")


@needs_ssh_keygen
def test_a_key_file_is_encrypted_and_its_owners_alone(tmp_path: Path) -> None:
    keys = in_files(tmp_path)
    made = keys.make("examiner")
    file = tmp_path / "keys" / "examiner.key"
    assert "encrypted with its passphrase" in keys.notice
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for said, works in ((PASSPHRASE, True), ("another", False), ("", False)):
        done = subprocess.run(
            ["ssh-keygen", "-y", "-P", said, "-f", str(file)], check=False, capture_output=True, text=True
        )
        assert (done.stdout.split()[:2] == made.public.split()) == works
    assert not (tmp_path / "secrets.json").exists()
    with pytest.raises(BadInputError, match="can't be read"):
        in_files(tmp_path, "another").sign("examiner", b"m")
    with pytest.raises(UsageError, match="without a passphrase"):
        in_files(tmp_path, "").make("second")
    assert [one.name for one in keys.all()] == ["examiner"]


def test_a_key_in_the_keyring_is_in_no_file(in_keyring: Keys, tmp_path: Path) -> None:
    made = in_keyring.make("examiner")
    assert (made.kept, in_keyring.notice) == ("keyring", "")
    assert [path.name for path in (tmp_path / "by keyring").iterdir()] == ["examiner.pub"]
    assert in_keyring.sign("examiner", b"m") == in_keyring.sign("examiner", b"m")
    in_keyring.forget("examiner")
    assert in_keyring.all() == []
    with pytest.raises(UsageError, match="no key"):
        in_keyring.sign("examiner", b"m")


def test_a_keyring_that_refuses_is_said_to(in_keyring: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_words: str) -> None:
        raise keyring.errors.KeyringLocked

    monkeypatch.setattr(keyring, "set_password", locked)
    with pytest.raises(CaseError, match="can't be used: KeyringLocked"):
        in_keyring.make("examiner")
    monkeypatch.setattr(keyring, "set_password", lambda *_: None)
    with pytest.raises(CaseError, match="did not keep"):
        in_keyring.make("examiner")
    assert in_keyring.all() == []


@needs_ssh_keygen
def test_keys_come_and_go_as_files_of_openssh(in_keyring: Keys, tmp_path: Path) -> None:
    for number, said in enumerate(("", PASSPHRASE)):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", said, "-f", str(tmp_path / f"own-{number}")]
        subprocess.run(words, check=True)
    files = in_files(tmp_path)
    assert files.take("plain", tmp_path / "own-0").kept == "file"
    assert files.take("hidden", tmp_path / "own-1").public in (tmp_path / "own-1.pub").read_text()
    assert files.take("other.side", tmp_path / "own-1.pub").kept == ""
    with pytest.raises(UsageError, match="not here"):
        files.sign("other.side", b"m")
    files.export("plain", tmp_path / "out", private=True)
    moved = in_files(tmp_path / "elsewhere")
    assert moved.take("plain", tmp_path / "out").fingerprint == files.key("plain").fingerprint
    with pytest.raises(CaseError, match="exists already"):
        files.export("plain", tmp_path / "out", private=False)
    subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", str(tmp_path / "ecdsa")], check=True)
    (tmp_path / "junk").write_bytes(b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")
    for name in ("ecdsa", "ecdsa.pub", "junk", "missing"):
        with pytest.raises(BadInputError):
            files.take("bad", tmp_path / name)
    for name in ("A", "", "a b", "../a", "a,b", "x" * 41, "*"):
        with pytest.raises(UsageError, match="no name"):
            files.take(name, tmp_path / "own-0")


@needs_ssh_keygen
def test_a_new_key_has_the_word_of_the_old_one(tmp_path: Path) -> None:
    keys = in_files(tmp_path)
    first = keys.make("examiner")
    old, new = keys.rotate("examiner")
    assert (old.fingerprint, old.kept, new.kept) == (first.fingerprint, "", "file")
    assert keys.sign("examiner", b"m").public == keys.public("examiner") != keys.public(old.name)
    written = keys.export("examiner", tmp_path / "new.pub", private=False)
    assert [path.name for path in written] == ["new.pub", "new.pub.sig"]
    (tmp_path / "known").write_text(f"examiner {old.public}\n")
    words = ["ssh-keygen", "-Y", "verify", "-f", "known", "-I", "examiner", "-n", ROTATED, "-s", "new.pub.sig"]
    with (tmp_path / "new.pub").open("rb") as line:
        subprocess.run(words, cwd=tmp_path, stdin=line, check=True, capture_output=True)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A case with a pack that two sign, one of them elsewhere."""
    folder = tmp_path_factory.mktemp("case")
    keys, theirs = in_files(folder), in_files(folder / "theirs")
    keys.make("examiner")
    theirs.make("reviewer")
    theirs.export("reviewer", folder / "reviewer.pub", private=False)
    keys.take("reviewer", folder / "reviewer.pub")
    with Session.create(folder / "a", conditions=ticking()) as session:
        session.import_panel(write_panel(folder / "panel", models=3, prompts=4), "student", "teachers")
        session.export(folder / "pack.zip", signing=signing(keys, ["examiner", "reviewer"]))
    return folder / "a.case", folder / "pack.zip"


def test_a_pack_waits_for_those_who_sign_it_elsewhere(pack: tuple[Path, Path], tmp_path: Path) -> None:
    folder = pack[1].parent
    target = tmp_path / "pack.zip"
    shutil.copy(pack[1], target)
    (missing,) = verify_path(target, None, ticking()).problems
    assert (missing.path, missing.what) == ("tagmanifest-sha256.txt.2.sig", "removed")
    with pytest.raises(UsageError, match="not here"):
        sign(target, in_files(folder), "reviewer")
    sign(target, in_files(folder / "theirs"), "reviewer")
    report = verify_path(target, None, ticking())
    assert report.ok
    assert [words.split(",")[0] for words in report.seal[:2]] == ["Signed by examiner", "Signed by reviewer"]
    with pytest.raises(UsageError, match="signed this pack already"):
        sign(target, in_files(folder / "theirs"), "reviewer")
    assert not verify_path(target, None, ticking(), signer="SHA256:none").ok


@needs_openssl
def test_a_stamp_is_asked_for_and_put_in(pack: tuple[Path, Path], tmp_path: Path) -> None:
    target, authority = tmp_path / "pack.zip", Authority(tmp_path / "authority")
    shutil.copy(pack[1], target)
    before = target.read_bytes()
    stamp_request(target, tmp_path / "asked.tsq")
    assert target.read_bytes() == before
    reply = authority.reply(tmp_path / "asked.tsq")
    other = Authority(tmp_path / "other").root
    for bad, chain in ((tmp_path / "asked.tsq", authority.root), (reply, other), (reply, reply)):
        with pytest.raises(BadInputError, match="can't be added"):
            add_stamp(target, bad, chain)
        assert target.read_bytes() == before
    made = add_stamp(target, reply, authority.root)
    assert "Time-stamped at" in made.words[-1]
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    assert ssh_keygen_accepts(folder, "examiner")


def test_a_pack_that_was_altered_is_not_signed(pack: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "pack.zip"
    data = bytearray(pack[1].read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    with pytest.raises(VerificationError, match="does not agree"):
        sign(target, in_files(pack[1].parent), "examiner")
    assert target.read_bytes() == data
    with pytest.raises(BadInputError, match="is no file"):
        sign(tmp_path, in_files(pack[1].parent), "examiner")


def test_a_signed_pack_is_built_again_with_its_signature(pack: tuple[Path, Path], tmp_path: Path) -> None:
    case, first = pack
    with Session.open(case, conditions=ticking()) as session:
        session.export(tmp_path / "again.zip", 1)
        done = list(session.ledger())[-1]
        with pytest.raises(UsageError, match="chosen when it was begun"):
            session.export(tmp_path / "b.zip", 1, signing=signing(in_files(first.parent), ["examiner"]))
    assert (tmp_path / "again.zip").read_bytes() == first.read_bytes()
    assert done.action == "export done"
    assert done.options["signatures"][0].startswith("-----BEGIN SSH SIGNATURE-----")
    with pytest.raises(UsageError, match="named twice"):
        signing(in_files(first.parent), ["examiner", "examiner"])
