"""Running pip: its own configuration decides where packages come from; its failures become words."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from words import SetupError, say

HERE = Path(__file__).resolve().parent
"""Where every program works that this one starts: no module lies there that one of them would take for its own."""

PATHS = ("PIP_CERT", "PIP_CLIENT_CERT", "PIP_CONFIG_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")

SHOWN = ("Downloading ", "Building ", "Installing collected", "Saved ", "Created wheel")
NOISE = re.compile(r"^(WARNING: )?(Location .* is ignored|.*\[notice\]|Looking in (indexes|links))")
"""What pip says of its own configuration and version: true, and no cause of anything."""

CAUSES = {
    "disk": (
        r"No space left|Errno 28",
        "The disk is full.",
        "Make room (pip's own cache can be emptied with: pip cache purge), and run this again.",
    ),
    "proxy": (
        r"ProxyError|Tunnel connection failed|407 Proxy|Cannot connect to proxy",
        "The proxy refused the connection.",
        "Set HTTPS_PROXY=http://user:password@host:port for your proxy, and run this again.",
    ),
    "certificate": (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSL: ",
        "The connection's certificate was not accepted; a proxy that opens connections is the usual cause.",
        "Ask for its certificate and set PIP_CERT=/path/to/certificate.pem, and run this again.",
    ),
    "network": (
        r"name resolution|getaddrinfo|NewConnectionError|Connection refused|unreachable|timed out"
        r"|Connection broken|RemoteDisconnected|No route to host",
        "The package index can't be reached.",
        "Check the network. Behind a proxy set HTTPS_PROXY=http://host:port. With no network at all:",
        "run `bootstrap.py bundle DIR` on a machine that has one, and `bootstrap.py install --from DIR` here.",
    ),
    "permission": (
        r"Permission denied|Errno 13",
        "Something could not be written.",
        "Look at the path above; a folder of another user (made as root, say) is the usual cause.",
    ),
    "hash": (
        r"DO NOT MATCH THE HASHES",
        "A package does not have the bytes that are pinned: it was exchanged, or an index of your own built it again.",
        "Do not go on before you know which. If you trust that index, run this again with --unpinned.",
    ),
    "version": (
        r"No matching distribution|Could not find a version",
        "The package index has no version that fits this Python and machine.",
        "Look at the name above. If an index of your own is configured, it may lack this package.",
    ),
}
"""Patterns in pip's output, what each means, and what to do; the first that is found counts."""


class PipError(SetupError):
    """A failure of pip; `cause` is a name in `CAUSES`, or empty where the output says nothing that is known."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(*explained(lines))
        self.cause = cause_of(lines)


def run_pip(command: Sequence[str], arguments: Sequence[str], offline: bool = False) -> None:
    """Run pip, show its larger steps, and raise PipError with its last lines when it fails.

    Offline, no index and no configuration of the machine is looked at.
    """
    fixed = ["--disable-pip-version-check", "--no-input"]
    lines: list[str] = []
    with subprocess.Popen(
        [*command, *arguments, *fixed],
        cwd=HERE,
        env=surroundings(offline),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if not NOISE.match(line.strip()):
                    lines.append(line.rstrip())
                    if line.strip().startswith(SHOWN):
                        say(f"  {line.strip()[:100]}")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise PipError(lines)


def surroundings(offline: bool) -> Mapping[str, str]:
    """The variables that pip runs under: none that leads it to another environment, or to modules in this folder."""
    # A PYTHONPATH would leak other packages in; `user` installs are impossible in an environment.
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")}
    if offline:
        env = {k: v for k, v in env.items() if not k.startswith("PIP_")}
        env["PIP_CONFIG_FILE"] = os.devnull
    env.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PYTHONUTF8="1", PYTHONSAFEPATH="1")
    # pip works in another folder than the one that these were written for.
    env.update({name: str(Path(env[name]).absolute()) for name in PATHS if env.get(name)})
    return env


def cause_of(lines: Sequence[str]) -> str:
    """The name of what pip's lines say of its failure; empty where nothing is known of it."""
    text = "\n".join(lines)
    return next((name for name, (pattern, *_) in CAUSES.items() if re.search(pattern, text)), "")


def explained(lines: Sequence[str]) -> list[str]:
    """What pip's lines say of its failure, in words, with what to do."""
    told = [line for line in lines if line.strip()][-8:]
    cause = cause_of(lines)
    if not cause:
        return ["pip failed.", "pip's last lines:", *told]
    _, what, *todo = CAUSES[cause]
    return [f"pip failed: {what}", *todo, "", "pip's last lines:", *told]
