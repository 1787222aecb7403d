"""What an examiner takes out of a redacted copy: rules, each of one kind, and who asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.core.disguises import folded
from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.text import one_line, well_formed
from workbench.core.typed_json import plain, read

COPY_MADE = "redacted copy made"
"""The action of the ledger line that keeps the rules, the key and the digest of a redacted copy."""

MOST_RULES = 1_000
_LONGEST = {"pattern": 200, "prompt": 100_000}
_LINE = 300
_SHORTEST = 3
_NESTED = re.compile(r"[+*}][)\]]*\)\s*(?:[+*]|\{\d*,)|\\[1-9]|\(\?P=")
"""A repeat of a repeat, or a reference back: they can take longer than anyone waits."""


class Kind(StrEnum):
    """What a rule takes out; the words are what an examiner types.

    `name` is any word of a person, a company or a model, `corpus` a model with all its answers, `pattern` whatever a
    regular expression matches, `prompt` a prompt with all answers to it, `answer` one answer by its number in the
    case, `exhibit` an exhibit with the answers that it shows.
    """

    NAME = "name"
    CORPUS = "corpus"
    PATTERN = "pattern"
    PROMPT = "prompt"
    ANSWER = "answer"
    EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its kind, what it names, and why it is taken out."""

    kind: Kind
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Redactions:
    """All rules of a copy; `requested_by` is who asked for it, empty where that was not stated."""

    rules: tuple[Rule, ...] = ()
    requested_by: str = ""

    def of(self, *kinds: Kind) -> Iterator[Rule]:
        """The rules of some kinds."""
        return (rule for rule in self.rules if rule.kind in kinds)

    def as_json(self) -> Json:
        """The rules as plain JSON; `redactions_from_json` is the inverse."""
        return plain(self)


def redactions_from_json(value: Json) -> Redactions:
    """The rules that a file or a ledger line has; raises UsageError for what can't be carried out.

    `value` is {"requested_by": TEXT, "rules": [{"kind": KIND, "what": TEXT, "reason": TEXT}]}.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("rules"), Sequence):
        raise UsageError(
            "The list of redactions is no JSON object with “rules”.",
            hint='{"requested_by": "...", "rules": [{"kind": "name", "what": "...", "reason": "..."}]}',
        )
    rules = []
    for at, item in enumerate(value["rules"], 1):
        if not isinstance(item, Mapping) or not {*item} <= {"kind", "what", "reason"}:
            raise UsageError(f"Rule {at} of the redactions is no object of kind, what and reason.")
        rules.append(rule_of(*(str(item.get(name, "")) for name in ("kind", "what", "reason"))))
    return checked(Redactions(tuple(rules), str(value.get("requested_by", ""))))


def redactions_in(options: Json) -> Redactions:
    """The rules as a ledger line keeps them."""
    return read(Redactions, options["redactions"])


def rule_typed(text: str, reason: str) -> Rule:
    """A rule as it is typed, KIND=WHAT; raises UsageError."""
    kind, sign, what = text.partition("=")
    if not sign:
        raise UsageError(
            f"“{one_line(text, 60)}” names no kind of redaction.", hint=f"KIND=WHAT, where KIND is {', '.join(Kind)}."
        )
    return rule_of(kind.strip(), what, reason)


def rule_of(kind: str, what: str, reason: str) -> Rule:
    """A rule whose parts were checked; raises UsageError."""
    if kind not in tuple(Kind):
        raise UsageError(f"“{one_line(kind, 40)}” is no kind of redaction.", hint=f"One of {', '.join(Kind)}.")
    said = well_formed(what)[0].strip()
    if not said or len(said) > _LONGEST.get(kind, _LINE):
        raise UsageError(f"A {kind} to redact needs 1 to {_LONGEST.get(kind, _LINE):,} characters.")
    if not reason.strip():
        raise UsageError(f"Redacting the {kind} needs a reason.", hint="--reason TEXT; it stands in the copy's log.")
    rule = Rule(Kind(kind), said, one_line(reason.strip(), _LINE))
    if rule.kind is Kind.NAME:
        _check_name(said)
    elif rule.kind is Kind.PATTERN:
        compiled(rule)
    return rule


def _check_name(name: str) -> None:
    letters = folded(name)
    if len(letters) < (_SHORTEST if letters.isascii() else 2):
        raise UsageError(
            f"“{name}” is too short to be taken out: too much else has these letters.",
            hint="Name it with the words beside it, or by --redact pattern=…",
        )


def compiled(rule: Rule) -> re.Pattern[str]:
    """The pattern of a rule, blind to capitals; raises UsageError for one that is wrong or could run for ever."""
    try:
        pattern = re.compile(rule.what, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"The pattern “{one_line(rule.what, 80)}” is wrong: {error}.") from error
    if pattern.search("") or _NESTED.search(rule.what):
        raise UsageError(
            f"The pattern “{one_line(rule.what, 80)}” matches nothing at all, or repeats what repeats.",
            hint="Write it without a repeat inside of a repeat, and so that it needs at least one character.",
        )
    return pattern


def checked(redactions: Redactions) -> Redactions:
    """The same, each rule once; raises UsageError where there is none or too many."""
    rules = tuple({(rule.kind, rule.what): rule for rule in redactions.rules}.values())
    if not 0 < len(rules) <= MOST_RULES:
        raise UsageError(
            f"A redacted copy has 1 to {MOST_RULES:,} rules, and {len(rules):,} were given.",
            hint="--redact name=WORD, or another kind; a copy in which nothing is taken out is the full pack.",
        )
    return Redactions(rules, one_line(well_formed(redactions.requested_by)[0].strip(), _LINE))
