"""The SQL that makes exchanges of a log's lines: one pass over each line, a stage at a time.

All of it runs in DuckDB at intake, so that hashes and masks are the same on whatever engine asks for them later.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.logs import COLUMNS, HEAD_WORDS, LogFormat, Reading

EARLIEST, LATEST = "2015-01-01", "2100-01-01"
"""Times outside are taken for damage."""

DUPLICATE = "duplicate"
"""What is said of a call that is there a second time."""

_SUCCEEDED = ("200", "success", "ok", "OK", "STATUS_CODE_OK", "DEFAULT", "0", "1")
"""What a status says of a call that did not fail."""

_ODD = r"\x09-\x0d\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""White space as Python knows it, but for the plain space, so that digests agree with those of answers."""

_MASKED_FROM = 512
"""Characters of a prompt's beginning or end in which its 32 words are looked for."""

_KIND = """CREATE OR REPLACE TEMP MACRO kind(x) AS substr(x::VARCHAR, 1, 1)"""
"""The first character tells a string, an object, an array and null apart, without reading on as `json_type` does."""

_CONTENT = """CREATE OR REPLACE TEMP MACRO content_text(c) AS CASE kind(c)
    WHEN '"' THEN json_extract_string(c, '$')
    WHEN '{' THEN coalesce(json_extract_string(c, '$.text'), json_extract_string(c, '$.content'))
    WHEN '[' THEN nullif(array_to_string(list_filter(list_transform(json_extract(c, '$[*]'),
        lambda p: CASE kind(p) WHEN '"' THEN json_extract_string(p, '$')
                  ELSE coalesce(json_extract_string(p, '$.text'),
                      CASE WHEN kind(json_extract(p, '$.content')) = '"' THEN json_extract_string(p, '$.content') END)
                  END), lambda t: t IS NOT NULL), chr(10)), '')
    END"""

_PARSED = """CREATE OR REPLACE TEMP MACRO parsed(x) AS CASE
    WHEN kind(x) = '"' AND substr(x::VARCHAR, 2, 1) IN ('{', '[') AND json_valid(json_extract_string(x, '$'))
        THEN json_extract_string(x, '$')::JSON
    ELSE x END"""

_MESSAGES = """CREATE OR REPLACE TEMP MACRO messages_of(x) AS CASE kind(x)
    WHEN '[' THEN x
    WHEN '{' THEN coalesce(json_extract(x, '$.messages'), json_extract(x, '$.contents'),
        CASE WHEN kind(json_extract(x, '$.input')) = '[' THEN json_extract(x, '$.input') END)
    END"""

_ASKED = """CREATE OR REPLACE TEMP MACRO last_asked(m) AS CASE
    WHEN m IS NULL THEN NULL
    WHEN coalesce(json_extract_string(m, '$[#-1].role'), 'user') IN ('user', 'human') THEN json_extract(m, '$[#-1]')
    ELSE list_filter(json_extract(m, '$[*]'),
        lambda one: coalesce(json_extract_string(one, '$.role'), 'user') IN ('user', 'human'))[-1]
    END"""

_TOLD = """CREATE OR REPLACE TEMP MACRO first_told(m) AS CASE
    WHEN json_extract_string(m, '$[0].role') IN ('system', 'developer') THEN json_extract(m, '$[0]') END"""

_PLAIN = """CREATE OR REPLACE TEMP MACRO plain_prompt(x) AS CASE kind(x)
    WHEN '"' THEN json_extract_string(x, '$')
    WHEN '{' THEN list_filter(json_extract_string(x, ['$.prompt', '$.inputText', '$.query', '$.input']),
        lambda one: one IS NOT NULL)[1]
    END"""

_BODY = """CREATE OR REPLACE TEMP MACRO message_body(m) AS
    coalesce(json_extract(m, '$.content'), json_extract(m, '$.parts'))"""

_REPLIES = (
    "$.choices[0].message.content",
    "$.choices[0].text",
    "$.message.content",
    "$.output.message.content",
    "$.candidates[0].content.parts",
    "$.content",
    "$.completion",
    "$.generation",
    "$.outputs[0].text",
    "$.results[0].outputText",
    "$.output_text",
    "$.text",
)
"""Where an answer stands in the bodies of the makers' interfaces."""

_REPLY = (
    """CREATE OR REPLACE TEMP MACRO reply_of(x) AS CASE kind(x)
    WHEN '{' THEN list_filter(json_extract(x, ["""
    + ", ".join(f"'{path}'" for path in _REPLIES)
    + """]), lambda one: one IS NOT NULL AND kind(one) <> 'n')[1]
    WHEN '[' THEN coalesce(json_extract(x, '$[0].parts'), json_extract(x, '$[0].content'),
        json_extract(x, '$[0].message.content'), x)
    ELSE x END"""
)

MACROS = (_KIND, _CONTENT, _PARSED, _MESSAGES, _ASKED, _TOLD, _PLAIN, _BODY, _REPLY)

_OTEL = """SELECT row, "offset", length, to_json(struct_pack(span := s.span, attr := s.attr,
        event := events(json_extract(s.span, '$.events[*]')))) AS line FROM (
    SELECT row, "offset", length, span, json_merge_patch(
        attributes(json_extract(resource, '$.resource.attributes[*]')),
        attributes(json_extract(span, '$.attributes[*]'))) AS attr FROM (
        SELECT row, "offset", length, resource,
            unnest(json_extract(resource, '$.scopeSpans[*].spans[*]')) AS span FROM (
            SELECT row, "offset", length,
                unnest(json_extract(line, '$.resourceSpans[*]')) AS resource FROM {source}))) s"""

_ATTRIBUTE = """CREATE OR REPLACE TEMP MACRO attribute(e) AS list_filter(json_extract_string(e, [
    '$.value.stringValue', '$.value.intValue', '$.value.doubleValue', '$.value.boolValue']),
    lambda one: one IS NOT NULL)[1]"""

_ATTRIBUTES = """CREATE OR REPLACE TEMP MACRO attributes(a) AS to_json(map_from_entries(list_transform(
    list_distinct(list_transform(a, lambda e: json_extract_string(e, '$.key'))),
    lambda k: struct_pack(key := k, value := attribute(
        list_filter(a, lambda e: json_extract_string(e, '$.key') = k)[1])))))"""

_EVENTS = """CREATE OR REPLACE TEMP MACRO events(a) AS to_json(map_from_entries(list_transform(
    list_distinct(list_transform(a, lambda e: json_extract_string(e, '$.name'))),
    lambda k: struct_pack(key := k, value := attribute(list_filter(json_extract(
        list_filter(a, lambda e: json_extract_string(e, '$.name') = k)[-1], '$.attributes[*]'),
        lambda e: json_extract_string(e, '$.key') IN ('content', 'message', 'gen_ai.event.content'))[1])))))"""

_NESTED = """SELECT row, "offset", length, CASE WHEN o IS NULL THEN line ELSE json_merge_patch(o, to_json(struct_pack(
        userId := json_extract(line, '$.userId'), sessionId := json_extract(line, '$.sessionId')))) END AS line
    FROM (SELECT row, "offset", length, line, unnest(CASE WHEN kind(json_extract(line, '$.observations')) = '['
        THEN json_extract(line, '$.observations[*]') ELSE [NULL::JSON] END) AS o FROM {source})"""

EXPANSIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "otel": (_OTEL, (_ATTRIBUTE, _ATTRIBUTES, _EVENTS)),
    "langfuse": (_NESTED, ()),
}
"""How one line becomes several records: a query over `{source}`, and the macros that it needs."""


def exchanges_sql(form: LogFormat, source: str) -> str:
    """A query over valid JSON lines (row, offset, length, line) that gives the exchanges of a format.

    `reject` says why a record is none. Pseudonymous columns still hold what the record says; they are replaced before
    anything is written.
    """
    expanded = f"({EXPANSIONS[form.expand][0].format(source=source)})" if form.expand else source
    paths: list[str] = []
    columns = {name: _coalesced(paths, form.fields.get(name, ())) for name in COLUMNS}
    if set(form.fields.get("system", ())) & set(form.fields.get("prompt", ())):
        # A plain text in a field for messages is the prompt, never the system prompt.
        columns["system"] = f"""CASE WHEN kind(parsed({columns["system"]})) <> '"' THEN {columns["system"]} END"""
    no_call = _no_call(paths, form)
    wanted = ", ".join(_quoted(path) for path in paths)
    picked = f'SELECT row, "offset", length, json_extract(line, [{wanted}]) AS f FROM {expanded}'
    named = ", ".join(f'{columns[name]} AS "{name}"' for name in COLUMNS)
    raw = f'SELECT row, "offset", length, {no_call} AS no_call, {named} FROM ({picked})'
    return _hashed(_texts(_read(raw)))


def _no_call(paths: list[str], form: LogFormat) -> str:
    """Whether a record is another thing than a call to a model."""
    fields, values = form.only
    if not fields:
        return "FALSE"
    found = f"json_extract_string({_coalesced(paths, fields)}, '$')"
    listed = ", ".join(_quoted(value) for value in values)
    return f"coalesce(upper({found}) NOT IN ({listed}), TRUE)" if values else f"{found} IS NULL"


def _coalesced(paths: list[str], fields: tuple[str, ...]) -> str:
    """The first of some fields that is there and not null, as JSON."""
    found = [f"nullif({_reached(paths, field)}, 'null'::JSON)" for field in fields]
    return f"coalesce({', '.join(found)})" if found else "NULL::JSON"


def _reached(paths: list[str], field: str) -> str:
    first, *rest = field.split(">")
    path = json_path(first)
    if path not in paths:
        paths.append(path)
    reached = f"f[{paths.index(path) + 1}]"
    for step in rest:
        reached = f"json_extract(parsed({reached}), {_quoted(json_path(step))})"
    return reached


def json_path(field: str) -> str:
    """The engine's path for a dotted field: `a.b[0]` as `$."a"."b"[0]`; a name in back quotes may hold dots."""
    found = "$"
    for name in _names(field):
        plain, bracket, index = name.partition("[")
        found += f'."{plain}"' + bracket + index
    return found


def _names(field: str) -> list[str]:
    pieces = field.split("`")
    names: list[str] = []
    for at, piece in enumerate(pieces):
        names += [piece] if at % 2 else [name for name in piece.split(".") if name]
    return names


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _read(raw: str) -> str:
    """Every column but the texts in its own type."""
    columns = []
    for name, reading in COLUMNS.items():
        if reading is Reading.TIME:
            columns.append(f'{_time(name)} AS "{name}"')
        elif reading is Reading.NUMBER:
            columns.append(f'try_cast({_plain(name)} AS DOUBLE) AS "{name}"')
        elif reading in (Reading.ASKED, Reading.INSTRUCTED, Reading.ANSWERED):
            columns.append(f'parsed("{name}") AS "{name}"')
        else:
            columns.append(f'{_plain(name)} AS "{name}"')
    unreadable = f"""CASE WHEN no_call THEN 'no call to a model'
        WHEN ts IS NULL THEN 'no time'
        WHEN {_time("ts")} IS NULL THEN 'unreadable time'
        WHEN {_time("ts")} NOT BETWEEN TIMESTAMP '{EARLIEST}' AND TIMESTAMP '{LATEST}' THEN 'time out of range'
        WHEN account IS NULL OR {_plain("account")} = '' THEN 'no account' END AS reject"""
    return f'SELECT row, "offset", length, {unreadable}, {", ".join(columns)} FROM ({raw})'


def _plain(name: str) -> str:
    """A value's text: strings without their quotes, anything else as JSON."""
    return f"json_extract_string(\"{name}\", '$')"


def _time(name: str) -> str:
    """A time in UTC: ISO 8601 with its zone or in the session's, or seconds to nanoseconds since 1970."""
    text = _plain(name)
    number = f"try_cast({text} AS DOUBLE)"
    micro = f"""CASE WHEN {number} < 1e11 THEN {number} * 1e6 WHEN {number} < 1e14 THEN {number} * 1e3
        WHEN {number} < 1e17 THEN {number} ELSE floor({number} / 1e3) END"""
    return f"""CASE WHEN {number} IS NOT NULL THEN
        CASE WHEN {number} BETWEEN 0 AND 4e18 THEN make_timestamp(try_cast({micro} AS BIGINT)) END
        ELSE timezone('UTC', try_cast({text} AS TIMESTAMPTZ)) END"""


def _texts(read: str) -> str:
    """The prompt, the system prompt and the answer as text, in two stages."""
    stage = f"""SELECT * EXCLUDE (prompt, "system", response),
        prompt AS asked, messages_of(prompt) AS messages, "system" AS instructed, messages_of("system") AS told,
        reply_of(response) AS replied FROM ({read})"""
    whole = """CASE kind(instructed) WHEN '"' THEN json_extract_string(instructed, '$')
        WHEN '{' THEN content_text(json_extract(instructed, '$.system'))
        WHEN '[' THEN CASE WHEN json_extract(instructed, '$[0].role') IS NULL THEN content_text(instructed) END END"""
    return f"""SELECT * EXCLUDE (asked, messages, instructed, told, replied, reasoning),
        coalesce(content_text(message_body(last_asked(messages))), plain_prompt(asked)) AS prompt,
        coalesce(content_text(message_body(first_told(told))), {whole}) AS "system",
        content_text(replied) AS response, reasoning FROM ({stage})"""


def _hashed(texts: str) -> str:
    """The masked head and tail, the digests of the normal forms, and what tells calls apart."""
    masked = f"""SELECT *, {_masked("substr(prompt, 1, " + str(_MASKED_FROM) + ")", "head")} AS head_text,
        {_masked("substr(prompt, -" + str(_MASKED_FROM) + ")", "tail")} AS tail_text,
        sha256({_normal("prompt")}) AS prompt_sha, sha256({_normal("response")}) AS answer_sha FROM ({texts})"""
    same = """CASE WHEN request IS NOT NULL THEN concat_ws(chr(31), request, account)
        WHEN prompt IS NULL AND response IS NULL THEN NULL
        ELSE concat_ws(chr(31), epoch_us(ts), account, coalesce(model, ''), coalesce(prompt_sha, ''),
            coalesce(answer_sha, ''), coalesce(pt, 0), coalesce(ct, 0)) END"""
    succeeded = ", ".join(_quoted(word) for word in _SUCCEEDED)
    hashed = f"""SELECT *, {number_sql("head_text")} AS head, {number_sql("tail_text")} AS tail,
        {number_sql('"system"')} AS system_hash, {number_sql(same)} AS call,
        coalesce(status, '200') IN ({succeeded}) AS ok FROM ({masked})"""
    again = "row_number() OVER (PARTITION BY reject, call ORDER BY row) > 1"
    return f"""SELECT * REPLACE (coalesce(reject, CASE WHEN call IS NOT NULL AND {again}
        THEN '{DUPLICATE}' END) AS reject) FROM ({hashed})"""


def number_sql(text: str) -> str:
    """63 bits of a text's MD5, which every engine can hold and compare."""
    return f"(md5_number_lower({text}) >> 1)::BIGINT"


def _normal(name: str) -> str:
    """The normal form by which prompts and answers are matched: NFC, single spaces, no space at the ends."""
    return _spaced(f"nfc_normalize({name})")


def _spaced(text: str) -> str:
    """A text with every run of white space as one plain space, and none at the ends.

    Single plain spaces are not matched, since replacing each by itself takes ten times as long; one before a run that
    was replaced is left over, and taken away at the end.
    """
    return f"trim(replace(regexp_replace({text}, '(?:  |[{_ODD}])[ {_ODD}]*', ' ', 'g'), '  ', ' '))"


def _masked(text: str, side: str) -> str:
    """32 words in lower case, runs of digits as 0, web and mail addresses left out."""
    lower = f"lower({text})"
    addresses = r"(https?://|www\.)[^\s]+|[^\s@]+@[^\s@]+\.[^\s@]+"
    without = f"""CASE WHEN contains({lower}, '@') OR contains({lower}, '://') OR contains({lower}, 'www.')
        THEN regexp_replace({lower}, '{addresses}', '', 'g') ELSE {lower} END"""
    digits = f"regexp_replace({_spaced(without)}, '[0-9]+', '0', 'g')"
    words = f"[^ ]+(?: [^ ]+){{0,{HEAD_WORDS - 1}}}"
    return f"regexp_extract({digits}, '{'^' + words if side == 'head' else words + '$'}')"
