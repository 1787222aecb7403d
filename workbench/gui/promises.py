"""Actions of pages that were not made yet: the window promises them, and keeps the promise when one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from workbench.gui.frame.action_set import ActionSet
from workbench.gui.page_list import ACTS
from workbench.gui.pages.base import Page

_WITHOUT_CASE = ("verify.file", "verify.folder")
"""Actions that need no open case."""


class Promises:
    """Binds what pages will bind themselves; an action that is chosen before leads to its page, and is then done."""

    def __init__(self, acts: ActionSet, go: Callable[[str], Page | None], say: Callable[[str], None]) -> None:
        self._acts, self._go, self._say = acts, go, say

    def make(self, busy: Callable[[], str], needs_case: Callable[[], str]) -> None:
        """Promise every action of every page."""
        for key, promised in ACTS.items():
            for name in promised:
                self._acts.bind(name, partial(self._keep, key, name), busy if name in _WITHOUT_CASE else needs_case)

    def _keep(self, key: str, name: str) -> None:
        page, action = self._go(key), self._acts[name]
        if page is None or action.isEnabled():
            action.trigger()
            return

        def now() -> None:
            page.shown.disconnect(now)
            if action.isEnabled():
                action.trigger()
            else:
                self._say(action.toolTip())

        page.shown.connect(now)
