"""Usage logs: the columns of an exchange, how a format's fields become them, and the one door to stored logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from workbench.core.selection import Selection

if TYPE_CHECKING:
    import ibis
    import numpy as np
    import numpy.typing as npt

HEAD_WORDS = 32
"""Words at the beginning and the end of a prompt that make its head and its tail."""

MASK = "words-32, ascii lower case, digits to 0, addresses out, 1"
"""Name of the rules by which heads and tails are masked; a change of any of them changes the name."""


class Keeper(StrEnum):
    """Whose log it is: in a gateway's log, an account is the gateway's customer."""

    MAKER = "maker"
    CLOUD = "cloud"
    GATEWAY = "gateway"
    RESELLER = "reseller"
    SUSPECT = "suspect"


class Reading(StrEnum):
    """How a field's value becomes a column's."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    PSEUDONYM = "pseudonym"
    ADDRESS = "address"
    EMAIL = "email"
    ASKED = "asked"
    INSTRUCTED = "instructed"
    ANSWERED = "answered"


COLUMNS: Mapping[str, Reading] = {
    "ts": Reading.TIME,
    "account": Reading.PSEUDONYM,
    "key": Reading.PSEUDONYM,
    "session": Reading.PSEUDONYM,
    "organisation": Reading.PSEUDONYM,
    "payment": Reading.PSEUDONYM,
    "device": Reading.PSEUDONYM,
    "address": Reading.ADDRESS,
    "email": Reading.EMAIL,
    "prompt": Reading.ASKED,
    "system": Reading.INSTRUCTED,
    "response": Reading.ANSWERED,
    "reasoning": Reading.TEXT,
    "request": Reading.TEXT,
    "model": Reading.TEXT,
    "plan": Reading.TEXT,
    "region": Reading.TEXT,
    "country": Reading.TEXT,
    "user_agent": Reading.TEXT,
    "endpoint": Reading.TEXT,
    "status": Reading.TEXT,
    "stop": Reading.TEXT,
    "account_created": Reading.TIME,
    "pt": Reading.NUMBER,
    "ct": Reading.NUMBER,
    "calls": Reading.NUMBER,
    "latency": Reading.NUMBER,
    "temperature": Reading.NUMBER,
}
"""What a log may hold; `ts` and `account` are needed, and `prompt` or token counts are wanted."""

EXCHANGE: Mapping[str, str] = {
    "file": "int64",
    "row": "int64",
    "offset": "int64",
    "length": "int64",
    "member": "string",
    "ts": "timestamp",
    "account": "string",
    "who": "int64",
    "key": "string",
    "session": "string",
    "organisation": "string",
    "payment": "string",
    "device": "string",
    "address": "string",
    "network": "string",
    "email": "string",
    "email_class": "string",
    "model": "string",
    "plan": "string",
    "region": "string",
    "country": "string",
    "user_agent": "string",
    "endpoint": "string",
    "status": "string",
    "stop": "string",
    "account_created": "timestamp",
    "pt": "int64",
    "ct": "int64",
    "calls": "int64",
    "latency": "int64",
    "temperature": "int64",
    "call": "int64",
    "head": "int64",
    "tail": "int64",
    "system_hash": "int64",
    "prompt_sha": "string",
    "answer_sha": "string",
    "ok": "boolean",
    "prompt": "string",
    "system": "string",
    "response": "string",
    "reasoning": "string",
}
"""The columns of the table `exchange` with their types in Ibis.

`head`, `tail` and `system_hash` are 63-bit hashes of masked text, `call` of what makes a call the same call, and `who`
of the account's pseudonym, which is quicker to count by; `member` is the file's place in an archive.
`latency` is as the log gives it, rounded, `temperature` in thousandths: no column is a fraction, so that engines agree.
Text stands in the last four columns alone.
"""

HEADS: Mapping[str, str] = {"head": "int64", "text": "string", "calls": "int64", "accounts": "int64"}
"""The columns of the table `heads`: each masked beginning of a prompt once."""

TEXTS: Mapping[str, str] = {"hash": "int64", "text": "string"}
"""The columns of the table `texts`: what the hashes of heads, tails and system prompts stand for."""

EVENTS: Mapping[str, str] = {"ts": "timestamp", "kind": "string", "what": "string", "source": "string"}
"""The columns of the table `events`; kinds are release, ban, notice, outage and price."""

ACCOUNTS: Mapping[str, str] = {
    "who": "int64",
    "account": "string",
    "created": "timestamp",
    "closed": "timestamp",
    "banned": "timestamp",
    "plan": "string",
    "country": "string",
}
"""The columns of the table `accounts`."""

KNOWN: Mapping[str, str] = {"who": "int64", "account": "string", "kind": "string", "basis": "string"}
"""The columns of the table `known`: accounts that are declared innocent or owned, with the basis."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "exchange": EXCHANGE,
    "heads": HEADS,
    "texts": TEXTS,
    "events": EVENTS,
    "accounts": ACCOUNTS,
    "known": KNOWN,
}


@dataclass(frozen=True, slots=True)
class LogFormat:
    """A kind of log: for each column the fields that may hold it, first come first served.

    A field is a dotted path in the record; `>` in it says that what stands before is JSON written as a string, if it
    is a string. `marks` are sets of fields at the top of a record; a record that has all of one set is of this format.
    `expand` names the way in which one line becomes several records. `only` are fields and values: a record whose first
    such field has another value, or none, is no call.
    """

    key: str
    title: str
    fields: Mapping[str, tuple[str, ...]]
    marks: tuple[frozenset[str], ...] = ()
    expand: str = ""
    only: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    traps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.fields) - set(COLUMNS))
        if unknown:
            raise ValueError(f"a log has no column {', '.join(unknown)}")


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was passed over, with its place in the decompressed file and the reason."""

    row: int
    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineBatch:
    """Some consecutive records of a log, each as one line of JSON, all in one buffer.

    Line i is `data[starts[i]:starts[i + 1]]`, its line feed included; `rows` are the numbers of the records, `offsets`
    and `lengths` their places in the decompressed file. `unread` are the records between them that were passed over.
    `next_row` and `next_offset` are where reading goes on after this batch.
    """

    data: bytes | bytearray | memoryview
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    unread: tuple[Unread, ...]
    next_row: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class LogCounts:
    """What became of the lines of a log; accepted + rejected + duplicate = lines."""

    lines: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)

    @property
    def all_rejected(self) -> int:
        """Rejected lines, for whatever reason."""
        return sum(self.rejected.values())


class Logs(Protocol):
    """The one door to stored logs: lazy tables, and what runs an expression over them."""

    @property
    def sha256(self) -> str:
        """A digest over all that was taken in, which a Finding names as its input."""

    @property
    def keepers(self) -> tuple[str, ...]:
        """Whose logs they are, each once."""

    @property
    def engine(self) -> str:
        """The engine that runs the expressions, with its version."""

    def table(self, name: str) -> ibis.Table:
        """A lazy table: exchange, heads, texts, events, accounts or known."""

    def rows(self, expression: ibis.Table, limit: int = 10_000_000) -> Mapping[str, npt.NDArray[np.generic]]:
        """The columns that an expression comes to, as arrays; raises a WorkbenchError beyond so many rows."""


@runtime_checkable
class HasLogs(Protocol):
    """A Selection of a case that holds logs."""

    def logs(self) -> Logs | None:
        """The case's logs; None where it has none."""


def logs_of(selection: Selection) -> Logs | None:
    """The logs behind a Selection; None where there are none."""
    return selection.logs() if isinstance(selection, HasLogs) else None


def lazy_table(name: str) -> ibis.Table:
    """The unbound Ibis table of that name; raises KeyError for another name."""
    import ibis

    return ibis.table(dict(TABLES[name]), name=name)
