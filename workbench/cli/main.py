"""One call of the command line: read the words, do the verb, speak, return the exit code."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from workbench.cli import output
from workbench.cli.parser import build
from workbench.core.errors import Cancelled, WorkbenchError
from workbench.core.surroundings import Conditions


def _verb_in(arguments: Sequence[str]) -> str:
    """The first word that is no option: the verb, as no option before it takes a value."""
    return next((word for word in arguments if not word.startswith("-")), "")


def run(arguments: list[str], conditions: Conditions | None = None) -> int:
    """Do one verb and return its exit code (0, 1, 2, 3 or 130); conditions can be injected."""
    door = _Door(as_json=asks_for_json(arguments))
    with door:
        options = build(_verb_in(arguments)).parse_args(arguments)
        door.as_json, door.kept = options.json, getattr(options, "kept", "")
        door.case = getattr(options, "case", None)
        with suppress(ValueError):  # not the main thread: whoever runs us there cancels in another way
            signal.signal(signal.SIGINT, lambda *_: _interrupt(door.meter))
        result = options.do(options, conditions, door.meter)
        door.meter.clear()
        door.code = output.show(result, as_json=door.as_json)
    return door.code


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether words that were not understood yet ask for JSON; behind `--` stand names."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


class _Door:
    """The one place where whatever went wrong becomes words and an exit code."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.kept = ""
        self.case: Path | None = None
        self.meter = output.Meter()
        self.code = output.DONE

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.meter.close()
        match error:
            case output.UnheardError():
                self.code = output.show_unheard(error)
            case WorkbenchError():
                self.code = output.show_error(error, as_json=self.as_json)
            case Cancelled():
                self.code = output.show_cancelled(self.kept or str(error), as_json=self.as_json)
            case KeyboardInterrupt():
                self.code = output.show_cancelled(self.kept, as_json=self.as_json, at_once=True)
            case Exception():
                damaged = self._damage()
                if damaged is None:
                    self.code = output.show_bug(error, as_json=self.as_json)
                else:
                    self.code = output.show_error(damaged, as_json=self.as_json)
            case _:
                return False
        return True

    def _damage(self) -> WorkbenchError | None:
        """What is wrong with the case, where anything is: a verb that stumbles over that has no fault."""
        if self.case is None:
            return None
        from workbench.app.verify import damage_behind

        return damage_behind(self.case)


def _interrupt(meter: output.Meter) -> None:
    """Stop at the next safe point; a second interrupt stops at once."""
    if meter.stopped and not meter.closed:
        raise KeyboardInterrupt
    meter.stopped = True
