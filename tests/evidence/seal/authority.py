"""An authority of our own that gives time stamps, made with OpenSSL; and what the stock tools say of a seal."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
needs_ssh_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed here")

_SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
CN = unused
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamps]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """A root and a key that stamps, in a folder; it is asked as an authority on the network would be."""

    def __init__(self, folder: Path, name: str = "Authority of the tests") -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "settings").write_text(_SETTINGS)
        (folder / "serial").write_text("01\n")
        made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "settings"]
        root = ["-keyout", "ca.key", "-out", "root.pem", "-days", "3650", "-extensions", "ca"]
        self._run("req", "-x509", *made, *root, "-subj", f"/CN={name}, root")
        self._run("req", *made, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", f"/CN={name}")
        by_root = ["-CA", "root.pem", "-CAkey", "ca.key", "-set_serial", "7", "-days", "3650"]
        extended = ["-extfile", "settings", "-extensions", "tsa"]
        self._run("x509", "-req", "-in", "tsa.csr", "-out", "tsa.pem", *by_root, *extended)

    @property
    def root(self) -> Path:
        """Its root certificate."""
        return self.folder / "root.pem"

    def reply(self, request: Path) -> Path:
        """The reply to a request, with the certificates in it as OpenSSL orders them."""
        reply = request.with_suffix(".tsr")
        words = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-chain", "root.pem"]
        settings = ["-config", "settings", "-section", "stamps"]
        there = ["-queryfile", str(request.resolve()), "-out", str(reply.resolve())]
        self._run("ts", "-reply", *there, *words, *settings)
        return reply

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


def openssl_accepts(pack: Path) -> bool:
    """Whether `openssl ts -verify` accepts the stamp of an unpacked pack, as HOW_TO_CHECK.txt says."""
    words = ["ts", "-verify", "-data", "tagmanifest-sha256.txt", "-in", "seal.tsr", "-CAfile", "tsa-chain.pem"]
    return subprocess.run(["openssl", *words], cwd=pack, check=False, capture_output=True).returncode == 0


def ssh_keygen_accepts(pack: Path, name: str, signature: str = "tagmanifest-sha256.txt.sig") -> bool:
    """Whether `ssh-keygen -Y verify` accepts a signature of an unpacked pack, as HOW_TO_CHECK.txt says."""
    words = f"-Y verify -f allowed_signers -I {name} -n evidence-pack@v1 -s {signature}".split()
    with (pack / "tagmanifest-sha256.txt").open("rb") as signed:
        done = subprocess.run(["ssh-keygen", *words], cwd=pack, stdin=signed, check=False, capture_output=True)
    return done.returncode == 0
