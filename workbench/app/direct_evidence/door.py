"""The verbs of direct evidence, as a session offers them: logs, markers, signals and secrets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.direct_evidence import logs, markers, signals
from workbench.app.direct_evidence.logs import LogReport, LogRequest, LogState
from workbench.app.direct_evidence.secrets import Secrets
from workbench.app.direct_evidence.signals import SignalFacts, SignalRequest
from workbench.core.errors import UsageError
from workbench.core.progress import Progress, silent

if TYPE_CHECKING:
    from workbench.core.markers import Marker
    from workbench.core.model import Json
    from workbench.store import Case


class DirectEvidence:
    """What a case holds beside answers; `changed` is called after each verb that wrote into the ledger."""

    def __init__(self, case: Case, changed: Callable[[], None]) -> None:
        self._case, self._changed = case, changed

    def add_log(self, path: Path, request: LogRequest, progress: Progress = silent) -> LogReport:
        """Take a usage log in; the same file again changes nothing."""
        report = logs.add_log(self._case, path, request, progress)
        self._changed()
        return report

    def logs(self) -> list[LogState]:
        """The usage logs of the case, in order."""
        return logs.log_states(self._case)

    def log_facts(self, progress: Progress = silent) -> Json:
        """Rows, accounts, days, gaps and shares of all logs together; raises UsageError where there are none."""
        from workbench.analyses.usage_logs.facts import log_facts
        from workbench.store.logs.engine import Engine

        with Engine(self._case.notes.folder / "temporary") as engine:
            tables = logs.tables_of(self._case, engine)
            if tables is None:
                raise UsageError("The case has no usage log.", hint="`workbench logs CASE add FILE --of maker`")
            tables.progress = progress
            return log_facts(tables)

    def add_events(self, path: Path) -> int:
        """Take in releases, bans, notices, outages and prices; gives their number."""
        number = logs.add_events(self._case, path)
        self._changed()
        return number

    def add_known(self, path: Path) -> int:
        """Take in accounts that are declared innocent, owned, or to be tested together; gives their number."""
        number = logs.add_known(self._case, path)
        self._changed()
        return number

    def pseudonym(self, account: str) -> str:
        """The pseudonym of an account, for whoever holds the case's key."""
        return logs.pseudonym_of(self._case, account)

    def make_markers(self, kind: str, number: int, out: Path, accounts: Sequence[str] = ()) -> tuple[Marker, ...]:
        """Draw markers, seal them, and write them as CSV."""
        made = markers.make_markers(self._case, kind, number, out, accounts)
        self._changed()
        return made

    def add_markers(self, path: Path) -> int:
        """Say where markers were served, or bring in those of another tool; gives their number."""
        number = markers.add_markers(self._case, path)
        self._changed()
        return number

    def marker_facts(self) -> list[tuple[str, str, str]]:
        """Id, kind and time of the seal of every marker."""
        planted = markers.planted_markers(self._case)
        return [(one.marker.id, one.marker.kind, one.sealed) for one in planted]

    def set_signal(self, request: SignalRequest) -> SignalFacts:
        """Say of a keyed signal what is public of it, and seal that with the commitment to its key."""
        found = signals.set_signal(self._case, request)
        self._changed()
        return found

    def signals(self) -> list[SignalFacts]:
        """The keyed signals of the case, in order; of each name the last."""
        return signals.signals_of(self._case)

    def secret_names(self) -> list[str]:
        """The names of the secrets that are kept for this case."""
        return Secrets(self._case).names()

    def keep_secret(self, name: str, value: bytes) -> None:
        """Keep a secret outside the case."""
        Secrets(self._case).put(name, value)
        self._changed()

    def forget_secret(self, name: str) -> None:
        """Remove a secret from this machine, in the open."""
        Secrets(self._case).forget(name)
        self._changed()

    @property
    def notice(self) -> str:
        """What must be said of how secrets are kept on this machine; empty where the keyring keeps them."""
        return Secrets(self._case).notice
