"""What saving leaves in answers, planted: the kinds that the program looks for, and some that it does not."""

from __future__ import annotations

import html
import json
import re
import textwrap
import unicodedata
from collections.abc import Callable

from workbench.core.artefacts import ArtefactKind

CURLS = str.maketrans({"'": "\u2019"})
QUOTED = re.compile('"([^"]*)"')

WINDOWS = [bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in range(256)]

PLANTED: dict[ArtefactKind, Callable[[str], str]] = {
    ArtefactKind.ESCAPES: lambda text: text.replace("\n", "_x000D_\n"),
    ArtefactKind.BACKSLASHES: lambda text: text.replace("\n", "\\n"),
    ArtefactKind.ENTITIES: html.escape,
    ArtefactKind.LINE_ENDS: lambda text: text.replace("\n", "\r\n"),
    ArtefactKind.SPACES: lambda text: text.replace(" ", "\u00a0"),
    ArtefactKind.ZERO_WIDTH: lambda text: "\ufeff" + text,
    ArtefactKind.CURLED: lambda text: QUOTED.sub("\u201c\\1\u201d", text).translate(CURLS),
    ArtefactKind.DOUBLED: lambda text: text.replace('"', '""'),
    ArtefactKind.LEADING: lambda text: " " + text,
    ArtefactKind.TRAILING: lambda text: text + " \n",
    ArtefactKind.GARBLED: lambda text: "".join(WINDOWS[byte] for byte in text.encode()),
    ArtefactKind.DECOMPOSED: lambda text: unicodedata.normalize("NFD", text),
    ArtefactKind.BEGINNING: lambda text: "[PASS] (0.65) " + text,
    ArtefactKind.ENDING: lambda text: text + "</s>",
    ArtefactKind.JOINED: lambda text: " ".join(text.split()),
    ArtefactKind.DOUBLED_ENDS: lambda text: text.replace("\n", "\n\n"),
    ArtefactKind.BROKEN: lambda text: "\n".join("\n".join(textwrap.wrap(line, 80)) for line in text.split("\n")),
    ArtefactKind.QUOTED: lambda text: textwrap.indent(text, "> ", lambda line: True),
    ArtefactKind.BREAKS: lambda text: text.replace("\n", "<br>"),
    ArtefactKind.MARKDOWN: lambda text: re.sub(r"([.!#*_-])", r"\\\1", text),
    ArtefactKind.SMALL: str.lower,
    ArtefactKind.CUT: lambda text: text[:150],
}

OTHERS: dict[str, Callable[[str], str]] = {
    "blank lines left out": lambda text: re.sub(r"\n\s*\n+", "\n", text),
    "lines ended by blanks": lambda text: text.replace("\n", "  \n"),
    "lines indented": lambda text: textwrap.indent(text, "    "),
    "paragraphs of HTML": lambda text: "".join(f"<p>{line}</p>" for line in text.split("\n\n")),
    "Markdown taken out": lambda text: re.sub(r"[*_`#]", "", text),
    "a text of JSON": lambda text: json.dumps(text),
    "dashes and dots set": lambda text: text.replace("...", "\u2026").replace(" - ", " \u2014 "),
    "one first line": lambda text: f"Here is the answer to your question:\n\n{text}",
    "one last line": lambda text: f"{text}\n\nLet me know if you need anything else!",
    "fence around it": lambda text: f"```\n{text}\n```",
    "speaker before it": lambda text: f"Assistant: {text}",
    "no letters but ASCII": lambda text: text.encode("ascii", "ignore").decode(),
}
"""By what was done: saving does it too, and a habit of a model may look the same."""
