"""The words of the command line, built from what the workbench offers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from workbench import __version__
from workbench.app.catalogue import analyses, importers
from workbench.cli import (
    artefacts,
    direct_evidence,
    documents,
    duplicates,
    examining,
    exhibits,
    facts_options,
    importing,
    instructions,
    planning,
    previewing,
    redacting,
    replaying,
    sealing,
    searching,
    validating,
    verbs,
)
from workbench.cli import kit as prompt_kit
from workbench.core.errors import UsageError
from workbench.core.logs import Keeper
from workbench.core.model import Role
from workbench.core.params import Param
from workbench.core.signals import Seeding
from workbench.core.text import well_formed

ROLES = [str(role) for role in Role]


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is a UsageError, so that every shell words it alike."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        # Bytes that are no text in this terminal's encoding arrive as lone surrogates, which nothing can store.
        self.register("type", None, _text)

    def add_subparsers(self, **more: Any) -> Any:
        """As its parent's; words behind a verb go on as they came, since some of them are paths."""
        self.register("type", None, str)
        return super().add_subparsers(**more)

    def error(self, message: str) -> NoReturn:
        """Raise the complaint; `--help` of the verb is the hint."""
        raise UsageError(message[:1].upper() + message[1:] + ".", hint=f"`{self.prog} --help` shows the options.")


def _text(word: str) -> str:
    return well_formed(word)[0]


def _number(word: str) -> int:
    """A number that something in a case can have."""
    if not word.isascii() or not word.isdigit() or len(word) > 15:
        raise argparse.ArgumentTypeError(f"{word!r} is not the number of one")
    return int(word)


def _seed(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 100:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from 0 on")
    return int(word)


def build(asked: str | None = None) -> Parser:
    """The whole command line; where a verb is `asked` for, what only another one has to list is left out.

    Analyses and formats are many files: a verb that needs none starts without them.
    """
    parser = Parser(
        prog="workbench",
        description="Test whether one language model was trained on another's answers, offline, and export "
        "an evidence pack that can be checked with nothing installed.",
        epilog="With no verb, or with a case alone, the desktop window opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    verbs_of = parser.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Parser)
    parts = (
        _new, partial(_import, asked in (None, "import")), _preview, _set, _reading, _plan,
        partial(_run, asked in (None, "run")),
        _direct_evidence, _examine, _exhibits, _documents, _instructions,
        _withdraw, _export, _verify, _seal, _prompts, _kit,
        _known_truth, _keeping,
    )  # fmt: skip
    for add in parts:
        add(verbs_of)
    return parser


def _verb(
    of: Any, name: str, do: Callable[..., Any], words: str, *, case: bool = True, quiet: bool = False, **more: Any
) -> argparse.ArgumentParser:
    """A verb; a `quiet` one below another verb leaves what was said above it as it is."""
    parser: argparse.ArgumentParser = of.add_parser(name, help=words, description=words, allow_abbrev=False, **more)
    parser.set_defaults(do=do)
    unsaid = argparse.SUPPRESS if quiet else False
    parser.add_argument("--json", action="store_true", default=unsaid, help="one JSON document on standard output")
    if case:
        parser.add_argument("case", metavar="CASE", type=Path, help="the case folder")
    return parser


def _new(of: Any) -> None:
    parser = _verb(of, "new", verbs.new, "make a new case (`new foo` makes foo.case)")
    parser.add_argument("--title", default="", help="what the case is about")
    parser.add_argument("--examiner", default="", help="who examines; the system account is logged beside it")


def _import(formats: bool, of: Any) -> None:
    parser = _verb(of, "import", importing.import_, "take in answer files, or a panel manifest with all its corpora")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="answer files, or one panel.json")
    roles = ", ".join(ROLES)
    parser.add_argument(
        "--role", choices=ROLES, metavar="ROLE", help=f"what it is in the case: {roles} (control, where not said)"
    )
    parser.add_argument("--model", metavar="NAME", help="the model's name, where the records do not name it")
    facts_options.add_options(parser)
    keys = ", ".join(info.key for info in importers()) if formats else ""
    parser.add_argument("--format", metavar="KEY", help=f"read as this format: {keys}")
    parser.add_argument("--prompts", metavar="FILE", type=Path, help="the question file, joined by id")
    parser.add_argument("--encoding", metavar="NAME", default="", help="the text's encoding, where the guess is wrong")
    parser.add_argument(
        "--map",
        metavar="KEY=PATH",
        action="append",
        default=[],
        help="where prompt, prompt_key, response, model, time or sample stand (dotted paths); repeatable",
    )
    parser.add_argument(
        "--where",
        metavar="FIELD=VALUE",
        action="append",
        default=[],
        help="with --map: leave out records in which the field says something else, such as role=assistant; repeatable",
    )
    parser.add_argument(
        "--pair-by",
        metavar="HOW",
        default="",
        help="pair answers by the prompt's text (text), by its id (key), or by the ids of a named set (key:SET)",
    )
    parser.add_argument("--reason", metavar="T", default="", help="why a corpus is set aside")
    parser.add_argument("--suspect", metavar="NAME", help="of a panel: which corpus is the suspect")
    parser.add_argument("--protected", metavar="NAME", help="of a panel: which family or corpus is protected")
    parser.add_argument("--discard", metavar="ID", type=_number, help="drop the interrupted import of this number")


def _preview(of: Any) -> None:
    words = "show what a file is and a ready --map line; with --map or --dry-run, what an import would count"
    previewing.add_options(_verb(of, "preview", previewing.preview, words, case=False))


def _set(of: Any) -> None:
    words = (
        "mend what is known of a corpus, in the open; for another name set it aside, and import its file again with "
        "--model NAME"
    )
    parser = _verb(of, "set", verbs.set_, words)
    parser.add_argument("corpus", metavar="CORPUS")
    parser.add_argument("--role", choices=ROLES, metavar="ROLE", help=f"its role in the case: {', '.join(ROLES)}")
    facts_options.add_options(parser)
    parser.add_argument(
        "--pair-by", metavar="HOW", help="pair its answers by the prompt's text (text) or by the ids of a set (key:SET)"
    )
    parser.add_argument("--reason", metavar="T", default="", help="why, which is needed; it stands in the ledger")


def _reading(of: Any) -> None:
    _verb(of, "corpora", verbs.corpora, "list the corpora with their roles and counts")
    _verb(of, "findings", verbs.findings, "list all findings, withdrawn ones too")
    words = "list traces of saving in the answers, which a comparison would take for a likeness, and settle them"
    artefacts.add_options(_verb(of, "artefacts", artefacts.artefacts, words))
    words = "list the records that were left out as duplicates, each with the answer that is the same"
    duplicates.add_options(_verb(of, "duplicates", duplicates.duplicates, words), _number)
    parser = _verb(of, "show", verbs.show, "show a finding in words, and its chart")
    parser.add_argument("finding", metavar="FINDING", type=_number, help="its number")
    parser.add_argument("--figure", metavar="OUT", type=Path, help="write the chart (.svg or .png)")
    parser.add_argument("--tables", action="store_true", help="with the tables")
    _verb(of, "log", verbs.log, "show the ledger")


def _plan(of: Any) -> None:
    words = "show, draft or lock the plan: what is to be run, said before any result is shown"
    parser = _verb(of, "plan", planning.plan, words)
    parser.add_argument("file", metavar="FILE.json", nargs="?", type=Path, help="a plan: checked, and shown as read")
    parser.add_argument("--draft", metavar="FILE.json", type=Path, help="write a plan filled from the case, to edit")
    parser.add_argument("--lock", action="store_true", help="lock the plan in FILE.json")
    parser.add_argument("--reason", metavar="T", default="", help="why a locked plan is changed")


def _run(listed: bool, of: Any) -> None:
    words = "run an analysis; stored roles are the default"
    parser = _verb(of, "run", planning.run_plan, words)
    parser.add_argument("--plan", action="store_true", help="everything of the locked plan that was not run")
    kinds = parser.add_subparsers(dest="analysis", metavar="ANALYSIS", parser_class=Parser)
    for info in analyses() if listed else ():
        one = _verb(
            kinds,
            info.key,
            verbs.run,
            info.title,
            case=False,
            quiet=True,
            epilog="Limits: " + " ".join(info.limits),
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        one.description = info.question
        one.add_argument("--suspect", metavar="N", help="a corpus", default=argparse.SUPPRESS)
        one.add_argument("--protected", metavar="N", help="a family or a corpus", default=argparse.SUPPRESS)
        one.add_argument("--controls", metavar="N,...", help="these alone", default=argparse.SUPPRESS)
        one.add_argument("--exclude", metavar="N", action="append", help="leave out", default=argparse.SUPPRESS)
        one.add_argument("--reason", metavar="T", help="why they are left out", default=argparse.SUPPRESS)
        one.add_argument("--despite-date", metavar="T", help="why a younger source", default=argparse.SUPPRESS)
        one.add_argument("--fewer-prompts", metavar="T", help="why it lacks many prompts", default=argparse.SUPPRESS)
        one.add_argument("--seed", type=_seed, help="a whole number", default=argparse.SUPPRESS)
        one.add_argument("--tables", action="store_true", help="with --json: tables too", default=argparse.SUPPRESS)
        for name, param in info.params.items():
            _parameter(one, name, param)


def _parameter(parser: argparse.ArgumentParser, name: str, param: Param) -> None:
    bounds = [f"from {param.low:g}" if param.low is not None else "", f"to {param.high:g}" if param.high else ""]
    words = " ".join(w for w in (param.help or param.label, param.unit and f"[{param.unit}]", *bounds) if w)
    parser.add_argument(
        "--" + name.replace("_", "-"),
        dest="param_" + name,
        metavar="|".join(param.choices) or type(param.default).__name__,
        default=argparse.SUPPRESS,
        help=f"{words} (default: {param.default})".replace("%", "%%"),
    )


def _direct_evidence(of: Any) -> None:
    words = "show the usage logs of a case and what they lack; take in logs, events, and known accounts"
    parser = _verb(of, "logs", direct_evidence.logs, words)
    parser.set_defaults(kept="what was taken in is kept; the same call goes on from there.")
    kinds = ("add", "events", "known", "pseudonym")
    parser.add_argument("what", choices=kinds, nargs="?", help="what to take in; nothing: show what is there")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path)
    parser.add_argument("--of", choices=[str(keeper) for keeper in Keeper], help="whose log it is")
    parser.add_argument("--format", metavar="KEY", help="litellm, langfuse, helicone, bedrock, otel or usage")
    parser.add_argument(
        "--map", metavar="COLUMN=FIELD", action="append", default=[], help="what a field means; repeatable"
    )
    parser.add_argument("--zone", default="UTC", help="the time zone of times that state none (default: UTC)")
    parser.add_argument("--leave", action="store_true", help="leave the file where it is; its hash is kept")
    about = "custodian, query, retention, hold or basis, as stated to you; repeatable"
    parser.add_argument("--custody", metavar="WHAT=TEXT", action="append", default=[], help=about)
    parser = _verb(of, "markers", direct_evidence.markers, "draw and seal markers to be planted, or list them")
    parser.add_argument("what", choices=("make", "add"), nargs="?")
    parser.add_argument("kind", nargs="?", default="string", help="string, fact, identifier or style")
    parser.add_argument("--number", type=int, default=50, help="how many (default: 50)")
    parser.add_argument("--accounts", metavar="FILE", type=Path, help="accounts, one a line, that each get some")
    parser.add_argument("--file", dest="out", metavar="CSV", type=Path, help="the markers' file")
    parser = _verb(of, "signal", direct_evidence.signal, "say what is public of a keyed signal, or list signals")
    parser.add_argument("what", choices=("set", "list"))
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser.add_argument("--scheme", choices=[str(one) for one in Seeding], help="the scheme and its seeding")
    parser.add_argument("--secret", metavar="NAME", help="the name of the secret that is its key")
    about = "the number of the document that is the model's tokenizer.json"
    parser.add_argument("--tokenizer", metavar="DOCUMENT", type=int, help=about)
    parser.add_argument("--vocabulary", metavar="NUMBER", type=int, help="how many tokens the model scores")
    parser.add_argument("--gamma", type=float, default=0.25, help="the green share (default: 0.25)")
    about = "tokens before that seed the list, for kgw-rolling and gumbel (default: 2)"
    parser.add_argument("--window", type=int, default=2, help=about)
    words = "keep secrets such as keys outside the case; a value is never said on the command line"
    parser = _verb(of, "secret", direct_evidence.secret, words)
    parser.add_argument("what", choices=("set", "list", "forget"))
    parser.add_argument("name", metavar="NAME", nargs="?")


def _examine(of: Any) -> None:
    parser = _verb(
        of, "examine", examining.examine, "look at everything once: languages, refusals, duplicates, secrets"
    )
    parser.set_defaults(kept="what was seen is kept; `workbench examine CASE` goes on from there.")
    searching.add_search(_verb(of, "search", searching.search, "search the words of prompts or answers"))
    words = "show an answer, its prompt, and the bytes that it came from"
    searching.add_answer(_verb(of, "answer", searching.answer, words))


def _exhibits(of: Any) -> None:
    words = "propose exhibits by the written rule; take them in, make others by hand, order, comment, review, withdraw"
    parser = _verb(of, "exhibits", exhibits.exhibits, words)
    kinds = parser.add_subparsers(dest="word", metavar="WORD", parser_class=Parser)

    def below(word: str, said: str) -> argparse.ArgumentParser:
        part = _verb(kinds, word, exhibits.change, said, case=False, quiet=True)
        part.add_argument("--examiner", metavar="NAME", help="who works", default=argparse.SUPPRESS)
        return part

    exhibits.exhibits_options(parser, below, _number)
    exhibits.note_options(_verb(of, "note", exhibits.note, "write or list notes on the case or what is in it"), _number)
    words = "mark answers as looked at or as marked, or list the marks"
    exhibits.mark_options(_verb(of, "mark", exhibits.mark, words), _number)


def _instructions(of: Any) -> None:
    words = "state who instructed the examiner, for which matter and in which words; or show it"
    instructions.instructions_options(_verb(of, "instructions", instructions.instructions, words))


def _documents(of: Any) -> None:
    words = "list the documents of a case: allegations, denials, terms, contracts, model cards"
    _verb(of, "documents", documents.list_, words)
    words = "take a document in, show it, quote a clause of it, retract it"
    parser = _verb(of, "document", documents.change, words, case=False)
    kinds = parser.add_subparsers(dest="word", metavar="WORD", required=True, parser_class=Parser)

    def below(word: str, said: str) -> argparse.ArgumentParser:
        part = _verb(kinds, word, documents.change, said, quiet=True)
        part.add_argument("--examiner", metavar="NAME", default="", help="who works")
        return part

    documents.add_options(below, _number)


def _withdraw(of: Any) -> None:
    parser = _verb(of, "withdraw", verbs.withdraw, "hide a finding; it is never erased and stays listed in packs")
    parser.add_argument("finding", metavar="ID", type=_number)
    parser.add_argument("--reason", metavar="T", required=True, help="why; it stands in ledger and pack")


def _export(of: Any) -> None:
    parser = _verb(of, "export", verbs.export, "write the evidence pack")
    parser.add_argument("pack", metavar="PACK.zip", type=Path)
    parser.add_argument("--number", metavar="N", type=_number, help="rebuild pack N byte for byte")
    parser.add_argument("--lawyer-copy", action="store_true", help="leave the original files out, and say so")
    parser.add_argument("--without-documents", action="store_true", help="leave the files of documents out, and say so")
    parser.add_argument(
        "--include-original", metavar="SHA", action="append", default=[], help="a file that is withheld for its secrets"
    )
    parser.add_argument(
        "--reason", metavar="T", default="", help="why it is included, or taken out; it stands in the pack"
    )
    redacting.copy_options(parser)
    words = "a legend at the foot of every page, such as CONFIDENTIAL"
    parser.add_argument("--legend", metavar="TEXT", default="", help=words)
    words = "a prefix of Bates numbers for the pages of the report and the exhibits"
    parser.add_argument("--bates", metavar="PREFIX", default="", help=words)
    parser.add_argument("--bates-first", metavar="N", type=_number, default=1, help="the first of them, 1 unless given")
    words = "a key that signs the pack, which then is no draft; repeatable"
    parser.add_argument("--sign", metavar="KEY", action="append", default=[], help=words)

    words = "what each code of a redacted copy stands for, with the salt that proves it: for the court alone"
    redacting.list_options(_verb(of, "redactions", redacting.redactions, words))


def _verify(of: Any) -> None:
    words = "check a pack (zip or unpacked) or a case, and name what does not agree"
    parser = _verb(of, "verify", verbs.verify, words, case=False)
    parser.add_argument("path", metavar="PATH", type=Path, help="PACK.zip, an unpacked pack, or a case")
    parser.add_argument("--head", metavar="HASH", help="a ledger head printed in a pack of this case")
    parser.add_argument("--signer", metavar="FINGERPRINT", help="a key that must have signed the pack: SHA256:...")
    words = "compute every finding of a pack again from the pack alone, and compare each number and chart"
    replaying.add_options(_verb(of, "replay", replaying.replay, words, case=False))


def _seal(of: Any) -> None:
    words = "list, make, import, export, rotate or forget the keys that sign packs"
    sealing.keys_options(_verb(of, "keys", sealing.keys, words, case=False))
    sealing.sign_options(_verb(of, "sign", sealing.sign, "add a signature to a pack", case=False))
    words = "write a request for a time stamp (RFC 3161), or put an authority's reply into a pack"
    sealing.stamp_options(_verb(of, "stamp", sealing.stamp, words, case=False))


def _prompts(of: Any) -> None:
    parser = _verb(of, "prompts", verbs.prompts, "join prompts that came later to their answers, by id")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--for", metavar="CORPUS", dest="corpus", required=True)


def _known_truth(of: Any) -> None:
    words = "score a panel of known truth by the protocol: error rates, with the report"
    validating.validate_options(_verb(of, "validate", validating.validate, words, case=False))
    words = "fit a calibration on panels of known truth"
    validating.calibrate_options(_verb(of, "calibrate", validating.calibrate, words, case=False))


def _kit(of: Any) -> None:
    words = "write the battery of prompts as batch files and sheets, with a protocol of how to collect answers"
    prompt_kit.add_options(_verb(of, "kit", prompt_kit.kit, words, case=False))


def _keeping(of: Any) -> None:
    parser = _verb(of, "backup", verbs.backup, "write the whole case into one file")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser = _verb(of, "rescue", verbs.rescue, "rebuild a case from its originals and ledger.jsonl")
    parser.add_argument("new", metavar="NEW", type=Path, help="the case to make")
    parser = _verb(of, "demo", verbs.demo, "run the main job on the synthetic sample case", case=False)
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="where (default: a new folder here)")
