"""Secrets by their forms: what has one is found and covered whole, what only looks like one is left alone."""

from __future__ import annotations

import base64
import hashlib
import inspect
import json
import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.secrets import layers, names, values
from workbench.core.secrets.find import OVERLAP, Secret, cover, digest, find, find_in, masked, masked_json, masked_name
from workbench.core.secrets.rules import DISCORD, DISCORD_LOWERED, RULES, RULES_VERSION

LETTERS = string.ascii_letters + string.digits


def drawn(length: int, alphabet: str = LETTERS, seed: int = 5) -> str:
    """A value drawn at random that holds a digit: no real key stands in a test."""
    source = random.Random(seed)
    return "7" + "".join(source.choice(alphabet) for _ in range(length - 1))


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JWT = f"{packed({'alg': 'HS256', 'typ': 'JWT'})}.{packed({'sub': '12'})}.{drawn(43)}"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"
BLOCK = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "\n".join([drawn(64)] * 4) + "\n-----END OPENSSH PRIVATE KEY-----"

SECRETS = [
    ("OpenAI key", "sk-proj-" + drawn(60), "{}"),
    ("OpenAI key", "sk-" + drawn(48), "key: {} and on"),
    ("Anthropic key", "sk-ant-api03-" + drawn(80), "{}"),
    ("OpenRouter key", "sk-or-v1-" + drawn(64, "0123456789abcdef"), "{}"),
    ("AWS access key", "AKIA" + drawn(16, UPPER), "id={}"),
    ("GitHub token", "ghp_" + drawn(36), "{}"),
    ("GitHub token", "github_pat_" + drawn(60), "{}"),
    ("Google API key", "AIza" + drawn(35), "?key={}&x=1"),
    ("Slack token", "xoxb-" + drawn(40), "{}"),
    ("Stripe key", "sk_live_" + drawn(24), "{}"),
    ("Hugging Face token", "hf_" + drawn(34), "{}"),
    ("JSON web token", JWT, "token {}"),
    ("private key", BLOCK, "Here:\n{}\nbye"),
    ("bearer token", drawn(40), "Authorization: Bearer {}"),
    ("basic authorisation", "dXNlcjpwYXNz", '"Authorization": "Basic {}"'),
    ("cookie", f"sid={drawn(30)}; ", "Cookie: {}theme=dark"),
    ("cookie", '{"name": "sid", "value": "abc"}', '"cookies": [{}]'),
    ("header", "a=b; c=d", '{{"name": "Cookie", "value": "{}"}}'),
    ("password in an address", drawn(18), "https://bob:{}@example.org/x"),
    ("password in an address", "s3cure.pass9", "postgres://app:{}@db.example.org:5432/x"),
    ("password in an address", "hunter_22", "redis://:{}@cache/0"),
    ("Google client secret", "GOCSPX-" + drawn(28), "{}"),
    ("Slack address", f"T{drawn(9, UPPER)}/B{drawn(9, UPPER)}/{drawn(24)}", "https://hooks.slack.com/services/{}"),
    ("Telegram token", "AA" + drawn(33), "71234567:{}"),
    ("Azure signature", drawn(43) + "%3D", "https://x.blob.core.windows.net/c?sv=2022&sig={}"),
    ("Azure storage key", drawn(86) + "==", "AccountKey={};EndpointSuffix=core.windows.net"),
    ("Databricks token", "dapi" + drawn(32, HEX), "{}"),
    ("DigitalOcean token", "dop_v1_" + drawn(64, HEX), "{}"),
    ("Twilio key", "SK" + drawn(32, HEX), "{}"),
    ("Twilio token", drawn(32, HEX), "AC" + drawn(32, HEX, 6) + ":{}"),
    ("Twilio token", drawn(32, HEX), "the token of our Twilio account: {}"),
    ("Discord token", f"MTA0MzI5ODczNDU5ODIzNDExMg.{drawn(6)}.{drawn(38)}", "{}"),
    ("Discord address", f"1043298734598234112/{drawn(68)}", "https://discord.com/api/webhooks/{}"),
    ("GitLab token", "glpat-" + drawn(20, string.ascii_letters), "{}"),
    ("Slack token", "xapp-1-A7" + drawn(60), "{}"),
    ("Shopify token", "shpat_" + drawn(32, HEX), "{}"),
    ("Vault token", "hvs." + drawn(90), "{}"),
    ("Mailchimp key", drawn(32, HEX) + "-us14", "{}"),
    ("Azure client secret", "7aB8Q~" + drawn(34), "{}"),
    ("Terraform token", f"{drawn(14)}.atlasv1.{drawn(67)}", "{}"),
    ("Docker token", "dckr_pat_" + drawn(27), "{}"),
    ("bearer token", drawn(20), "Authorization: Bearer {}"),
    ("bearer token", f"{packed({'alg': 'none'})}.{drawn(30)}", '{\\"Authorization\\": \\"Bearer {}\\"}'),
    ("password", "hT7$kq9ZpLw2Vx", "password = {}"),
    ("password", "Wq!8zLp#2vR9t!", "DB_PASSWORD={}\nDB_HOST=x"),
    ("password", "Gx7!mPq2#Lz", "Passwort: {}"),
    ("password", "Zk9#tQ!2wLp", '{{"password": "{}"}}'),
    ("password", "Zk9#tQ!2wLp", 'os.environ["DB_PASSWORD"] = "{}"'),
    ("password", "My$tr0ngQ9z", "Server=tcp:x;User ID=sa;Password={};Encrypt=yes"),
    ("password", "hT7$kq9ZpLw2Vx", "**Password:** {}."),
    ("password", "hT7kq9ZpLw2Vx", "The password is `{}`."),
    ("password", "Gh7$wq!Lm2", "<db-password>{}</db-password>"),
    ("bearer token", drawn(30), "authorization=Bearer%20{}"),
    ("password", "Lm8$wq2Zt7", "密码\uff1a{}"),
    ("password", "x9$Kq!72m", "curl -s -u bob:{} https://example.org"),
    ("password in an address", "pa/ss#9w@rd", "postgres://svc:{}@db:5432/x"),
    ("assigned secret", drawn(32, LETTERS + "!#%&()"), 'SECRET_KEY = "{}"'),
    ("assigned secret", "7" + "a1b2c3d4" * 3 + "9f9f9f0", "auth_token: {}"),
    ("assigned secret", drawn(24), "password = '{}'"),
    ("assigned secret", drawn(32), '{{\\"api_key\\": \\"{}\\"}}'),
    ("assigned secret", drawn(40), "export AWS_SECRET_ACCESS_KEY={}"),
]


@pytest.mark.parametrize(("kind", "secret", "around"), SECRETS)
def test_every_form_is_found_and_nothing_of_it_is_left(kind: str, secret: str, around: str) -> None:
    text = "İé " + around.replace("{{", "\0").replace("}}", "\1").replace("{}", secret, 1)
    text = text.replace("\0", "{").replace("\1", "}")
    found = find(text)
    assert [one.kind for one in found] == [kind]
    assert text[found[0].start : found[0].start + found[0].length] == secret
    assert masked(text) == text.replace(secret, f"⟦masked: {kind}⟧")
    assert find(masked(text)) == ()


PLACES = [
    ('{{"api_key": "{}"}}', "Zx81!qweLmN77pp9aKqp"), ("DB_PASSWORD='{}'", r"k9Lm\2&pQ!z7"),
    ("api_key={}", "Zx81!qweLmN77pp9aKqp"), ("api_key={}", "Zx81?qweLmN77pp"), ('token: "{}"', "abc$DEF!123&ghi*JKL"),
    ("password: {}", r"corr\ect9Horse!77"), ('{{"password":"{}"}}', r"C9Q\\!zt7Lq&x"),
    ('"password": "{}"', r"a\"b&dE5!xQ"),
    ('DB_PASSWORD="{}"', "abc>9Qz!xTr77"), ("password: '{}'", "abc<9Qz!xTr77"), ('password: "{}"', "9Qz`xTr77!kk"),
    ("PASSWORD:{}", "9Qz,xTr;7Lq"), ("<b>Password:</b> {}", "9Qz!xTr77k&W"), ("| password | {} |", "9Qz!xTr77k&W"),
    ("<td>Password</td><td>{}</td>", "9Qz!xTr77k&W"), ("sshpass -p '{}' ssh x", "k9Lm2&pQ!z7"),
    ("sshpass -p {} ssh x", "k9Lm2&pQ!z7"), ("mysql -u root -p{}", "Zq9xx7kPP"), ("mysqldump -p'{}' db", "Zq9xx7!kPP"),
    *((f"{name}: {{}}", "Zq9!xx7kPP") for name in ("pw", "heslo", "hasło", "HASŁO", "şifre", "salasana")),
    ("كلمة المرور: {}", "Zq9!xx7kPP"), ("口令: {}", "Zq9!xx7kPP"), ("密码是{}", "Zq9!xx7kPP"),
    *(("password: {}", f"Tr0ub4dor{tail}") for tail in ("<3xyQ", '"3xyQ', "'3xyQ", ",3;xyQ", "`3xyQ", ">3[xy]Q")),
    ("The password is {}.", "Tr0ub4dor&3xyQ"), ("(password: {}), and", "Tr0ub4dor&3xyQ"),
    ("password: {}<br>next", "Tr0ub4dor<3xyQ"), ("?password={}&user=bob", "Tr0ub4dor3xyQ"),
    ('{{"a":"my password: {}","b":"c1"}}', "Tr0ub4dor&3xyQ"), ('{{\\"password\\": \\"{}\\"}}', r"k9Lm\\\\2&pQ!z7"),
]  # fmt: skip


@pytest.mark.parametrize(("around", "secret"), PLACES)
def test_a_value_is_masked_whole_whatever_signs_are_in_it(around: str, secret: str) -> None:
    before, after = around.replace("{{", "{").replace("}}", "}").replace("{}", "\0", 1).split("\0")
    text = before + secret + after
    (found,) = find(text)
    assert text[found.start : found.start + found.length] == secret
    assert masked(text) == f"{before}⟦masked: {found.kind}⟧{after}"


def test_the_beginning_of_a_parquet_schema_and_random_base64_are_no_secrets() -> None:
    schema = (
        "/////3gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAIAAABEAAAABAAAAN" + "////EAAAABwAAAAE"
    )
    assert find(schema + "AAAAAAAAAAgAAAByZXNwb25zZQAAAAAEAAQABAAAABAAFAAIAAYABwAMAAAAEAAQAAAA" * 2 + "==") == ()
    assert find(base64.b64encode(random.Random(4).randbytes(1 << 20)).decode()) == ()
    assert [one.kind for one in find("token EAA" + drawn(160))] == ["Facebook token"]


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic authentication is required",
        "token budget = approximately100tokens",
        "secret: Bundesverfassungsgericht-1-BvR-370/07",
        "secret_santa: Maria-2024",
        "token: <md5>",
        "pass: (x1,y2)->(x3,y4)",
        "passwords: 8,16,32,64,128",
        "login(user=u1,password=p1,timeout=30)",
        'self.assertEqual(password,"x12345!a")',
        "const token=localStorage.getItem('token1');",
        'auth = requests.get(f"https://x.example/1/abc9",headers={"a":1})',
        "Bearer authentication is simple and long enough for anyone",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "api_key = 'YOUR_API_KEY_GOES_HERE'",
        "AKIAIOSFODNN7EXAMPLE",
        "password: correct-horse-battery-staple",
        "the SHA-256 is " + "0123456789abcdef" * 4,
        "https://example.com/a/very/long/path/with/2024/numbers?d=e",
        "max_tokens=1024, prompt_tokens: 1234567",
        "eyJhbGciOiJub25l.eyJhbGciOiJub25l.not-json-at-all",
        "-----BEGIN PUBLIC KEY-----\n" + drawn(64) + "\n-----END PUBLIC KEY-----",
        "task-" + drawn(48),
        "https://user:password@example.org and s3://{key}:{secret_key}@bucket and http://localhost:8080/@x",
        "f'postgres://app:${DB_PASSWORD}@db'",
        "sk-proj-... and sk-ant-your-anthropic-api-key-here and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "Authorization: Bearer YOUR_ACCESS_TOKEN, Authorization: Bearer {token}, Authorization: Bearer <token>",
        "`Authorization: Bearer ${accessToken1}`",
        "tokenizer = GPT2Tokenizer.from_pretrained('gpt2')",
        "token = settings.OAUTH2_TOKEN_VALUE_1",
        "",
        "a passion was born\\u2014a passion for it; the secret is trust\\u2014and 2 others",
        "1. Compare each number with the best (one pass is enough).\\n2. Keep the larger one!",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert find(text) == ()
    assert masked(text) == text


@pytest.mark.parametrize(
    "code",
    [
        'input("Enter your password: ")', 'os.environ["DB_PASSWORD_2"]', 'os.getenv("DB_PASS1")',
        "get_password2(user1)",
        "self.password1", "String!", '"string"', '"your_password"', '"password123"', "$DB_PASSWORD", "${DB_PASSWORD}",
        '"{{ vault_password }}"', '"<password>"', "********", "bcrypt.hashpw(pw1.encode(), salt)", "req.body.password;",
        "process.env.DB_PASSWORD_V2,", "values[0]", '$_POST["password1"]', '$row["pass1"];', "z.string().min(8)",
        "models.CharField(max_length=128)", "{type: String, required: true}", "8-16 characters",
        "At least 8 characters",
        '"12345678"', "secrets.token_urlsafe(16)", "sha256(salt1 + password1)", "correct-horse-battery-staple",
    ],
)  # fmt: skip
def test_code_and_advice_on_passwords_hold_none(code: str) -> None:
    for text in (f"password = {code}", f"Password: {code}", f"DB_PASSWORD={code}"):
        assert masked(text) == text


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-abcdEFGH1234ijklMNOP5678qrstUVWX9012abcdEFGH1234", "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "xoxb-1234567890-1234567890123-abcdEFGH1234ijklMNOP5678", "sk_live_1234567890abcdefghijklmn",
        "ghp_abcdefghijklmnopqrstuvwxyz1234567890", "AKIAABCDEFGH12345678",
    ],
)  # fmt: skip
def test_a_key_with_runs_in_it_is_a_key(key: str) -> None:
    assert key not in masked(f"use {key} now")


@pytest.mark.parametrize(
    ("kind", "prefix", "length", "alphabet"),
    [
        ("OpenAI key", "sk-proj-", 60, LETTERS), ("OpenAI key", "sk-", 48, LETTERS),
        ("Google API key", "AIza", 35, LETTERS),
        ("AWS access key", "AKIA", 16, UPPER), ("GitHub token", "ghp_", 36, LETTERS),
        ("GitLab token", "glpat-", 20, LETTERS),
        ("Hugging Face token", "hf_", 34, LETTERS), ("Stripe key", "sk_live_", 24, LETTERS),
        ("Twilio key", "SK", 32, HEX),
    ],
)  # fmt: skip
def test_drawn_keys_are_not_taken_for_stand_ins(kind: str, prefix: str, length: int, alphabet: str) -> None:
    source = random.Random(11)
    for _ in range(500):
        key = prefix + "".join(source.choice(alphabet) for _ in range(length))
        assert [one.kind for one in find(f"it is {key}")] == [kind], key


def test_many_texts_at_once_give_what_each_gives() -> None:
    texts = [around.replace("{}", secret) for _, secret, around in SECRETS] + ["plain", "cookie", "Bearer x"]
    together = find_in(texts)
    assert together == {at: find(text) for at, text in enumerate(texts) if find(text)}
    assert len(together) == len(SECRETS)


@given(st.text(), st.text(), st.sampled_from([s for s in SECRETS if s[2] == "{}"]))
def test_a_key_is_found_wherever_it_stands(before: str, after: str, known: tuple[str, str, str]) -> None:
    text = f"{before} {known[1]} {after}"
    assert known[1] not in masked(text)
    assert any(one.kind == known[0] for one in find(text))


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=400))
def test_covering_is_stable(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


def test_overlapping_stretches_are_covered_as_one() -> None:
    assert cover("abcdefgh", [Secret("a", 1, 3), Secret("b", 2, 4)]) == "a⟦masked: a⟧gh"
    assert digest("abcdefgh", Secret("a", 1, 3)) == digest("xbcdx", Secret("b", 1, 3))


def test_json_is_masked_in_its_depth() -> None:
    key = "sk-proj-" + drawn(60)
    value = {"a": [1, None, {"b": f"x {key}"}], key: True}
    assert key not in json.dumps(masked_json(value))
    assert masked_json({"a": [1.5, "b"]}) == {"a": [1.5, "b"]}


HOSTILE = [
    "cookie: " + "a=" * 200_000, "://" + "a" * 400_000, "sk-" * 200_000, "key=" * 200_000, "eyJ" * 200_000,
    "password=" * 100_000, "passwd:'" * 100_000, "curl " * 100_000, "curl -u a:" * 50_000, "twilio " * 100_000,
    ("AC" + "0" * 32 + " ") * 20_000, "a:a@://" * 100_000, "Authorization: Bearer " * 50_000, "MTA0" * 200_000,
    " eyJaaaaa." * 60_000, "-----BEGIN PRIVATE KEY-----" * 20_000, '"cookies":[{' * 30_000,
    '"name":"cookie","value":"' * 20_000,
]  # fmt: skip


@pytest.mark.timeout(200)
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_no_time(hostile: str) -> None:
    """Seconds of this process, whatever else the machine does; a text that can't be read in them is never done."""
    begun = time.process_time()
    find(hostile)
    assert time.process_time() - begun < 20


def test_pieces_of_a_stream_overlap_by_more_than_the_longest_form() -> None:
    assert len(BLOCK) < 12_000 < OVERLAP


@pytest.mark.parametrize(
    ("value", "masks"),
    [
        ("Abc12345x", True), ("Abd12345x", True), ("Abc123def", True), ("abc12345", False), ("Abc12345!", False),
        ("Password123!", False), ("Admin123", False), ("changeme123!", False), ("abc12345xyz", False),
    ],
)  # fmt: skip
def test_counting_alone_stands_in_and_a_letter_beside_it_does_not(value: str, masks: bool) -> None:
    assert [bool(find(text)) for text in (f"password: {value}", f'"password": "{value}"')] == [masks, masks]


def test_names_are_masked_and_stay_apart() -> None:
    one, other = ("sk-proj-" + drawn(60, seed=seed) for seed in (1, 2))
    names = [masked_name(f"log {key}.jsonl.gz") for key in (one, other)]
    assert names[0] != names[1]
    assert all(name.startswith("log ⟦masked: OpenAI key ") and name.endswith("⟧.jsonl.gz") for name in names)
    assert not [name for name in names if one in name or other in name or find(name)]
    assert masked_name(f"password={drawn(24)}.csv").endswith("⟧.csv")
    assert masked_name("answers of model-7.jsonl") == "answers of model-7.jsonl"


def test_rules_that_change_change_their_name() -> None:
    rules = [
        (r.kind, r.literals, r.pattern.pattern, int(r.pattern.flags), r.check.__name__, r.short, r.back) for r in RULES
    ]
    whole = ascii((rules, DISCORD.pattern, DISCORD_LOWERED.pattern)) + "".join(
        map(inspect.getsource, (values, names, layers))
    )
    # Cases say by which rules they were examined: whoever changes a rule or a check gives both a new value here.
    assert (RULES_VERSION, hashlib.sha256(whole.encode()).hexdigest()[:16]) == ("secrets-7", "d14999e11a750fe9")
