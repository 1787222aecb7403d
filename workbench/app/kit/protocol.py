"""The collection protocol: one sheet that says how answers are collected, and what is written down meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.app.kit.battery import kinds
from workbench.core.hashing import sha256_text
from workbench.core.text import one_line

if TYPE_CHECKING:
    from workbench.app.kit.planned_kit import KitPlan
    from workbench.evidence.report.document import Block, Document, Grid, Pairs

_FOR = {
    "prompts.jsonl": "The prompts with their ids: what answers are joined with (--prompts). Keep it with the answers.",
    "answer_key.jsonl": "The right answers of the prompts that have one, for grading. Never sent.",
    "openai_batch.jsonl": "Batch input for OpenAI's interface; limits the output by max_completion_tokens.",
    "compatible_batch.jsonl": "The same for services that imitate it; limits the output by max_tokens.",
    "anthropic_batch.json": "The body of a request to create a message batch at Anthropic's interface.",
    "answer_sheet.jsonl": "One line a request, in the order of sending, for a program of your own to fill.",
    "prompts.csv": "The prompts as a table, for reading.",
    "answer_sheet.csv": "One row a request, in the order of sending, to be filled by hand.",
    "PROTOCOL.html": "This sheet.",
    "PROTOCOL.md": "This sheet as text.",
    "manifest.json": "The options of this kit, and the size and SHA-256 of each file.",
}
_LENGTHS = ("short", "medium", "long")
_PIECE = "\N{NO-BREAK SPACE}" * 24
_BLANK = f"{_PIECE} {_PIECE}"
_ENTRY = 2 * _PIECE
"""Room to write by hand: pieces that keep a column wide, and a row two lines high where it is narrow."""

_RULES = (
    "Ask every model all requests of this kit: the suspect, the protected model and at least 19 controls.",
    "Ask all of them on the same day. Where that can't be done, take turns: a share of the requests to each model, "
    "then the next share, so that no model has a week of its own.",
    "Send the requests in the order of the files. It was drawn at random once, and is the same for all models.",
    "Each request is a conversation of its own: no memory, no files, no search, no tools, no earlier turns.",
    "Send the prompt as it stands: nothing before it, nothing behind it, no translation.",
    "Change no setting between models. What an interface does not let you set, write down.",
)
_RETRIES = (
    "An answer that is refused, empty, cut off, odd or in the wrong language is an answer. It is kept.",
    "Send a request again only when no answer arrived at all: the connection broke, or the service said that it was "
    "busy or failed. Three times at most, unchanged, and each attempt is written down.",
    "Never send a request again since its answer displeases, and never choose between two answers.",
    "Stop for all models or for none. What was left out is said, with the reason.",
)
_RAW = (
    "Keep every response byte for byte as the service sent it, with its headers if you can. Do not open and save it "
    "in a spreadsheet or an editor.",
    "Compute its SHA-256 at once and write it into the record: sha256sum FILE (Linux), shasum -a 256 FILE (macOS), "
    "certutil -hashfile FILE SHA256 (Windows).",
    "Make a second copy on another medium before you do anything else with it.",
    "Never write an API key, a cookie or a password into a record, a file name or a screenshot.",
)
_RECORD = (
    ("Model asked for", "the name in the request, letter by letter"),
    ("Model as returned", "every name that the responses state, with how often"),
    ("Who it is in the matter", "suspect, protected, control, base, sibling"),
    ("Endpoint", "the whole URL, and the version of the interface"),
    ("Region", "of the service and of the sender; network or proxy in between"),
    ("Account", "holder, organisation, kind of plan; not the key"),
    ("Terms of use", "version or date as accepted, and a copy of them"),
    ("Begun", "date and time with time zone"),
    ("Ended", "date and time with time zone"),
    ("Settings", "all that were sent, and those known to be defaults"),
    ("Thinking or effort mode", "on, off, level, or not offered"),
    ("System prompt", "none, or its whole text"),
    ("Tool", "name and version of the program or library that sent the requests; browser, if by hand"),
    ("Batch or job ids", "as the service gave them"),
    ("Requests", "sent, answered, failed; attempts beyond the first"),
    ("Raw file", "name, size in bytes, SHA-256"),
    ("Manifest of this kit", "SHA-256 of manifest.json"),
    ("Departures from this sheet", "what, why, for which models"),
    ("Collected by", "name, position, signature"),
    ("Witnessed by", "name, position, signature"),
)
_LIMITS = (
    "A chat window or an app adds instructions of its own, which no one outside sees. Prefer an interface for "
    "programs, and where only a window is to be had, collect all models through theirs and say so.",
    "A maker can change what a name stands for from one day to the next. The returned name and the time are the only "
    "trace.",
    "A service between you and the model may shorten, filter or cache. Ask the model's own maker where you can.",
    "What a model says about who it is proves nothing by itself: models have learned such sentences from the web.",
)


def as_html(plan: KitPlan, files: Sequence[str]) -> bytes:
    """The sheet as one page that needs nothing else; it prints on A4."""
    from workbench.evidence.report.html import to_html

    return to_html(_document(plan, files)).encode()


def as_markdown(plan: KitPlan, files: Sequence[str]) -> bytes:
    """The same sheet as Markdown, which reads as plain text too."""
    document = _document(plan, files)
    parts = [f"# {document.title}", *(_marked(block) for block in (*document.cover, *document.blocks))]
    return ("\n\n".join(parts) + "\n").encode()


def _document(plan: KitPlan, files: Sequence[str]) -> Document:
    from workbench.evidence.report.document import Bullets, Document, Heading, Notice, Paragraph

    lead = (
        f"{len(plan.prompts)} prompts, {len(plan.asked):,} requests for each model. Whoever collects answers follows "
        "this sheet and fills one record for each model. What differs between two models should be the model, and "
        "nothing else."
    )
    blocks: tuple[Block, ...] = (
        Heading(1, "What is in the folder"),
        _files(files),
        Heading(1, "The rules"),
        Bullets(_RULES, "numbered"),
        Heading(1, "Settings, the same for all models"),
        _settings(plan),
        Heading(1, "How many samples"),
        Paragraph(
            "A sample is one answer to one prompt. Where a single answer says little, such as a number between 1 and "
            "100, many are taken. All samples are kept and counted; none is picked out. Of the answers, short ones "
            "are to be expected to have a few lines, medium ones up to a page, long ones more."
        ),
        _samples(plan),
        Heading(1, "When something goes wrong"),
        Bullets(_RETRIES),
        Heading(1, "What the service sent"),
        Bullets(_RAW),
        Heading(1, "The record: one for each model"),
        _record(),
        Heading(1, "Chain of custody"),
        _custody(),
        Heading(1, "Bringing the answers in"),
        *_bringing(files),
        Heading(1, "What this can't exclude"),
        Bullets(_LIMITS),
    )
    notice = Notice(
        "Before you begin",
        "Decide which model is the suspect, which is protected and which are controls, and write it down, before the "
        "first answer is read. Check that the terms of each service allow the collection, or that a court or a "
        "contract does.",
    )
    title = "Collecting answers: the protocol"
    return Document(
        title, "Prompt kit of the Distillation Workbench", "", "", "", (Paragraph(lead, "lead"), notice), blocks
    )


def _files(names: Sequence[str]) -> Grid:
    from workbench.evidence.report.document import Grid, GridColumn

    listed = [*names, "PROTOCOL.html", "PROTOCOL.md", "manifest.json"]
    rows = tuple((name, _FOR[name]) for name in dict.fromkeys(listed))
    return Grid("Files of this kit", (GridColumn("File"), GridColumn("What it is for", 3)), rows)


def _settings(plan: KitPlan) -> Pairs:
    from workbench.evidence.report.document import Pairs

    asked = plan.request
    system = "none" if not asked.system else f"“{one_line(asked.system, 400)}” (SHA-256 {sha256_text(asked.system)})"
    temperature = "not sent: the maker's default" if asked.temperature is None else f"{asked.temperature:g}"
    repeats = "as the table says" if asked.repeats is None else f"{asked.repeats} for every prompt"
    model = asked.model or f"put in place of {plan.sending.model} in the batch files, and nothing else changed"
    return Pairs(
        (
            ("Model", one_line(model)),
            ("System prompt", system),
            ("Temperature", temperature),
            ("Longest answer", f"{asked.max_tokens:,} tokens, thinking included where the service counts it"),
            ("Top-p, penalties, seed", "not sent"),
            ("Tools, search, memory", "off"),
            ("Thinking", "the maker's default; written down"),
            ("Samples", repeats),
            ("Order of requests", f"random, drawn with the seed {asked.seed}"),
        )
    )


def _samples(plan: KitPlan) -> Grid:
    from workbench.evidence.report.document import Grid, GridColumn

    rows = []
    for kind, shows in kinds().items():
        sent = Counter(one.prompt for one in plan.asked if one.prompt.kind == kind)
        if sent:
            each = ", ".join(str(n) for n in sorted(set(sent.values())))
            lengths = (str(sum(p.length == length for p in sent)) for length in _LENGTHS)
            rows.append((kind, str(len(sent)), *lengths, each, f"{sent.total():,}", shows))
    heads = ("Prompts", "Short", "Medium", "Long", "Samples each", "Requests")
    columns = (GridColumn("Kind"), *(GridColumn(head, kind="number") for head in heads), GridColumn("What it shows", 3))
    return Grid("Prompts, answers to be expected, samples and requests by kind, for each model", columns, tuple(rows))


def _record() -> Grid:
    from workbench.evidence.report.document import Grid, GridColumn

    rows = tuple((what, how, f"{_ENTRY} {_ENTRY}") for what, how in _RECORD)
    return Grid("To be filled for each model", (GridColumn("What"), GridColumn("How", 2), GridColumn("Entry", 3)), rows)


def _custody() -> Grid:
    from workbench.evidence.report.document import Grid, GridColumn

    heads = ("Date, time, zone", "File and SHA-256", "Handed over by", "Received by", "Why, and how kept", "Signatures")
    return Grid("Every hand that a raw file goes through", tuple(map(GridColumn, heads)), ((_BLANK,) * len(heads),) * 6)


def _bringing(files: Sequence[str]) -> list[Block]:
    from workbench.evidence.report.document import Pairs, Paragraph

    rows = [("Batch results", "workbench import matter.case RESULTS --prompts prompts.jsonl --role suspect")]
    if "answer_sheet.jsonl" in files or "answer_sheet.csv" in files:
        rows.append(("A filled answer sheet", "workbench import matter.case ANSWERS --role suspect"))
    own = "prompt_key=prompt_id sample=sample response=response model=model time=time"
    line = " ".join(f"--map {pair}" for pair in own.split())
    rows.append(("Any other file", f"workbench import matter.case FILE --role suspect --prompts prompts.jsonl {line}"))
    words = (
        "Each request carries the id PROMPT_ID-sNN (k-w-001-s02 is the second sample of k-w-001), in batch files as "
        "custom_id. By it the results find their prompts, in whatever order they come. Import the raw file itself."
    )
    sheet = (
        "In an answer sheet, fill response, model (as returned) and time (with its zone); leave the other fields as "
        "they are. Rows without an answer stay empty: an answer that came back empty has a time. Spreadsheets change "
        "text that begins with = + - @ and cut cells at 32,767 characters: format the column as text, or better use "
        "the JSONL sheet."
    )
    return [Paragraph(words), Pairs(tuple(rows), frozenset(label for label, _ in rows)), Paragraph(sheet)]


def _marked(block: Block) -> str:
    from workbench.evidence.report.document import Bullets, Grid, Heading, Notice, Pairs, Paragraph

    match block:
        case Heading():
            return "#" * (block.level + 1) + " " + block.text
        case Paragraph():
            return block.text
        case Notice():
            return f"> **{block.title}.** {block.text}"
        case Bullets():
            numbered = block.style == "numbered"
            return "\n".join(f"{n}. {item}" if numbered else f"- {item}" for n, item in enumerate(block.items, 1))
        case Pairs():
            shown = ((k, f"`{v}`" if k in block.mono else v) for k, v in block.rows)
            return "\n".join(f"- {k}: {v}" for k, v in shown)
        case Grid():
            head = [[c.label for c in block.columns], ["---"] * len(block.columns)]
            rows = (
                "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in row) + " |"
                for row in (*head, *block.rows)
            )
            return f"{block.caption}:\n\n" + "\n".join(rows)
        case _:
            raise TypeError(block)
