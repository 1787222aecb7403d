"""The verbs of the seal: keys, signatures, and time stamps."""

from __future__ import annotations

import argparse
import getpass
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import Meter, Result, note, table
from workbench.core.errors import UsageError
from workbench.core.surroundings import Conditions

if TYPE_CHECKING:
    from workbench.app.keys import Key, Keys
    from workbench.app.sealing import Sealed


def keys_options(parser: argparse.ArgumentParser) -> None:
    """The words of `keys`."""
    parser.add_argument("what", choices=("list", "make", "import", "export", "rotate", "forget"))
    parser.add_argument("name", metavar="NAME", nargs="?", help="the key's name, which packs show beside its signature")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="of import and export: a key of OpenSSH")
    parser.add_argument("--private", action="store_true", help="of export: the private part, behind a passphrase")


def sign_options(parser: argparse.ArgumentParser) -> None:
    """The words of `sign`."""
    parser.add_argument("pack", metavar="PACK.zip", type=Path)
    parser.add_argument("--key", metavar="NAME", required=True, help="a key of `workbench keys list`")


def stamp_options(parser: argparse.ArgumentParser) -> None:
    """The words of `stamp`."""
    parser.add_argument("pack", metavar="PACK.zip", type=Path)
    parser.add_argument(
        "--request", metavar="FILE.tsq", type=Path, help="write the request, to be sent to an authority"
    )
    parser.add_argument("--reply", metavar="FILE.tsr", type=Path, help="the authority's reply, to be put into the pack")
    parser.add_argument("--chain", metavar="FILE.pem", type=Path, help="its certificates, the root among them")


def keys_here() -> Keys:
    """The keys of this account; what must be said of how they are kept is said first."""
    from workbench.app.keys import Keys

    found = Keys(_Passphrase())
    if found.notice:
        note(found.notice)
    return found


class _Passphrase:
    """A passphrase from the terminal; where there is none, the first line of standard input serves for all."""

    def __init__(self) -> None:
        self._line: str | None = None

    def __call__(self, words: str) -> str:
        if sys.stdin is None:
            raise UsageError("There is nothing to read the passphrase from.")
        if sys.stdin.isatty():
            return getpass.getpass(f"{words}: ")
        if self._line is None:
            self._line = sys.stdin.readline().rstrip("\r\n")
        return self._line


def keys(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List, make, take in, write, replace or delete keys."""
    found = keys_here()
    if options.what == "list":
        listed = found.all()
        rows = [(one.name, one.fingerprint, one.kept or "public part alone") for one in listed]
        return Result(
            {"keys": [_told(one) for one in listed]},
            table(("key", "fingerprint", "kept"), rows) if rows else ["No keys."],
        )
    if not options.name:
        raise UsageError("Name the key.")
    return _one_key(found, options)


def _one_key(found: Keys, options: Namespace) -> Result:
    name, file = options.name, options.file
    if options.what in ("import", "export") and file is None:
        raise UsageError("Name the file.", hint=f"`workbench keys {options.what} {name} FILE`")
    if options.what == "export":
        files = [str(path) for path in found.export(name, file, private=options.private)]
        return Result({"files": files}, [f"Written: {', '.join(files)}."])
    if options.what == "forget":
        found.forget(name)
        return Result({"forgotten": name}, [f"The key {name} is no longer here."])
    if options.what == "rotate":
        old, new = found.rotate(name)
        lines = [
            f"{name} was {old.fingerprint} and is {new.fingerprint}.",
            f"The old one stays as {old.name}, to check with.",
        ]
        return Result({"old": _told(old), "new": _told(new)}, [*lines, _tell(new)])
    made = found.make(name) if options.what == "make" else found.take(name, file)
    return Result({"key": _told(made)}, [f"{made.name}: {made.fingerprint}", _tell(made)])


def _tell(key: Key) -> str:
    return f"Give this fingerprint to those who are to check your packs, by another way than a pack: {key.fingerprint}"


def _told(key: Key) -> dict[str, Any]:
    return key._asdict()


def sign(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Add a signature to a pack."""
    from workbench.app.sealing import sign as add

    return _sealed(options.pack, add(options.pack, keys_here(), options.key, meter))


def _sealed(pack: Path, made: Sealed) -> Result:
    document = {"path": str(pack), "sha256": made.sha256, "seal": made.words}
    return Result(document, [*made.words, f"SHA-256 {made.sha256}"])


def stamp(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write a request for a time stamp, or put the reply into the pack."""
    from workbench.app.sealing import add_stamp, stamp_request

    if options.request and not options.reply and not options.chain:
        stamp_request(options.pack, options.request, meter)
        lines = [
            f"The request is in {options.request}. Send it to an authority, from any machine that has a network:",
            f"  curl -H 'Content-Type: application/timestamp-query' --data-binary @{options.request} URL > reply.tsr",
            f"Then: workbench stamp {options.pack} --reply reply.tsr --chain ROOT.pem",
        ]
        return Result({"request": str(options.request)}, lines)
    if options.request or not options.reply or not options.chain:
        raise UsageError(
            "Nothing to do is named.", hint="--request FILE.tsq, or --reply FILE.tsr and --chain FILE.pem."
        )
    return _sealed(options.pack, add_stamp(options.pack, options.reply, options.chain, meter))
