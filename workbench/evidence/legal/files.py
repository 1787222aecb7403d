"""The files of a pack that lawyers and other programs take over."""

from __future__ import annotations

import json

from workbench.evidence.legal.certificate import CERTIFICATE, certificate
from workbench.evidence.legal.custody_graph import CUSTODY_GRAPH, custody_graph
from workbench.evidence.legal.workbook import LISTS, workbook
from workbench.evidence.pack.collection import collection_table
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.payload import import_log, names_table
from workbench.evidence.pack.registers import custody_table


def legal_files(contents: PackContents, exhibit_list: bytes) -> dict[str, bytes]:
    """The certificate, the custody as a graph and the lists as a workbook, by their paths in the pack.

    `exhibit_list` is the CSV file of the exhibits; empty where there are none.
    """
    lists = {
        "Exhibits": exhibit_list,
        "Models": collection_table(contents),
        "Names and hashes": names_table(contents),
        "Imports": import_log(contents),
        "Custody before this pack": custody_table(json.loads(line) for line in contents.ledger_lines),
    }
    return {
        CERTIFICATE: certificate(contents),
        CUSTODY_GRAPH: custody_graph(contents),
        LISTS: workbook({name: table for name, table in lists.items() if table}, contents.begun),
    }
