"""TOML text to the manifest, and what is said of text that is none."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

import pytest

from certkit.errors import ConfigurationError
from certkit.expiry import DEFAULT, Threshold
from certkit.limits import MAX_MANIFEST_BYTES
from certkit.manifest import Account, Address, CertificateSpec, Manifest, Origin, Renewal, Telling, load, parse
from certkit.waiver import Waiver

CONTRACT: Final = """\
[defaults]
regions = ["us-east-1"]
renew_when = "33%"                    # of the lifetime left, or "30d"
tags = { env = "prod" }

[accounts.prod]
id = "111122223333"
role = "arn:aws:iam::111122223333:role/certkit"   # without one: the caller's own account

[certificates.shop]
source = "shop.pfx"                   # or key = , body = , chain =
passin = "secretsmanager://shop/pfx#password"
for = ["cloudfront"]
regions = ["us-east-1", "eu-west-1"]
accounts = ["prod"]
tags = { team = "web" }
owner = "web"
renew_command = ["certbot", "renew", "--cert-name", "shop"]
verify = ["shop.example.com:443"]

[[waiver]]
rule = "validity-over-public-limit"
match = "shop"
reason = "internal CA"
until = 2027-01-31
"""
FILE: Final = Path("/etc/certkit/certkit.toml")
SHOP: Final = '[certificates.shop]\nsource = "shop.pfx"\n'


def spec(text: str) -> CertificateSpec:
    """The only certificate of a manifest."""
    (found,) = parse(text, FILE).certificates
    return found


def refusal(text: str, path: Path = Path("certkit.toml")) -> tuple[str, str | None]:
    """What is said of a manifest that is none, and the way out."""
    with pytest.raises(ConfigurationError) as caught:
        parse(text, path)
    return caught.value.message, caught.value.hint


def test_the_contracts_own_example_is_read_as_it_is_meant() -> None:
    prod = Account("prod", "111122223333", "arn:aws:iam::111122223333:role/certkit", None)

    found = parse(CONTRACT, FILE)

    assert found == Manifest(
        path=FILE,
        regions=("us-east-1",),
        accounts=(prod,),
        certificates=(
            CertificateSpec(
                name="shop",
                origin=Origin("/etc/certkit/shop.pfx", passin="secretsmanager://shop/pfx#password"),
                services=("cloudfront",),
                regions=("us-east-1", "eu-west-1"),
                accounts=(prod,),
                tags={"env": "prod", "team": "web"},
                owner="web",
                renewal=Renewal(
                    command=("certbot", "renew", "--cert-name", "shop"),
                    when=Threshold(share=0.33),
                    pre=(),
                    post=(),
                    on_failure=(),
                    verify=("shop.example.com:443",),
                ),
            ),
        ),
        waivers=(Waiver("validity-over-public-limit", "shop", "internal CA", dt.date(2027, 1, 31)),),
    )


def test_what_a_certificate_does_not_say_the_defaults_say() -> None:
    text = (
        '[accounts.a]\nid = "111122223333"\n[defaults]\nregions = ["eu-west-1"]\naccounts = ["a"]\nfor = ["alb"]\n'
        'owner = "ops"\nrenew_when = "30d"\ntags = { env = "prod", team = "ops" }\ninclude_root = true\npre = ["p"]\n'
    )

    found = spec(text + SHOP + 'tags = { team = "web" }\n')

    assert (found.regions, [one.name for one in found.accounts], found.services) == (("eu-west-1",), ["a"], ("alb",))
    assert (found.owner, found.renewal.when, found.renewal.pre) == (
        "ops",
        Threshold(left=dt.timedelta(days=30)),
        ("p",),
    )
    assert found.tags == {"env": "prod", "team": "web"}
    assert found.origin.include_root


def test_what_a_certificate_says_wins_over_the_defaults() -> None:
    text = '[defaults]\nregions = ["eu-west-1"]\nowner = "ops"\ninclude_root = true\n'

    found = spec(text + SHOP + 'regions = ["us-east-2"]\nowner = "web"\ninclude_root = false\n')

    assert (found.regions, found.owner, found.origin.include_root) == (("us-east-2",), "web", False)


def test_without_anything_it_goes_where_everything_goes() -> None:
    found = spec(SHOP)

    assert (found.regions, found.accounts, found.tags, found.owner) == ((), (), {}, None)
    assert found.renewal == Renewal((), DEFAULT, (), (), (), ())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("shop.pfx", "/etc/certkit/shop.pfx"),
        ("../tls/shop.pfx", "/etc/certkit/../tls/shop.pfx"),
        ("/tls/shop.pfx", "/tls/shop.pfx"),
        ("file://shop.pfx", "file:///etc/certkit/shop.pfx"),
        ("fileb:///tls/shop.pfx", "fileb:///tls/shop.pfx"),
        ("env:SHOP", "env:SHOP"),
        ("s3://bucket/shop.pfx", "s3://bucket/shop.pfx"),
        ("secretsmanager://shop#pfx", "secretsmanager://shop#pfx"),
        ("arn:aws:acm:us-east-1:111122223333:certificate/1", "arn:aws:acm:us-east-1:111122223333:certificate/1"),
    ],
)
def test_a_path_counts_from_the_manifests_folder_and_nothing_else_does(written: str, read: str) -> None:
    assert spec(f'[certificates.shop]\nsource = "{written}"').origin.source == read


def test_parts_and_passwords_count_from_the_manifests_folder_too() -> None:
    text = 'body = "a.crt"\nkey = "a.key"\nchain = "c.pem"\nroots = "r.pem"\npassin = "file:p"\nkey_passin = "env:P"\n'

    assert spec("[certificates.shop]\n" + text).origin == Origin(
        source="/etc/certkit/a.crt",
        key="/etc/certkit/a.key",
        chain="/etc/certkit/c.pem",
        roots="/etc/certkit/r.pem",
        passin="file:/etc/certkit/p",
        key_passin="env:P",
    )


def test_a_pyproject_says_everything_but_certificates() -> None:
    text = '[project]\nname = "x"\n[tool.certkit.defaults]\nregions = ["eu-west-1"]\n'
    path = Path("pyproject.toml")

    assert parse(text, path).regions == ("eu-west-1",)
    assert refusal(text + '[tool.certkit.certificates.shop]\nsource = "x"', path)[0] == (
        "pyproject.toml:5: certificates: there is no such key"
    )
    assert refusal(text + 'region = "x"', path)[0] == "pyproject.toml:5: defaults.region: there is no such key"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "a = 1",
            "certkit.toml:1: a: there is no such key",
            "one of defaults, accounts, certificates, waiver, notify, owners, job, escrow, waves, freeze",
        ),
        ("\n[waivers]", "certkit.toml:2: waivers: there is no such key", "did you mean waiver?"),
        (
            SHOP + "regoins = []",
            "certkit.toml:3: certificates.shop.regoins: there is no such key",
            "did you mean regions?",
        ),
        ("[defaults]\nsource = 'x'", "certkit.toml:2: defaults.source: there is no such key", None),
        ('[accounts.a]\nid = "1"', "certkit.toml:2: accounts.a.id: '1' is no account's ID", "twelve digits, in quotes"),
        ("[accounts.a]\nid = 111122223333", "certkit.toml:2: accounts.a.id: it is a number, not a text", None),
        ("[accounts.a]", "certkit.toml:1: accounts.a: id is missing", 'such as id = "111122223333"'),
        ("accounts = 1", "certkit.toml:1: accounts: it is no table", "write it as [accounts]"),
        (
            "certificates.shop = 1",
            "certkit.toml:1: certificates.shop: it is no table",
            "write it as [certificates.shop]",
        ),
        ("[certificates.shop]", "certkit.toml:1: certificates.shop: source is missing", None),
        ('[certificates.s]\nbody = "b"', "certkit.toml:2: certificates.s.body: key is missing beside it", None),
        (SHOP + 'body = "b"', "certkit.toml:3: certificates.shop.body: source is there already", None),
        (SHOP + 'for = ["s3"]', "certkit.toml:3: certificates.shop.for: 's3' is no service that certkit knows", None),
        (
            SHOP + 'regions = "x"',
            "certkit.toml:3: certificates.shop.regions: it is a text, not a list",
            'write it as ["…"]',
        ),
        (SHOP + "regions = []", "certkit.toml:3: certificates.shop.regions: it is an empty list", None),
        (SHOP + 'regions = ["all"]', "certkit.toml:3: certificates.shop.regions: 'all' is no region", None),
        (SHOP + 'regions = ["a/b"]', "certkit.toml:3: certificates.shop.regions: 'a/b' is no region", None),
        (
            SHOP + 'regions = ["eu-west-1", "eu-west-1"]',
            "certkit.toml:3: certificates.shop.regions: 'eu-west-1' stands in it twice",
            None,
        ),
        (
            SHOP + 'accounts = ["prd"]\n[accounts.prod]\nid = "111122223333"',
            "certkit.toml:3: certificates.shop.accounts: there is no account 'prd'",
            "did you mean prod?",
        ),
        (SHOP + 'renew_when = "soon"', "certkit.toml:3: certificates.shop.renew_when: 'soon' is no threshold", None),
        (SHOP + "renew_when = 30", "certkit.toml:3: certificates.shop.renew_when: it is a number, not a text", None),
        (
            SHOP + 'renew_command = "certbot renew"',
            "certkit.toml:3: certificates.shop.renew_command: a command is a list of arguments, which no shell splits",
            None,
        ),
        (
            SHOP + 'verify = ["https://a"]',
            "certkit.toml:3: certificates.shop.verify: 'https://a' is no HOST:PORT",
            None,
        ),
        (SHOP + 'verify = ["a..b"]', "certkit.toml:3: certificates.shop.verify: 'a..b' is no HOST:PORT", None),
        (SHOP + 'verify = ["a:0"]', "certkit.toml:3: certificates.shop.verify: 'a:0' is no HOST:PORT", None),
        (
            SHOP + "include_root = 1",
            "certkit.toml:3: certificates.shop.include_root: it is a number, not true or false",
            None,
        ),
        (
            SHOP + "tags = { a = 1 }",
            "certkit.toml:3: certificates.shop.tags: the tag 'a' is a number, not a text",
            None,
        ),
        (SHOP + 'tags = { a = "*" }', "the value '*' of the tag 'a' holds '*', which ACM does not take in tags", None),
        (SHOP + 'tags = { "aws:a" = "x" }', "begins with aws:, which is for AWS alone", None),
        (SHOP + 'tags = { "certkit:name" = "x" }', "the tag 'certkit:name' is certkit's own", None),
        (
            SHOP + 'passin = "stdin"',
            "certkit.toml:3: certificates.shop.passin: it does not say where the password is",
            None,
        ),
        (
            '[certificates."a*"]\nsource = "x"',
            'certkit.toml:1: certificates."a*": the name cannot stand in a tag',
            None,
        ),
        ('[certificates.a]\nsource = "-"', "standard input is no SOURCE of a manifest", None),
        ('[certificates.a]\nsource = "a\\u0000"', "it holds a NUL", None),
        ('[certificates.a]\nsource = " "', "certkit.toml:2: certificates.a.source: it is empty", None),
        ("waiver = 1", "certkit.toml:1: waiver: it is no list of tables", None),
        ("[[waiver]]\nrule = 'expired'", "certkit.toml:1: waiver.1: match is missing", None),
        (
            "[[waiver]]\nrule='key-mismatch'\nmatch='*'\nreason='r'\nuntil='2027-01-01'",
            "certkit.toml:5: waiver.1.until: it is no day",
            None,
        ),
        (
            "[[waiver]]\nrule='exprd'\nmatch='*'\nreason='r'\nuntil=2027-01-01",
            "certkit.toml:2: waiver.1.rule: there is no",
            None,
        ),
        ("[[waiver]]\nrul = 'x'", "certkit.toml:2: waiver.1.rul: there is no such key", None),
        ("a = ", "certkit.toml: invalid value (at end of document)", "https://toml.io"),
        ("a = 1\na = 2", "certkit.toml: cannot overwrite a value (at end of document)", None),
        (f"a = {'1' * 5000}", "certkit.toml: ", None),
        ("a = " + "[" * 2000, "certkit.toml: it is nested more than 16 deep, which no manifest is", None),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(text: str, message: str, hint: str | None) -> None:
    said, way_out = refusal(text)

    assert message in said
    assert hint is None or way_out == hint


def test_an_account_stands_once_and_its_role_is_its_own() -> None:
    first = '[accounts.a]\nid = "111122223333"\n'
    role = 'role = "arn:aws:iam::444455556666:role/certkit"\n'

    assert (
        refusal(first + first.replace(".a]", ".b]"))[0]
        == "certkit.toml:4: accounts.b.id: 111122223333 is the account 'a' already"
    )
    assert (
        refusal(first + role)[0]
        == "certkit.toml:3: accounts.a.role: the role is in account 444455556666, not in 111122223333"
    )
    assert (
        refusal(first + 'external_id = "k3x0"')[0]
        == "certkit.toml:3: accounts.a.external_id: there is no role that could ask for it"
    )


def test_fifty_tags_are_fifty_with_certkits_own() -> None:
    many = {f"t{number}": "x" for number in range(47)}
    own = ", ".join(f'{key} = "{value}"' for key, value in many.items())

    assert spec(f"{SHOP}tags = {{ {own} }}").tags == many
    assert (
        "there are 51 tags, and ACM takes 50"
        in refusal(f'[defaults]\ntags = {{ z = "1" }}\n{SHOP}tags = {{ {own} }}')[0]
    )


def test_a_password_is_never_repeated() -> None:
    message, hint = refusal(SHOP + 'passin = "pass:hunter2"')

    assert "hunter2" not in f"{message}{hint}"


def test_a_file_is_read_with_the_mark_and_the_line_ends_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "certkit.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHOP.replace("\n", "\r\n").encode())

    assert load(path).certificates[0].origin.source == str(tmp_path / "shop.pfx")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file or directory"),
        (b"\xff\xfe", "it is no UTF-8, as TOML must be"),
        (b"#" * (MAX_MANIFEST_BYTES + 1), "it has more than 16 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "certkit.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError) as caught:
        load(path)

    assert caught.value.message == f"{path}: {message}"


def test_a_folder_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)

    assert caught.value.message == f"{tmp_path}: {os.strerror(21).lower()}"


TOLD = """
[notify]
sns = "arn:aws:sns:us-east-1:111122223333:all"
events = "default"
metrics = true
[owners.web]
webhook = "env:WEB"
[owners.press]
webhook = "file:press.url"
"""


def test_whom_to_tell_is_said_for_everybody_and_for_each_owner() -> None:
    telling = parse(TOLD, Path("estate/certkit.toml")).telling

    owners = {"web": Address(webhook="env:WEB"), "press": Address(webhook="file:estate/press.url")}
    assert telling == Telling(Address("arn:aws:sns:us-east-1:111122223333:all"), owners, "default", metrics=True)
    assert parse("", Path("certkit.toml")).telling == Telling()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[owners.web]", "owners.web: there is no address"),
        ('[owners.web]\nmail = "a@example.com"', "owners.web.mail: there is no such key"),
        ('[notify]\nsns = "all"', "notify.sns: 'all' is no topic's ARN"),
        ('[notify]\nsns = "arn:aws:sns:us-east-1:111122223333:all.fifo"', "is no topic's ARN"),
        ('[notify]\nevents = "a b"', "notify.events: 'a b' is no event bus"),
        ('[notify]\nmetrics = "yes"', "notify.metrics: it is a text, not true or false"),
        ("notify = 1", "notify: it is no table"),
    ],
)
def test_nobody_is_told_where_that_is_not_said_well(text: str, message: str) -> None:
    assert message in refusal(text)[0]


def test_the_address_of_a_webhook_must_not_stand_in_the_file_and_is_not_repeated() -> None:
    said, hint = refusal('[owners.web]\nwebhook = "https://hooks.slack.com/services/T/B/sesame"')

    assert said.endswith("owners.web.webhook: it does not say where the address is")
    assert "sesame" not in f"{said} {hint}"
