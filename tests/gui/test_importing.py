"""Importing through the window: live preview, dry run, saved mappings, folders, several files at once."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.inside import case_of
from workbench.core.errors import Cancelled
from workbench.gui.dialogs.import_files import ImportDialog
from workbench.gui.dialogs.import_report import ImportReportDialog

"""The journeys and the pages' own tests try the same dialogs daily."""

KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"


def odd(path: Path, count: int = 5, *more: object) -> Path:
    """A file of no known format, in which the last records are more."""
    records = [{"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."]} for n in range(count)]
    path.write_text("".join(json.dumps(record) + "\n" for record in [*records, *more]), encoding="utf-8")
    return path


def known(path: Path, model: str) -> Path:
    """A file of a known format."""
    records = [{"instruction": f"Say {n}", "output": f"{n}.", "generator": model, "dataset": "d"} for n in range(3)]
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def _map(dialog: ImportDialog) -> None:
    dialog.mapping.choices["prompt"].setCurrentText("ask.q")
    dialog.mapping.choices["response"].setCurrentText("reply.0")


def _close_report(window) -> str:
    report = window.at.corpora.findChildren(ImportReportDialog)[-1]
    said = str(report.summary.text())
    report.close()
    return said


def _dropped(window, spin, paths: list[Path]) -> str:
    window.take_dropped(paths)
    spin(lambda: window.workspace.jobs.idle and bool(window.at.corpora.findChildren(ImportReportDialog)), 30)
    return _close_report(window)


def test_the_preview_follows_the_mapping_and_the_dry_run_counts(window, answers, tmp_path: Path, spin) -> None:
    path = odd(tmp_path / "odd.jsonl", 5, {"ask": {"q": "What is 0?"}, "reply": ["It is 0."]}, {"ask": {}})
    seen: list[str] = []

    def fill(dialog: ImportDialog) -> None:
        trial = dialog.trial
        offered = [dialog.mapping.choices["prompt"].itemText(at) for at in range(3)]
        assert offered == ["", "ask", "ask.q"]
        # What the dialog guessed by content is said to be unsure for as long as it is left.
        assert dialog.mapping.mapping() == {"prompt": "ask.q", "response": "reply.0"}
        assert "Not sure of Answer (reply.0): " in dialog.mapping.unsure.text()
        dialog.mapping.choices["response"].setCurrentText("")
        assert "Answer" not in dialog.mapping.unsure.text()
        spin(lambda: not trial.waiting)
        assert "has to say where the answer stands" in trial.said.text()
        assert not trial.run.isEnabled()
        _map(dialog)
        spin(lambda: trial.table.rows.rowCount() == 7)
        assert trial.table.rows.row_at(1)[1:4] == ("What is 1?", None, "It is 1.")
        assert "1 would be rejected" in trial.said.text()
        dialog.mapping.choices["response"].setCurrentText("reply.7")
        spin(lambda: "No record has “reply.7”" in trial.said.text())
        assert trial.table.rows.rowCount() == 0
        dialog.mapping.choices["response"].setCurrentText("reply.0")
        spin(lambda: trial.table.rows.rowCount() == 7)
        trial.run.click()
        spin(lambda: not trial.waiting)
        seen.append(trial.counts.text())

    answers.given = [fill]
    said = _dropped(window, spin, [path])
    assert "7 records: 5 accepted, 1 rejected, 1 duplicate. Nothing was kept." in seen[0]
    assert "7 records in 1 file: 5 accepted, 1 rejected, 1 duplicate." in said


def test_records_in_one_object_are_found_and_can_be_looked_for_elsewhere(window, answers, tmp_path: Path, spin) -> None:
    path = tmp_path / "held.json"
    first, second = ([{"question": f"Why {n}?", "reply": f"So {n}."} for n in range(count)] for count in (2, 3))
    path.write_text(json.dumps({"results": first, "more": {"results": second}}), encoding="utf-8")
    seen: list[str] = []

    def fill(dialog: ImportDialog) -> None:
        table = dialog.trial.table
        assert dialog.mapping.mapping() == {"records": "results", "prompt": "question", "response": "reply"}
        spin(lambda: table.rows.rowCount() == 2)
        assert [at for at in range(8) if not table.isColumnHidden(at)] == [0, 1, 3]
        dialog.mapping.choices["response"].setCurrentText("replay")
        spin(lambda: "Did you mean “reply”?" in dialog.trial.said.text())
        dialog.mapping.choices["response"].setCurrentText("reply")
        dialog.mapping.choices["records"].setCurrentText("nowhere")
        spin(lambda: "no list and no object at “nowhere”" in dialog.trial.said.text())
        dialog.mapping.choices["records"].setCurrentText("more.results")
        spin(lambda: table.rows.rowCount() == 3)
        seen.append(dialog.trial.said.text())

    answers.given = [fill]
    assert "3 records in 1 file: 3 accepted" in _dropped(window, spin, [path])
    assert seen[0].startswith("The first 3 records as they would be read.")


def test_no_two_fields_of_the_reading_page_share_a_letter(window, answers, tmp_path: Path, spin) -> None:
    letters: list[str] = []

    def look(dialog: ImportDialog) -> None:
        shown = [*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton)]
        marked = [w.text() for w in shown if w.isVisibleTo(dialog) and (isinstance(w, QAbstractButton) or w.buddy())]
        letters.extend(text[text.index("&") + 1].lower() for text in marked if "&" in text)

    path = tmp_path / "held.json"
    path.write_text(json.dumps({"results": [{"question": "Why?", "reply": "So."}] * 2}), encoding="utf-8")
    answers.given = [look]
    _dropped(window, spin, [path])
    assert len(letters) > 10
    assert sorted(set(letters)) == sorted(letters)


def test_the_next_file_of_its_kind_is_filled_in_as_the_last(window, answers, tmp_path: Path, spin) -> None:
    answers.given = [_map]
    _dropped(window, spin, [odd(tmp_path / "first.jsonl")])
    seen: list[dict[str, str]] = []
    answers.given = [lambda dialog: seen.append(dialog.mapping.mapping())]
    _dropped(window, spin, [odd(tmp_path / "second.jsonl", 6)])
    assert seen == [{"prompt": "ask.q", "response": "reply.0"}]


def test_a_dry_run_is_stopped_and_keeps_nothing(window, answers, tmp_path: Path, spin, monkeypatch) -> None:
    at_work = threading.Event()

    def slow(path: Path, request: object, progress, *, case: object) -> None:
        at_work.set()
        while True:
            progress(0.4)
            time.sleep(0.001)

    monkeypatch.setattr("workbench.app.importing.dry_run.dry_run", slow)

    def fill(dialog: ImportDialog) -> None:
        dialog.trial.run.click()
        spin(at_work.is_set)
        assert not dialog.trial.stop.isHidden()
        dialog.trial.stop.click()
        spin(lambda: not dialog.trial.waiting)
        assert dialog.trial.counts.text() == "The dry run was stopped."
        dialog.finished.emit(0)

    answers.given = [fill]
    _dropped(window, spin, [known(tmp_path / "a.json", "a")])
    assert [c.name for c in window.workspace.session.corpora()] == ["a"]


def test_secrets_are_masked_in_the_preview(window, answers, tmp_path: Path, spin) -> None:
    path = odd(tmp_path / "odd.jsonl", 1, {"ask": {"q": f"Is {KEY} right?"}, "reply": [f"Use {KEY}."]})
    seen: list[str] = []

    def fill(dialog: ImportDialog) -> None:
        _map(dialog)
        spin(lambda: dialog.trial.table.rows.rowCount() == 2)
        seen.append(str(dialog.trial.table.rows.row_at(1)))

    answers.given = [fill]
    _dropped(window, spin, [path])
    assert KEY not in seen[0]
    assert "Use " in seen[0]


def test_known_files_are_asked_for_once_and_unknown_ones_by_kind(window, answers, tmp_path: Path, spin) -> None:
    paths = [known(tmp_path / "a.json", "a"), odd(tmp_path / "o.jsonl"), known(tmp_path / "b.json", "b")]
    asked: list[tuple[str, bool]] = []

    def fill(dialog: ImportDialog) -> None:
        asked.append((dialog.windowTitle(), dialog.mapped.isChecked()))
        assert not window.workspace.busy, "nothing begins, and no report comes, before all is asked"
        if dialog.mapped.isChecked():
            _map(dialog)

    answers.given = [fill, fill]
    window.take_dropped(paths)
    spin(lambda: len(window.at.corpora.findChildren(ImportReportDialog)) == 2 and window.workspace.jobs.idle)
    assert asked == [("Import answers", False), ("Import answers with a mapping", True)]
    assert sorted(c.name for c in window.workspace.session.corpora()) == ["a", "b", "o"]
    for report in window.at.corpora.findChildren(ImportReportDialog):
        report.close()


def test_one_bad_file_of_several_stops_none_of_the_others(window, answers, tmp_path: Path, spin) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('[{"instruction": "x", "output": 5, "generator": "bad"}]', encoding="utf-8")
    answers.given = [lambda dialog: None]
    said = _dropped(window, spin, [known(tmp_path / "a.json", "a"), bad, known(tmp_path / "b.json", "b")])
    assert "Not taken in: bad.json" in said
    assert [c.name for c in window.workspace.session.corpora()] == ["a", "b"]


def test_what_can_not_be_read_is_said_when_all_is_asked(window, answers, tmp_path: Path, spin) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    said: list[str] = []
    answers.given = [lambda dialog: said.append(window.trouble.shown)]
    _dropped(window, spin, [empty, known(tmp_path / "a.json", "a")])
    assert said == [""]
    assert "empty.jsonl" in window.trouble.shown


def test_a_corpus_is_set_aside_with_its_reason_alone(window, answers, tmp_path: Path, spin) -> None:
    def fill(dialog: ImportDialog) -> None:
        assert not dialog.why_aside.isVisibleTo(dialog)
        dialog.role.setCurrentText("set aside")
        assert dialog.why_aside.isVisibleTo(dialog)
        dialog.go.click()
        assert dialog.error.text() == "Setting a corpus aside needs a reason."
        spin(lambda: dialog.trial.table.rows.rowCount() == 3)
        dialog.why_aside.setText("of another matter")

    answers.given = [fill]
    _dropped(window, spin, [known(tmp_path / "a.json", "a")])
    (corpus,) = window.workspace.session.corpora()
    assert (str(corpus.role), corpus.note) == ("aside", "of another matter")


def test_many_notices_can_be_read_whole(window, answers, tmp_path: Path, spin) -> None:
    answers.given = [lambda dialog: None]
    window.take_dropped([known(tmp_path / f"{n}.json", f"model-{n}") for n in range(9)])
    spin(lambda: window.workspace.jobs.idle and bool(window.at.corpora.findChildren(ImportReportDialog)), 30)
    report = window.at.corpora.findChildren(ImportReportDialog)[-1]
    assert "There are 9 notices, on their own tab." in report.summary.text()
    assert "8.json: Unknown of model-8: developer, release date (the date gate is" in report.notices.toPlainText()
    report.close()


def test_a_dry_run_of_several_files_says_which_one_it_speaks_of(window, answers, tmp_path: Path, spin) -> None:
    seen: list[str] = []

    def fill(dialog: ImportDialog) -> None:
        _map(dialog)
        spin(lambda: not dialog.trial.waiting)
        dialog.trial.start()
        spin(lambda: not dialog.trial.waiting)
        seen.append(dialog.trial.counts.text())

    answers.given = [fill]
    _dropped(window, spin, [odd(tmp_path / "o.jsonl", 5), odd(tmp_path / "p.jsonl", 5, {"ask": {}})])
    assert "\np.jsonl: record 6, " in seen[0]


def test_a_stopped_import_is_seen_in_the_ledger_at_once(window, answers, tmp_path: Path, spin, monkeypatch) -> None:
    from workbench.store import Intake

    def stopped(self: Intake, **more: object) -> None:
        raise Cancelled

    monkeypatch.setattr(Intake, "finish", stopped)
    window.go("overview")
    spin(lambda: window.workspace.jobs.idle)
    before = window.index.lines
    answers.given = [lambda dialog: None]
    window.at.corpora.import_paths([known(tmp_path / "a.json", "a")])
    spin(lambda: window.index.lines == before + 1)
    spin(lambda: window.workspace.jobs.idle)


def test_a_folder_is_imported_as_one_source(window, answers, tmp_path: Path, spin) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("a", "b"):
        known(folder / f"{name}.json", name)
    seen: list[str] = []

    def fill(dialog: ImportDialog) -> None:
        dialog.trial.follow(dialog.collect())
        dialog.trial.start()
        spin(lambda: not dialog.trial.waiting)
        seen.append(dialog.trial.counts.text())

    answers.given = [folder, fill]
    window.at.corpora.import_folder.trigger()
    spin(lambda: window.workspace.jobs.idle and bool(window.at.corpora.findChildren(ImportReportDialog)), 30)
    assert "6 records: 6 accepted" in seen[0]
    assert "6 records in 1 file: 6 accepted" in _close_report(window)
    assert [source.name for source in case_of(window.workspace.session).sources()] == ["many.zip"]


def test_prompts_that_are_dropped_beside_their_answers_are_joined(window, answers, tmp_path: Path, spin) -> None:
    questions, given = tmp_path / "question.jsonl", tmp_path / "answers.jsonl"
    questions.write_text(json.dumps({"question_id": 1, "turns": ["Why?"]}) + "\n", encoding="utf-8")
    record = {"question_id": 1, "model_id": "m", "choices": [{"index": 0, "turns": ["Because."]}]}
    given.write_text(json.dumps(record) + "\n", encoding="utf-8")
    answers.given = [lambda dialog: None]
    said = _dropped(window, spin, [questions, given])
    assert "1 accepted" in said
    assert "no prompt" not in said
    assert case_of(window.workspace.session).words.answer(1).prompt == "Why?"


def test_prompts_alone_are_refused_with_what_to_do(window, tmp_path: Path, spin) -> None:
    path = tmp_path / "question.jsonl"
    path.write_text(json.dumps({"question_id": 1, "turns": ["Why?"]}) + "\n", encoding="utf-8")
    window.take_dropped([path])
    spin(lambda: "holds prompts, no answers" in window.trouble.shown)
    assert "--" not in window.trouble.shown


def test_an_encoding_is_overruled(window, answers, tmp_path: Path, spin) -> None:
    path = tmp_path / "a.json"
    text = json.dumps(
        [{"instruction": "Слово?", "output": "Да.", "generator": "a", "dataset": "d"}], ensure_ascii=False
    )
    path.write_bytes(text.encode("windows-1251"))

    def fill(dialog: ImportDialog) -> None:
        dialog.encoding.setCurrentText("windows-1251")
        spin(lambda: dialog.trial.table.rows.rowCount() == 1 and dialog.trial.table.rows.row_at(0)[3] == "Да.")

    answers.given = [fill]
    said = _dropped(window, spin, [path])
    assert "as named by “Encoding”" in said
    assert case_of(window.workspace.session).words.answer(1).text == "Да."


def test_a_training_set_is_asked_for_apart_and_set_aside(window, answers, tmp_path: Path, spin) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps([{"instruction": f"Say {n}", "input": "", "output": f"{n}."} for n in range(3)]))
    asked: list[tuple[str, bool]] = []

    def fill(dialog: ImportDialog) -> None:
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        asked.append((dialog.role.currentText(), "it is set aside unless you choose another role" in said))

    answers.given = [fill, fill]
    window.take_dropped([known(tmp_path / "a.json", "a"), path])
    spin(lambda: len(window.at.corpora.findChildren(ImportReportDialog)) == 2 and window.workspace.jobs.idle)
    assert asked == [("as stored, or control", False), ("as stored, or set aside", True)]
    assert {c.name: str(c.role) for c in window.workspace.session.corpora()} == {"a": "control", "set": "aside"}


def test_a_corpus_with_the_name_of_its_file_is_said_to_have_it(window, answers, tmp_path: Path, spin) -> None:
    seen: list[str] = []

    def leave(dialog: ImportDialog) -> None:
        spin(lambda: dialog.trial.table.rows.rowCount() > 0)
        seen.append(dialog.trial.said.text())

    def name(dialog: ImportDialog) -> None:
        dialog.model.setText("late")
        leave(dialog)

    answers.given = [leave, name, leave]
    said = _dropped(window, spin, [odd(tmp_path / "odd.jsonl")])
    assert "odd has the name of its file, for its records name no model." in said
    assert "set it aside (Correct, on the page Corpora) and import the file again" in said
    assert "has the name of its file" not in _dropped(window, spin, [odd(tmp_path / "late.jsonl", 4)])
    assert "has the name of its file" not in _dropped(window, spin, [known(tmp_path / "a.json", "a")])
    assert "They name no model: without a name under “Model” the corpus is called odd." in seen[0]
    assert [said for said in seen[1:] if "name no model" in said] == []
