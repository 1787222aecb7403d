"""The verbs that need no open case: writing a prompt kit, and trying the method on a panel of known truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from workbench.core.progress import Progress
from workbench.gui.dialogs.kit import KitDialog
from workbench.gui.dialogs.validate import ValidatedDialog, ValidateDialog
from workbench.gui.pages.base import Desk
from workbench.gui.words import tr

if TYPE_CHECKING:
    from workbench.app.kit.kit import Kit
    from workbench.app.validation import Study

PROTOCOL = "PROTOCOL.html"


class Tools:
    """What can be done without a case, besides opening one."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk = desk
        self._parent = parent
        self.kit = desk.actions.bind("tools.kit", self._write_kit, self._busy)
        self.validate = desk.actions.bind("tools.validate", self._validate, self._busy)

    def _busy(self) -> str:
        verbs = self._desk.workspace.verbs()
        return tr("Wait until this is done: {title}.", title=verbs[0].title) if verbs else ""

    def _write_kit(self) -> None:
        dialog = KitDialog(self._desk.ask, self._parent)
        if not self._desk.ask.accepted(dialog):
            return
        folder, request = dialog.collect()

        def work(progress: Progress) -> Kit:
            from workbench.app.kit.kit import write_kit

            return write_kit(folder, request, progress)

        def done(kit: Kit) -> None:
            # The work is over only when this returns: a question here would stand before a bar that never ends.
            QTimer.singleShot(0, self._parent, lambda: self._kit_written(kit))

        self._desk.workspace.do_apart("Writing the prompt kit", work, done)

    def _kit_written(self, kit: Kit) -> None:
        self._desk.say(f"The kit is in {kit.folder}.")
        said = f"{kit.prompts:,} prompts, {kit.requests:,} requests for each model, in {kit.folder}."
        if kit.placeholder:
            said += " Put the model's name in place of MODEL-NAME in the batch files."
        question = f"{said}\n\nRead the protocol before the first request is sent."
        if self._desk.ask.yes("The kit is written", question, do="Open the protocol", leave="Close"):
            self._desk.ask.show_file(kit.folder / PROTOCOL)

    def _validate(self) -> None:
        dialog = ValidateDialog(self._desk.ask, self._parent)
        if not self._desk.ask.accepted(dialog):
            return
        wanted, conditions = dialog.collect(), self._desk.workspace.conditions

        def work(progress: Progress) -> Study:
            from workbench.app.validation import validate

            return validate((wanted.panel,), wanted.calibration, conditions, progress, out=wanted.out)

        def done(study: Study) -> None:
            self._desk.say(f"Validated on {study.result.panel}.")
            self.shown = ValidatedDialog(study, wanted.out, self._desk.ask, self._parent)
            self.shown.open()

        self._desk.workspace.do_apart(f"Validating on {wanted.panel.name}", work, done)
