"""The seal of a pack: what stock tools, `verify` and `check_pack.py.txt` say of it, and of whatever was done to it."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.evidence.conftest import build, made_up_contents
from tests.evidence.seal.authority import (
    Authority,
    needs_openssl,
    needs_ssh_keygen,
    openssl_accepts,
    ssh_keygen_accepts,
)
from workbench.core.hashing import sha256
from workbench.core.resources import resource
from workbench.evidence.check.check import check_pack, verify_pack
from workbench.evidence.pack import bag
from workbench.evidence.seal.attach import attach
from workbench.evidence.seal.sshsig import Signature, armoured, fingerprint, parsed, short_name, to_sign
from workbench.evidence.seal.state import NAMESPACE, Attached, Signer, seal
from workbench.evidence.seal.timestamp import StampError, request, stamp

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3)]
A, B = (
    Signer(name, key.public_key().public_bytes_raw())
    for name, key in zip(("examiner", "reviewer"), KEYS[:2], strict=True)
)
SIGNATURE = bag.signature_path(0)


def signature(at: int, message: bytes) -> Signature:
    return Signature(KEYS[at].public_key().public_bytes_raw(), KEYS[at].sign(to_sign(message, NAMESPACE)))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "a")


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the small case, whose log names two signers, signed by both."""
    folder = tmp_path_factory.mktemp("signed")
    contents = replace(made_up_contents(folder), signers=(A, B))
    target = folder / "pack.zip"
    build(contents, target, sign=lambda lists: (signature(0, lists), signature(1, lists)))
    return target


@pytest.fixture(scope="session")
def stamped(signed: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a time stamp."""
    target = tmp_path_factory.mktemp("stamped") / "pack.zip"
    shutil.copy(signed, target)
    asked = target.with_suffix(".tsq")
    asked.write_bytes(request(lists_of(target)))
    reply = authority.reply(asked).read_bytes()
    attach(target, lambda _, held: held._replace(reply=reply, chain=authority.root.read_bytes()))
    return target


def lists_of(pack: Path) -> bytes:
    with zipfile.ZipFile(pack) as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith(f"/{bag.TAG_MANIFEST}")))


def unpacked(pack: Path, folder: Path) -> Path:
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], str]:
    def run(pack: Path) -> str:
        monkeypatch.setattr(sys, "argv", ["check_pack.py.txt", str(pack)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(resource("report/check_pack.py.txt")), run_name="__main__")
        assert ended.value.code in (0, 1)
        return capsys.readouterr().out

    return run


@needs_ssh_keygen
def test_every_reader_accepts_signatures(signed: Path, tmp_path: Path, checked: Callable[[Path], str]) -> None:
    folder = unpacked(signed, tmp_path / "a")
    assert ssh_keygen_accepts(folder, "examiner")
    assert ssh_keygen_accepts(folder, "reviewer", bag.signature_path(1))
    assert not ssh_keygen_accepts(folder, "reviewer")
    for pack in (signed, folder):
        found = check_pack(pack, signer=fingerprint(B.public))
        assert found.problems == []
        assert found.seal is not None
        assert found.seal.signed
        assert found.seal.signers == (A, B)
        assert checked(pack) == "PASS\n"
    status = (folder / bag.SEAL_STATUS).read_text()
    assert status.startswith("IS THIS PACK SIGNED?   YES.   IS IT TIME-STAMPED?   NO.\n")
    assert fingerprint(A.public) in status
    assert "DRAFT" not in status
    assert "draft" not in (folder / "START_HERE.html").read_text().lower()


@needs_openssl
def test_every_reader_accepts_a_stamp(stamped: Path, tmp_path: Path, checked: Callable[[Path], str]) -> None:
    folder = unpacked(stamped, tmp_path / "a")
    assert openssl_accepts(folder)
    assert checked(stamped) == checked(folder) == "PASS\n"
    found = check_pack(stamped)
    assert found.problems == []
    assert found.seal is not None
    assert found.seal.stamp is not None
    assert found.seal.stamp.authority == "CN=Authority of the tests"
    assert f"YES: {found.seal.stamp.time}." in (folder / bag.SEAL_STATUS).read_text().split("\n")[0]
    (folder / bag.TAG_MANIFEST).write_bytes(b"x")
    assert not openssl_accepts(folder)


@needs_openssl
def test_the_request_is_what_openssl_writes(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a list of lists\n")
    words = ["openssl", "ts", "-query", "-data", "data", "-sha256", "-cert", "-no_nonce", "-out", "asked"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "asked").read_bytes() == request(b"a list of lists\n")


@needs_openssl
def test_a_stamp_needs_its_message_its_root_and_a_grant(
    authority: Authority, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked = tmp_path / "asked.tsq"
    asked.write_bytes(request(b"this"))
    reply, root = authority.reply(asked).read_bytes(), authority.root.read_bytes()
    other = Authority(tmp_path / "other").root.read_bytes()
    assert stamp(reply, root, b"this").serial == stamp(reply, root + other, b"this").serial
    asked.write_bytes(b"no request")
    refusal = authority.reply(asked).read_bytes()
    for bytes_, chain, message in (
        (reply, root, b"that"), (reply, other, b"this"), (refusal, root, b"this"), (reply[:-1], root, b"this"),
        (b"", root, b"this"), (reply, b"", b"this"), (b"\x30\x84\xff\xff\xff\xff", root, b"this"),
        (b"\x30\x80", root, b""),
    ):  # fmt: skip
        with pytest.raises(StampError):
            stamp(bytes_, chain, message)
    for at in range(0, len(reply), 7):
        forged = reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1 :]
        try:
            found = stamp(forged, root, b"this")
        except StampError:
            continue
        assert found == stamp(reply, root, b"this")  # Only what no signature covers was changed.


@needs_openssl
def test_a_root_of_the_same_name_is_not_stated_in_place_of_the_one_that_signed(tmp_path: Path) -> None:
    """The root is found by its key: by its name alone, a forger's stamp would be shown as one of a known authority."""
    known, forger = Authority(tmp_path / "known"), Authority(tmp_path / "forger")
    asked = tmp_path / "asked.tsq"
    asked.write_bytes(request(b"this"))
    reply = forger.reply(asked).read_bytes()
    own = x509.load_pem_x509_certificate(forger.root.read_bytes()).fingerprint(SHA256()).hex()
    for chain in (known.root.read_bytes() + forger.root.read_bytes(), forger.root.read_bytes()):
        assert stamp(reply, chain, b"this").root == own
    with pytest.raises(StampError, match="no root"):
        stamp(reply, known.root.read_bytes(), b"this")


def test_one_key_does_not_count_as_two_signers(tmp_path: Path, checked: Callable[[Path], str]) -> None:
    for at, twice in enumerate(((A, A._replace(name="reviewer")), (A, B._replace(name=A.name)))):
        (tmp_path / str(at)).mkdir()
        contents = replace(made_up_contents(tmp_path / str(at)), signers=twice)
        target = tmp_path / f"{at}.zip"
        build(contents, target, sign=lambda lists: (signature(0, lists), signature(1, lists)))
        assert any("name signers" in problem.detail for problem in verify_pack(target))
        assert "twice" in checked(target)


@pytest.mark.parametrize(
    "change", [lambda text: text.replace(b"SSH", b"ssh"), lambda text: text.replace(b"\n", b"\r\n")]
)
def test_a_signature_in_another_form_is_none(
    signed: Path, tmp_path: Path, checked: Callable[[Path], str], change: Callable[[bytes], bytes]
) -> None:
    folder = unpacked(signed, tmp_path / "a")
    true = (folder / SIGNATURE).read_bytes()
    (folder / SIGNATURE).write_bytes(change(true))
    status = folder / bag.SEAL_STATUS
    status.write_bytes(status.read_bytes().replace(sha256(true).encode(), sha256(change(true)).encode()))
    assert SIGNATURE in {problem.path for problem in verify_pack(folder)}
    assert checked(folder).endswith("FAIL\n")


def test_whatever_is_done_to_the_seal_is_named(stamped: Path, tmp_path: Path, checked: Callable[[Path], str]) -> None:
    folder = unpacked(stamped, tmp_path / "a")
    assert verify_pack(folder) == []
    for name in sorted(bag.SEAL_FILES):
        path = folder / name
        whole = path.read_bytes() if path.exists() else None
        for forged in (None, b"", b"anything\n", (whole or b"")[:-1], (whole or b"") + b"\n"):
            if forged == whole:
                continue
            path.unlink(missing_ok=True)
            if forged is not None:
                path.write_bytes(forged)
            assert name in {problem.path for problem in verify_pack(folder)}, (name, forged)
            assert "FAIL" in checked(folder) or name == bag.SEAL_STATUS, (name, forged)
        path.unlink(missing_ok=True)
        if whole is not None:
            path.write_bytes(whole)
    assert verify_pack(folder) == []


def written(folder: Path, made: dict[str, bytes]) -> None:
    for name in bag.SEAL_FILES:
        (folder / name).unlink(missing_ok=True)
        if name in made:
            (folder / name).write_bytes(made[name])


def test_a_seal_that_a_forger_makes_again_shows(signed: Path, tmp_path: Path, checked: Callable[[Path], str]) -> None:
    folder = unpacked(signed, tmp_path / "a")
    lists = (folder / bag.TAG_MANIFEST).read_bytes()
    own, by_b, stranger = (signature(at, lists) for at in range(3))
    # Each is the whole seal of a pack that says something else than the log does.
    forged = {
        "stripped": ((), Attached()),
        "stripped, but named": ((A, B), Attached()),
        "one is missing": ((A, B), Attached((by_b,))),
        "another's": ((A, B), Attached((stranger,))),
        "another under the name": (
            (Signer("examiner", KEYS[2].public_key().public_bytes_raw()),),
            Attached((stranger,)),
        ),
        "names exchanged": ((A._replace(name=B.name), B._replace(name=A.name)), Attached((own, by_b))),
    }
    for what, (declared, attached) in forged.items():
        written(folder, dict(seal(lists, declared, attached).files))
        assert verify_pack(folder), what
        assert "FAIL" in checked(folder), what
    written(folder, dict(seal(lists, (A, B), Attached((own, by_b, stranger))).files))
    assert verify_pack(folder) == []
    assert checked(folder) == "PASS\n"
    assert short_name(KEYS[2].public_key().public_bytes_raw()) in (folder / bag.ALLOWED_SIGNERS).read_text()
    assert check_pack(folder, signer="SHA256:another").problems


def test_a_signature_holds_for_one_message_and_one_use() -> None:
    own = signature(0, b"this")
    text = armoured(own, NAMESPACE).encode()
    assert parsed(text, NAMESPACE) == own
    with pytest.raises(Exception, match="namespace"):
        parsed(text, "file")
    seal(b"this", (), Attached((own,)))
    with pytest.raises(Exception, match="does not fit"):
        seal(b"that", (), Attached((own,)))


@needs_ssh_keygen
def test_a_draft_is_signed_later_and_nothing_else_changes(
    pack: Path, tmp_path: Path, checked: Callable[[Path], str]
) -> None:
    target = tmp_path / "pack.zip"
    shutil.copy(pack, target)
    before = unpacked(target, tmp_path / "before")
    attach(target, lambda lists, held: held._replace(signatures=(signature(2, lists),)))
    after = unpacked(target, tmp_path / "after")
    assert verify_pack(target) == verify_pack(after) == []
    assert checked(target) == "PASS\n"
    name = short_name(KEYS[2].public_key().public_bytes_raw())
    assert ssh_keygen_accepts(after, name)
    for path in before.rglob("*"):
        if path.is_file() and path.name != bag.SEAL_STATUS:
            assert path.read_bytes() == (after / path.relative_to(before)).read_bytes()
    assert sorted(p.name for p in after.iterdir() if not (before / p.name).exists()) == [bag.ALLOWED_SIGNERS, SIGNATURE]
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".partial")]
