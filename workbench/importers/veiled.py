"""What is shown of a file before it is imported: no value under a name for secrets, and no address with its query."""

from __future__ import annotations

import re

from workbench.core.model import Json
from workbench.core.secret_names import names_secret
from workbench.core.secrets import masked
from workbench.core.text import well_formed
from workbench.importers.bodies import bare_address

NOT_SHOWN = "⟦not shown⟧"
_CONCEALED = ("set-cookie", "headers", "querystring")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,20}://\S*[?#@]\S*")
_ASKED = re.compile(r"(?<=[?&])([\w.-]{1,40})=[^\s&#\"'<>⟦⟧\\]{1,4000}")
_KEYS = ("key", "sig", "signature")
"""Names that hold a secret in the query of an address, and elsewhere as a rule do not."""

_MEMBER = re.compile(
    r"(?<!\\)(?P<slashes>\\{0,15})\"(?P<name>[^\"\\]{1,60})(?P=slashes)\"\s{0,9}:\s{0,9}"
    r"(?P<value>(?P=slashes)\".*?(?:(?<!\\)(?P=slashes)\"|\Z)|-?\d[\d.eE+-]*)",
    re.DOTALL,
)
"""A member of an object in JSON text, also where the text is JSON inside of JSON or is cut off."""


def conceals(name: str) -> bool:
    """Whether what stands under a name is kept from sight whatever it looks like: passwords, keys, cookies, headers."""
    return name.lower() in _CONCEALED or names_secret(name)


def hidden(name: str, value: Json) -> bool:
    """Whether a value is kept from sight for its name; true, false and nothing are told."""
    return bool(value) and not isinstance(value, bool) and conceals(name)


def shown(text: str, longest: int) -> str:
    """So much of a text as may be shown: masked, then cut."""
    if _ADDRESS.fullmatch(text):
        text = bare_address(text)
    # Masked before it is cut, so that a secret at the edge is seen whole.
    safe = masked(_ASKED.sub(_asked, _MEMBER.sub(_member, well_formed(text[: 2 * longest])[0])))
    return safe if len(safe) <= longest and len(text) <= 2 * longest else safe[:longest] + "…"


def _asked(match: re.Match[str]) -> str:
    """A part of an address's query as it may be shown."""
    name = match[1]
    return f"{name}={NOT_SHOWN}" if name.lower() in _KEYS or conceals(name) else match[0]


def _member(match: re.Match[str]) -> str:
    """The member as it may be shown."""
    if not conceals(match["name"]):
        # A value that is no secret may itself be JSON.
        start = match.start("value") - match.start()
        return match[0][:start] + _MEMBER.sub(_member, match["value"])
    quote = f'{match["slashes"]}"'
    if match["value"] in (quote + quote, quote):
        return match[0]
    return f"{match[0][: match.start('value') - match.start()]}{quote}{NOT_SHOWN}{quote}"
