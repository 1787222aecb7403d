"""The chain of custody as a graph in CASE/UCO (JSON-LD), which other forensic programs read.

Every line of the log is an investigative action that was informed by the line before it, done by an examiner with this
program. An import has the file as received for its object and a provenance record for its result. Source: CASE 1.5.0
(Cyber-investigation Analysis Standard Expression) and UCO (Unified Cyber Ontology), doi:10.1016/j.diin.2017.08.002.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid5

from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.evidence.pack.contents import PackContents, PackSource
from workbench.evidence.pack.names import CUSTODY
from workbench.evidence.pack.registers import pretty

CUSTODY_GRAPH = f"{CUSTODY}custody.jsonld"

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
_CONTEXT = {
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    **{name: f"{_UCO}{name}/" for name in ("action", "core", "identity", "observable", "tool", "types")},
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SPACE = UUID("7c1f5a56-3a0e-5c55-9a55-2f1d7f6a0b11")
"""The namespace of the identifiers, so that the same case always gives the same ones (RFC 9562, version 5)."""


def custody_graph(contents: PackContents) -> bytes:
    """The graph up to the pack: deterministic JSON-LD with one node a line, UTF-8."""
    lines = [json.loads(line) for line in contents.ledger_lines]
    return pretty({"@context": _CONTEXT, "@graph": list(_Graph(contents, lines).nodes())})


class _Graph:
    def __init__(self, contents: PackContents, lines: list[Json]) -> None:
        self.contents = contents
        self.lines = lines
        self.sources = {source.sha256: source for source in contents.sources}
        self.imported = {item.id: item.source for item in contents.imports}

    def nodes(self) -> Iterator[Json]:
        """The investigation, who did it with what, every file, and every act."""
        yield {
            **self._node("investigation:Investigation", "case"),
            "core:name": self.contents.title,
            "core:object": [self._to("record", source.sha256) for source in self.contents.sources],
        }
        for name in dict.fromkeys(str(line["examiner"]) for line in self.lines):
            yield {**self._node("identity:Person", "person", name), "core:name": name}
        for tool in dict.fromkeys(str(line["tool"]) for line in self.lines):
            name, _, version = tool.rpartition(" ")
            yield {**self._node("tool:Tool", "tool", tool), "core:name": name or tool, "tool:version": version}
        for source in self.contents.sources:
            yield from self._file(source)
        for line in self.lines:
            yield self._act(line)

    def _file(self, source: PackSource) -> Iterator[Json]:
        yield {
            **self._node("observable:File", "file", source.sha256),
            "core:hasFacet": [
                {
                    **self._node("observable:FileFacet", "file facet", source.sha256),
                    "observable:fileName": source.name,
                    "observable:sizeInBytes": _typed(str(source.size), "xsd:integer"),
                },
                {
                    **self._node("observable:ContentDataFacet", "content facet", source.sha256),
                    "observable:sizeInBytes": _typed(str(source.size), "xsd:integer"),
                    "observable:hash": [
                        {
                            **self._node("types:Hash", "hash", source.sha256),
                            "types:hashMethod": "SHA256",
                            "types:hashValue": _typed(source.sha256.upper(), "xsd:hexBinary"),
                        }
                    ],
                },
            ],
        }
        yield {
            **self._node("investigation:ProvenanceRecord", "record", source.sha256),
            "core:description": f"Received {source.received}" + (f"; {source.withheld}" if source.withheld else ""),
            "investigation:exhibitNumber": f"source-{source.id:04d}",
            "core:object": [self._to("file", source.sha256)],
        }

    def _act(self, line: Mapping[str, Json]) -> Json:
        number = int(line["sequence"])
        about = canonical(line["object"]).decode()
        when = _typed(str(line["time"]), "xsd:dateTime")
        node = {
            **self._node("investigation:InvestigativeAction", "line", str(number)),
            "core:name": line["action"],
            "core:description": f"Line {number} of the log, hash {line['hash']}, about {about}."
            + (f" Reason: {line['reason']}" if line["reason"] else ""),
            "action:startTime": when,
            "action:endTime": when,
            "action:performer": self._to("person", str(line["examiner"])),
            "action:instrument": [self._to("tool", str(line["tool"]))],
        }
        if number > 1:
            node["investigation:wasInformedBy"] = [self._to("line", str(number - 1))]
        digest = self.imported.get(line["object"].get("import")) if line["action"] == "file imported" else None
        if digest in self.sources:
            node["action:object"] = [self._to("file", digest)]
            node["action:result"] = [self._to("record", digest)]
        return node

    def _node(self, kind: str, *what: str) -> dict[str, Json]:
        return {**self._to(*what), "@type": kind}

    def _to(self, *what: str) -> dict[str, Json]:
        return {"@id": f"urn:uuid:{uuid5(_SPACE, ' '.join((self.contents.case_id, *what)))}"}


def _typed(value: str, kind: str) -> Json:
    return {"@type": kind, "@value": value}
