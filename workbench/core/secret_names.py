"""Names of fields that hold secrets, whatever the value looks like."""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.core.secrets.rules import PASSWORD

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME = re.compile(
    rf"(?:^|[^a-z])pass(?:e|es)?$|(?!pass(?!e$|c|k|p|w)){PASSWORD}|secrets$|"
    r"(?:^|[^a-z]|access|auth|bearer|refresh|session)token$|(?:^|[^a-z])(?:auth|authori[sz]ation|bearer|jwt|cookies?)$|"
    r"credentials?$|(?:api|access|private|signing|encryption|master|subscription)[^a-z]?key$",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a field of this name holds a password, a key or a token: its value is not to be shown."""
    return _NAME.search(_HUMP.sub("_", name.strip())) is not None
