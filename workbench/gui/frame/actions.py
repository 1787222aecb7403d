"""The one table of what can be done: menus, shortcuts, the palette and the shortcut sheet are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workbench.gui.words import mark


class Menu(Enum):
    """The menus, in their order."""

    FILE = mark("&File")
    EDIT = mark("&Edit")
    VIEW = mark("&View")
    CORPORA = mark("&Corpora")
    ANALYSES = mark("&Analyses")
    EVIDENCE = mark("Evide&nce")
    HELP = mark("&Help")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done: its key, words with mnemonic, what it does, its menu and its shortcut.

    `letters` says that the shortcut is a single letter, which works in lists alone and can be switched off.
    """

    key: str
    said: str
    help: str
    menu: Menu
    keys: str = ""
    icon: str = ""
    letters: bool = False
    starts_group: bool = False


_PAGES = (
    ("overview", mark("Overview"), mark("The question, how far the case is, and what it says so far"), "compass"),
    ("corpora", mark("Corpora"), mark("Whose answers are in the case, and in which role"), "layers"),
    ("answers", mark("Answers"), mark("Search and compare answers, down to their bytes"), "answer"),
    ("documents", mark("Documents"), mark("Allegations, denials, terms and contracts"), "document"),
    ("plan", mark("Plan"), mark("What shall be run, locked before any result"), "plan"),
    ("analyses", mark("Analyses"), mark("What can be asked of this material, and running it"), "scales"),
    ("findings", mark("Findings"), mark("What was found, how sure, and what would change it"), "chart"),
    ("map", mark("Map of models"), mark("Who resembles whom"), "tree"),
    ("exhibits", mark("Exhibits"), mark("What is shown of the case, numbered and reviewed"), "bookmark"),
    ("packs", mark("Packs"), mark("Packs that were exported, and verifying any pack"), "box"),
    ("ledger", mark("Ledger"), mark("Every act in its line, chained by hashes"), "ledger"),
    ("library", mark("Library"), mark("All cases on this computer"), "home"),
    ("report", mark("Report"), mark("The report as it will be printed"), "document"),
    ("settings", mark("Settings"), mark("Examiner, looks, times, folders and keys"), "settings"),
    ("help", mark("Manual and glossary"), mark("The manual, the words and the keys"), "help"),
)
_NUMBERED = 10

PAGES: tuple[Act, ...] = tuple(
    Act(f"page.{key}", said, help_, Menu.VIEW, f"Ctrl+{(at + 1) % 10}" if at < _NUMBERED else "", icon)
    for at, (key, said, help_, icon) in enumerate(_PAGES)
)

ACTIONS: tuple[Act, ...] = (
    Act("case.new", mark("&New case…"), mark("Make a case"), Menu.FILE, "Ctrl+N", "add"),
    Act("case.open", mark("&Open folder…"), mark("Open a case that is there"), Menu.FILE, "Ctrl+O", "folder"),
    Act(
        "case.sample",
        mark("Try the &sample case…"),
        mark("Make a case of invented answers and run the main job on it"),
        Menu.FILE,
        "Ctrl+Shift+S",
        "case",
    ),
    Act("case.close", mark("&Close case"), mark("Close the case, keep the window"), Menu.FILE, "Ctrl+W", "close"),
    Act(
        "case.instructions",
        mark("Matter and &instructions"),
        mark("State who asked for the examination, for which matter and in which words"),
        Menu.FILE,
        icon="pen",
    ),
    Act(
        "case.backup",
        mark("&Back up the case…"),
        mark("Write the whole case into one file"),
        Menu.FILE,
        icon="save",
        starts_group=True,
    ),
    Act(
        "window.settings",
        mark("Se&ttings"),
        mark("Examiner, looks, folders and keys"),
        Menu.FILE,
        "Ctrl+,",
        "settings",
        starts_group=True,
    ),
    Act("window.quit", mark("&Quit"), mark("Close the case and the window"), Menu.FILE, "Ctrl+Q", starts_group=True),
    Act(
        "edit.undo", mark("&Undo"), mark("Undo the last change, with a line in the ledger"), Menu.EDIT, "Ctrl+Z", "undo"
    ),
    Act(
        "window.palette",
        mark("Search or &do anything…"),
        mark("Find a model, a finding, a command or a term"),
        Menu.EDIT,
        "Ctrl+K",
        "search",
        starts_group=True,
    ),
    Act(
        "answers.find",
        mark("&Find in the answers…"),
        mark("Search all answers for words"),
        Menu.EDIT,
        "Ctrl+F",
        "search",
    ),
    Act("answers.before", mark("Prompt bef&ore"), mark("The prompt before this one"), Menu.VIEW, "Alt+Up"),
    Act("answers.after", mark("Prompt af&ter"), mark("The prompt after this one"), Menu.VIEW, "Alt+Down"),
    Act("answers.raw", mark("Ra&w bytes"), mark("Show or hide the bytes behind the answer"), Menu.VIEW, "Ctrl+B"),
    Act("page.filter", mark("Fi&lter this page"), mark("Go to the filter of the page"), Menu.EDIT, "/", letters=True),
    Act(
        "exhibit.make",
        mark("Make e&xhibit"),
        mark("Number what is chosen and put it into the report"),
        Menu.EDIT,
        "Ctrl+E",
        "bookmark",
        starts_group=True,
    ),
    Act(
        "answers.mark",
        mark("Mar&k the answer"),
        mark("Mark the answer that has the focus, or take the mark off"),
        Menu.EDIT,
        "M",
        "pin",
        letters=True,
    ),
    Act(
        "answers.looked_at",
        mark("L&ooked at"),
        mark("Say that you looked at the answer, or take that back"),
        Menu.EDIT,
        "L",
        "eye",
        letters=True,
    ),
    Act(
        "view.back", mark("&Back"), mark("The page before, as it was"), Menu.VIEW, "Alt+Left", "left", starts_group=True
    ),
    Act("view.forward", mark("&Forward"), mark("The page that was left with Back"), Menu.VIEW, "Alt+Right", "right"),
    Act("view.inspector", mark("&Inspector"), mark("Show or hide the facts at the right"), Menu.VIEW, "F4", "panel"),
    Act("view.next_pane", mark("Next &pane"), mark("Go to the next part of the window"), Menu.VIEW, "F6"),
    Act("view.refresh", mark("&Read again"), mark("Read what this page shows again"), Menu.VIEW, "F5"),
    Act(
        "view.larger",
        mark("Text &larger"),
        mark("Make all texts larger"),
        Menu.VIEW,
        "Ctrl++",
        "zoom",
        starts_group=True,
    ),
    Act("view.smaller", mark("Text &smaller"), mark("Make all texts smaller"), Menu.VIEW, "Ctrl+-"),
    Act("view.normal", mark("Text at 100 &%"), mark("Put all texts back to their size"), Menu.VIEW, "Ctrl+Alt+0"),
    Act("view.theme", mark("&Dark or light"), mark("Change between the dark and the light theme"), Menu.VIEW),
    Act(
        "corpora.import",
        mark("&Import…"),
        mark("Take in files of answers or a panel"),
        Menu.CORPORA,
        "Ctrl+I",
        "import",
    ),
    Act(
        "corpora.import_folder",
        mark("Import a &folder…"),
        mark("Take in all files of a folder as one source"),
        Menu.CORPORA,
        "Ctrl+Shift+I",
        "folder",
    ),
    Act("corpora.join", mark("&Join prompts…"), mark("Join a question file that came later, by its ids"), Menu.CORPORA),
    Act(
        "import.resume",
        mark("&Go on with the import"),
        mark("Go on from the last batch that was stored"),
        Menu.CORPORA,
        starts_group=True,
    ),
    Act("import.discard", mark("&Discard the import…"), mark("Drop what was taken in so far"), Menu.CORPORA),
    Act(
        "corpora.examine",
        mark("Exa&mine"),
        mark("Look at every answer once: languages, refusals, duplicates, secrets"),
        Menu.CORPORA,
        "Ctrl+Shift+X",
        "eye",
        starts_group=True,
    ),
    Act(
        "corpora.correct",
        mark("State fac&ts…"),
        mark("State or mend what is known of the chosen corpus, with a reason"),
        Menu.CORPORA,
        "Ctrl+Shift+F",
        "pen",
    ),
    Act(
        "tools.kit",
        mark("Make a collection &kit…"),
        mark("Write the prompts and forms with which answers are collected"),
        Menu.CORPORA,
        icon="case",
        starts_group=True,
    ),
    Act(
        "documents.add",
        mark("Add a docume&nt…"),
        mark("Take in an allegation, a denial, terms or a model card"),
        Menu.CORPORA,
        "Ctrl+Shift+D",
        "document",
        starts_group=True,
    ),
    Act(
        "documents.quote",
        mark("&Quote the selection"),
        mark("Keep the selected words of a document as a clause, with their place"),
        Menu.CORPORA,
        "Ctrl+Shift+Q",
        "answer",
    ),
    Act("documents.open", mark("Open the doc&ument"), mark("Show a copy of the file"), Menu.CORPORA),
    Act("documents.retract", mark("&Retract the document…"), mark("Strike a document, with a reason"), Menu.CORPORA),
    Act("run.run", mark("&Run"), mark("Run the analysis as it is set"), Menu.ANALYSES, "Ctrl+Return", "run"),
    Act(
        "plan.run", mark("Run what is &planned"), mark("Run all that the locked plan names"), Menu.ANALYSES, icon="run"
    ),
    Act(
        "plan.lock",
        mark("&Lock the plan…"),
        mark("Write the plan into the ledger, before any result"),
        Menu.ANALYSES,
        icon="lock",
        starts_group=True,
    ),
    Act("plan.open", mark("&Open a plan file…"), mark("Fill the draft from a file"), Menu.ANALYSES),
    Act("plan.save", mark("&Save as a file…"), mark("Write the draft to a file"), Menu.ANALYSES),
    Act(
        "tools.validate",
        mark("&Validate a method…"),
        mark("Try an analysis on models whose truth is known"),
        Menu.ANALYSES,
        icon="scales",
        starts_group=True,
    ),
    Act(
        "finding.copy",
        mark("&Copy sentence"),
        mark("Put the finding's sentence on the clipboard"),
        Menu.EVIDENCE,
        icon="copy",
    ),
    Act(
        "finding.save",
        mark("&Save the chart…"),
        mark("Write the chart as SVG, PNG or PDF"),
        Menu.EVIDENCE,
        "Ctrl+S",
        "save",
    ),
    Act(
        "finding.withdraw",
        mark("&Withdraw…"),
        mark("Mark the chosen finding as withdrawn, with a reason"),
        Menu.EVIDENCE,
    ),
    Act(
        "exhibits.propose",
        mark("Propose exh&ibits by the rule…"),
        mark("Show which passages the written rule picks, and the same rule put to every model"),
        Menu.EVIDENCE,
        icon="scales",
        starts_group=True,
    ),
    Act(
        "exhibits.check",
        mark("C&hecked exhibit"),
        mark("Say in your own name that the chosen exhibit is right"),
        Menu.EVIDENCE,
        "K",
        "ok",
        letters=True,
    ),
    Act(
        "exhibits.dispute",
        mark("&Dispute the exhibit…"),
        mark("Say in your own name what is wrong with the chosen exhibit"),
        Menu.EVIDENCE,
        "D",
        "flag",
        letters=True,
    ),
    Act(
        "exhibits.earlier",
        mark("Exhibit &up"),
        mark("Put the chosen exhibit one place earlier in the report"),
        Menu.EVIDENCE,
        "Ctrl+Shift+Up",
        "up",
    ),
    Act(
        "exhibits.later",
        mark("Exhibit dow&n"),
        mark("Put the chosen exhibit one place later in the report"),
        Menu.EVIDENCE,
        "Ctrl+Shift+Down",
        "down",
    ),
    Act(
        "exhibits.withdraw",
        mark("Withdraw &exhibit…"),
        mark("Take the chosen exhibit out of the report, with a reason"),
        Menu.EVIDENCE,
        icon="aside",
    ),
    Act(
        "exhibits.restore",
        mark("Put exhibit &back"),
        mark("Put a withdrawn exhibit back into the report"),
        Menu.EVIDENCE,
        icon="undo",
    ),
    Act(
        "pack.export",
        mark("E&xport a pack…"),
        mark("Write an evidence pack"),
        Menu.EVIDENCE,
        "Ctrl+Shift+E",
        "export",
        starts_group=True,
    ),
    Act("pack.rebuild", mark("&Rebuild…"), mark("Write the chosen pack again, byte for byte"), Menu.EVIDENCE),
    Act(
        "verify.case",
        mark("&Verify this case"),
        mark("Check originals, answers and ledger"),
        Menu.EVIDENCE,
        icon="ok",
        starts_group=True,
    ),
    Act(
        "verify.file",
        mark("Verify a &pack file…"),
        mark("Check a pack as it was handed over"),
        Menu.EVIDENCE,
        icon="ok",
    ),
    Act("verify.folder", mark("Verify a fo&lder…"), mark("Check an unpacked pack, or another case"), Menu.EVIDENCE),
    Act("help.page", mark("&Help on this page"), mark("Say what this page is for"), Menu.HELP, "F1", "help"),
    Act("help.keys", mark("&Keyboard shortcuts"), mark("All keys on one sheet"), Menu.HELP, "Shift+F1", "lines"),
    Act("help.about", mark("&About"), mark("Say what this program is"), Menu.HELP, icon="info", starts_group=True),
)
