"""97 documented kinds of secrets behind every escape that text is written in: each is masked, and nothing else is."""

from __future__ import annotations

import base64
import html
import json
import random
import time
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.secrets.documented_keys import Sample, samples
from workbench.core.errors import UsageError
from workbench.core.secrets.find import find, find_in_octets, masked, masked_json, masked_name
from workbench.core.secrets.layers import DEEPEST, from_octets, layers
from workbench.core.secrets.typed import refuse_secrets

SAMPLES = samples()


def _in_base64(text: str) -> str:
    return base64.b64encode(f"The setting of the service: {text} and no more.".encode()).decode()


def _in_lines(text: str) -> str:
    return base64.encodebytes(f"The setting of the service: {text} and no more.".encode()).decode()


def _json_in_json(text: str) -> str:
    return json.dumps({"body": json.dumps({"said": json.dumps({"text": f"first\n{text}"})})})


PLACES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: f"use {text} now",
    "behind a line end": lambda text: "first\\n" + text,
    "behind a tab": lambda text: "first\\t" + text,
    "behind a code point": lambda text: "first\\u003d" + text,
    "behind a percent sign": lambda text: "q%3D" + text,
    "percent throughout": lambda text: "https://example.org/?q%3D" + urllib.parse.quote(text, safe=""),
    "behind an entity": lambda text: "q&#61;" + html.escape(text),
    "behind a named entity": lambda text: "a&quot;" + html.escape(text) + "&quot;",
    "JSON in JSON": _json_in_json,
    "base64": lambda text: f"body: {_in_base64(text)}",
    "base64 for addresses": lambda text: _in_base64(text).replace("+", "-").replace("/", "_").rstrip("="),
    "base64 in lines": _in_lines,
    "base64 in JSON": lambda text: json.dumps({"d": json.dumps({"raw": _in_base64(text)})}),
}  # fmt: skip


def readings(text: str) -> list[str]:
    """The text and all that it says once its layers are undone, as whoever wants the key would read it."""
    found, new = [text], [text]
    for _ in range(DEEPEST):
        new = [one.text for said in new for one in layers(said)]
        found += new
    return found


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_is_masked_wherever_it_stands(place: str) -> None:
    shown = {sample.kind: masked(PLACES[place](sample.text)) for sample in SAMPLES}
    left = [s.kind for s in SAMPLES if any(_core(s) in said for said in readings(shown[s.kind]))]
    assert (left, len(shown)) == ([], 97)


def _core(sample: Sample) -> str:
    """The middle of a value: a piece that none may see."""
    value = sample.value.replace("\n", "")
    return value[len(value) // 3 : len(value) // 3 + 12] if "BEGIN" not in value else sample.value[60:90]


@pytest.mark.parametrize("place", ["{}.jsonl", "keys%3D{}.txt", "a&amp;{}.zip"])
def test_every_kind_is_masked_in_a_name(place: str) -> None:
    left = [s.kind for s in SAMPLES if _core(s) in masked_name(place.replace("{}", s.text))]
    assert left == []


def test_every_kind_is_refused_where_it_is_typed() -> None:
    for sample in SAMPLES:
        with pytest.raises(UsageError, match="has the form of a secret"):
            refuse_secrets("The title", ["Marlin and Aurelia", f"Marlin {sample.text}"])
    refuse_secrets("The title", ["Marlin and Aurelia, 100% of it & more", ""])


def test_what_surrounds_a_key_behind_an_escape_stays() -> None:
    key = SAMPLES[0].value
    assert masked(f"one\\n{key}\\ntwo") == "one\\n⟦masked: OpenAI key⟧\\ntwo"
    assert masked(f"a%20b%3D{key}%20c") == "a%20b%3D⟦masked: OpenAI key⟧%20c"


def test_a_name_for_passwords_in_escapes_and_in_bytes() -> None:
    value = "Lm8$wq2Zt7"
    written = json.dumps({"a": f"密码\uff1a{value}"})
    assert value not in masked(written)
    octets = f"密码\uff1a{value}".encode().decode("latin-1")
    (found,) = find_in_octets(octets)
    assert octets[found.start : found.start + found.length] == value
    assert find_in_octets("plain") == ()


@pytest.mark.parametrize(
    "name",
    [
        "Geslo", "lozinka", "zaporka", "clave", "parola", "Parole", "parool", "jelszó", "lösenord", "adgangskode",
        "lykilorð", "slaptažodis", "fjalëkalimi", "kata sandi", "mật khẩu", "парола", "Лозинка", "κωδικός",
        "συνθηματικό", "סיסמה", "كلمة السر", "رمز عبور", "گذرواژه", "पासवर्ड", "পাসওয়ার্ড", "รหัสผ่าน",
        "パスフレーズ", "암호", "passord", "mot de passe", "palavra-passe",
    ],
)  # fmt: skip
def test_names_of_passwords_in_more_languages(name: str) -> None:
    assert "Zq9!xx7kPP" not in masked(f"{name}: Zq9!xx7kPP")
    assert masked(f"{name}: it is long") == f"{name}: it is long"


def test_a_secret_by_its_name_in_an_object_is_masked() -> None:
    shown = masked_json({"user": "anna", "db": {"password": "Tr0ub4dor&3xyQ"}, "tokens": 12, "secret": "shown"})
    assert shown == {
        "user": "anna",
        "db": {"password": "⟦masked: secret by its column⟧"},
        "tokens": 12,
        "secret": "shown",
    }


@given(st.text(max_size=300))
def test_places_are_carried_back_to_the_text(text: str) -> None:
    for undone in layers(text):
        for at in range(len(undone.text)):
            start, length = undone.span(at, 1)
            assert 0 <= start < start + length <= len(text)
            if length == 1 and "\\" not in text[start] and text[start] not in "%&":
                assert text[start] == undone.text[at]


def test_what_is_no_text_is_no_layer() -> None:
    assert list(layers("plain words, and 100 % of them")) == []
    assert [one.text for one in layers(base64.b64encode(random.Random(3).randbytes(3000)).decode())] == []
    assert from_octets("ascii") is None
    assert find("\\x5a %zz &nothing; \\u12 %E5%AF") == ()


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    "hostile",
    [
        "\\" * 1_000_000, "%25" * 300_000, "&amp;" * 200_000, "&#" * 500_000, "\\u0025" * 160_000, "A1b" * 330_000,
        "\\u00" * 250_000, "YWJj" * 250_000, ("k" * 30 + "A1\n") * 30_000, "%e5" * 300_000, "é" * 1_000_000,
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_layers_take_no_time(hostile: str) -> None:
    begun = time.process_time()
    find(hostile)
    find_in_octets(hostile.encode().decode("latin-1"))
    assert time.process_time() - begun < 20


def test_a_key_in_base64_within_base64_is_found_to_a_depth() -> None:
    text = SAMPLES[0].text
    for _ in range(DEEPEST - 1):
        text = base64.b64encode(text.encode()).decode()
    assert find(text)
