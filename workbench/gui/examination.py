"""What the examination saw of each corpus, as a table; what was not examined yet is said as such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.answers.inspection import split_cut
from workbench.core.model import Corpus, Json, Table
from workbench.gui.tables import table_of, when

if TYPE_CHECKING:
    from workbench.app.examination.run import ExaminationReport
    from workbench.app.session import Session

_COUNTS = {
    "answers": "Answers",
    "empty": "Empty",
    "truncated": "Truncated",
    "looks_cut": "Look cut",
    "refused": "Refused",
    "copies": "Copies",
    "near_duplicates": "Near duplicates",
    "like_other_corpora": "Like other corpora",
    "quoting": "Quoting the prompt",
    "mojibake": "Mojibake",
    "hidden": "Hidden characters",
    "secret": "With secrets",
}
_COLUMNS = (
    ("name", "text", "Corpus"),
    ("state", "text", "State"),
    *((key, "integer", title) for key, title in _COUNTS.items()),
    ("languages", "text", "Languages"),
)
NOT_YET = "not yet examined"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A file that stays out of packs, since things of the form of secrets were found in it."""

    sha256: str
    name: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Examined:
    """The examination of a case: in a sentence, as a table, whether it is up to date, and what is withheld."""

    said: str
    table: Table
    current: bool
    withheld: tuple[Withheld, ...]


def read_examination(session: Session, corpora: list[Corpus]) -> Examined:
    """What was examined of these corpora, as of now."""
    state = session.examination()
    last = state.last
    counts: Json = last.counts["corpora"] if last else {}
    rows = [_row(corpus, counts.get(corpus.name)) for corpus in corpora]
    withheld = tuple(
        Withheld(digest, name, ", ".join(f"{kind} ({n})" for kind, n in kinds.items()))
        for digest, name, kinds in state.withheld
    )
    current = bool(corpora) and state.current
    waiting = [str(row[0]) for row in rows if row[1] != "examined"]
    if last is None:
        said = "Not yet examined: languages, refusals, duplicates and secrets are not known."
    elif current:
        said = f"Everything was examined ({when(last.ended)}, line {last.line} of the ledger)."
    elif state.outdated:
        said = (
            f"Examined {when(last.ended)} by rules that have changed since: examine again, and all is looked at anew."
        )
    else:
        said = f"Examined {when(last.ended)}; more came since then: examine again."
    if last is not None and waiting:
        said += f" Not yet: {', '.join(waiting[:6])}{' …' if len(waiting) > 6 else ''}."
    return Examined(said, table_of(_COLUMNS, rows), current, withheld)


def _row(corpus: Corpus, item: Json) -> tuple[object, ...]:
    if item is None:
        return (corpus.name, NOT_YET, *(None for _ in _COUNTS), None)
    state = "examined" if item["sha256"] == corpus.sha256 else "answers came since"
    return (corpus.name, state, *(split_cut(item)[key] for key in _COUNTS), _languages(item["languages"]))


def _languages(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in found.items())


def in_words(report: ExaminationReport) -> str:
    """What an examination came to, for the status bar."""
    totals = report.counts["totals"]
    if not report.new:
        return "Nothing came since the last examination."
    again = " by rules that have changed" if report.outdated else ""
    return (
        f"{totals['answers']:,} answers examined{again}: {totals['refused']:,} refused, "
        f"{totals['truncated']:,} truncated, {totals['looks_cut']:,} look cut, {totals['empty']:,} empty, "
        f"{totals['secret']:,} with secrets."
    )
