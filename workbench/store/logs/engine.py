"""The embedded engine that reads usage logs: one DuckDB connection with its limits, and nothing from the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.progress import Progress, silent

if TYPE_CHECKING:
    import duckdb

MEMORY = "3GB"
THREADS = 2
_ASK_EVERY = 0.25

T = TypeVar("T")


class Engine:
    """A DuckDB connection in memory whose temporary files lie in a folder of the case.

    Raises UsageError where the extra `logs` is not installed.
    """

    def __init__(self, temporary: Path, memory: str = MEMORY, threads: int = THREADS) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise UsageError(
                "Usage logs need DuckDB.", hint="Install the extra: distillation-workbench[logs]."
            ) from error
        temporary.mkdir(parents=True, exist_ok=True)
        self.name = f"DuckDB {duckdb.__version__}"
        self._errors = duckdb.Error
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory,
                "threads": threads,
                "temp_directory": str(temporary),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

        self.connection.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """End the connection; its temporary files go with it."""
        self.connection.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, sql: str, progress: Progress = silent, fraction: float = 0.0, note: str = "") -> None:
        """Run one statement; raises Cancelled within a second of being asked to stop."""
        self._stoppable(lambda: self.connection.execute(sql), progress, fraction, note)

    def arrays(self, sql: str, limit: int, progress: Progress = silent) -> Mapping[str, npt.NDArray[np.generic]]:
        """The columns that a query gives, as arrays; null numbers are NaN, null texts None.

        Raises WorkbenchError where there are more rows than `limit`.
        """
        cut = f"SELECT * FROM ({sql}) LIMIT {limit + 1}"
        result = self._stoppable(lambda: self.connection.execute(cut).fetchnumpy(), progress, 0.0, "")
        found = {name: _filled(column) for name, column in result.items()}
        if found and len(next(iter(found.values()))) > limit:
            raise WorkbenchError(f"The question to the logs comes to more than {limit:,} rows.")
        return found

    def one(self, sql: str) -> tuple[object, ...]:
        """The first row that a query gives."""
        row = self.connection.execute(sql).fetchone()
        return tuple(row) if row is not None else ()

    def _stoppable(self, work: Callable[[], T], progress: Progress, fraction: float, note: str) -> T:
        """Work in a thread of its own and ask the progress meanwhile; the work is interrupted if it says stop."""
        progress(fraction, note)
        done: list[T] = []
        failed: list[Exception] = []

        def body() -> None:
            try:
                done.append(work())
            except self._errors as error:
                failed.append(error)

        thread = Thread(target=body, name="usage logs", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_ASK_EVERY)
                progress(fraction, note)
        except BaseException:
            self.connection.interrupt()
            thread.join()
            raise
        if failed:
            raise failed[0]
        return done[0]


def _filled(column: Any) -> npt.NDArray[np.generic]:
    """A column without a mask."""
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    if not np.ma.is_masked(column):
        return np.asarray(column.data)
    blank = np.asarray(column.mask)
    plain = np.asarray(column.data)
    if plain.dtype.kind in "iubf":
        return np.where(blank, np.nan, plain.astype(np.float64))
    filled = plain.copy() if plain.dtype.kind == "M" else plain.astype(object)
    filled[blank] = np.datetime64("NaT") if plain.dtype.kind == "M" else None
    return filled


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
