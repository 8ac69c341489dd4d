"""Every key of the manifest: its reader, its form for editors, and what a user reads about it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from certkit import region
from certkit.escrow import where
from certkit.manifest import values
from certkit.rules import CRITERIA
from certkit.rules.services import SERVICES

Value_co = TypeVar("Value_co", covariant=True)

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_FLAG: Final = {"type": "boolean"}


def _form(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _some(each: Mapping[str, object]) -> dict[str, object]:
    return {"type": "array", "items": dict(each), "minItems": 1, "uniqueItems": True}


_COMMAND: Final = {"type": "array", "items": _TEXT, "minItems": 1}
_TAGS: Final = {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Key(Generic[Value_co]):
    """One key.

    Attributes:
        read: from what TOML gives to certkit's own value.
        form: of what TOML gives, as JSON Schema.
        meaning: a sentence for the page of all keys, without its full stop.
        example: as it stands behind the equals sign.
        default: what holds without it, `required` where something must be said.
    """

    name: str
    read: Callable[[object], Value_co]
    form: Mapping[str, object]
    meaning: str
    example: str
    default: str = "none"


SOURCE: Final = Key("source", values.source, _TEXT, "the bundle, a SOURCE", '"shop.pfx"', "required, or `body`")
BODY: Final = Key("body", values.source, _TEXT, "the certificate, a SOURCE, where `key` is another", '"shop.crt"')
KEY: Final = Key("key", values.source, _TEXT, "the private key, where the bundle lacks it", '"shop.key"')
CHAIN: Final = Key("chain", values.source, _TEXT, "more certificates for the chain", '"chain.pem"')
PASSIN: Final = Key(
    "passin",
    values.password,
    {"type": "string", "pattern": f"^({values.PASSIN_PATTERN})$"},
    "where the password is: `env:`, `file:`, `secretsmanager://` or `ssm:///`",
    '"env:PFX_PASSWORD"',
)
KEY_PASSIN: Final = Key(
    "key_passin", values.password, PASSIN.form, "the same for a key with a password of its own", '"file:key.pass"'
)
ALIAS: Final = Key("alias", values.text, _TEXT, "the entry of a keystore, as `--alias`", '"tomcat"')
NAME_MATCH: Final = Key("name_match", values.text, _TEXT, "the leaf by a DNS name, as `--name-match`", '"a.example"')
ROOTS: Final = Key("roots", values.source, _TEXT, "roots that complete the chain, as `--roots`", '"roots.pem"')
INCLUDE_ROOT: Final = Key("include_root", values.flag, _FLAG, "whether to keep a root in the chain", "true", "false")
FOR: Final = Key(
    "for", values.services, _some({"enum": list(SERVICES)}), "the services that are to use it", '["cloudfront"]'
)
REGIONS: Final = Key(
    "regions",
    values.regions,
    _some(_form(region.PATTERN)),
    "where it goes",
    '["us-east-1", "eu-west-1"]',
    "`CERTKIT_REGION`, else us-east-1",
)
ACCOUNTS: Final = Key(
    "accounts",
    values.some,
    _some(_TEXT),
    "the accounts it goes to, by their names here",
    '["prod"]',
    "the caller's own",
)
TAGS: Final = Key("tags", values.tag_table, _TAGS, "tags of yours, beside certkit's own", '{ team = "web" }')
OWNER: Final = Key("owner", values.text, _TEXT, "who is told of it", '"web"')
RENEW_COMMAND: Final = Key(
    "renew_command",
    values.command,
    _COMMAND,
    "what renews the source, as a list of arguments",
    '["certbot", "renew", "--cert-name", "shop"]',
)
RENEW_WHEN: Final = Key(
    "renew_when",
    values.threshold,
    _form(values.THRESHOLD_PATTERN),
    "the lifetime left at which `renew_command` is due",
    '"33%"',
    "a third, half below ten days",
)
RENEW_ALLOW: Final = Key(
    "renew_allow",
    values.dangers,
    _some({"enum": list(values.DANGERS)}),
    "what a reimport may do although `renew` would stop it",
    '["lost-name"]',
)
VERIFY: Final = Key(
    "verify",
    values.endpoints,
    _some(_form(values.ENDPOINT_PATTERN)),
    "the endpoints that should serve it",
    '["shop.example.com:443"]',
)
PRE: Final = Key("pre", values.command, _COMMAND, "a command before a renewal", '["./freeze.sh"]')
POST: Final = Key("post", values.command, _COMMAND, "a command after a renewal", '["./announce.sh"]')
ON_FAILURE: Final = Key("on_failure", values.command, _COMMAND, "a command after a failed one", '["./page.sh"]')

ACCOUNT_ID: Final = Key("id", values.account_id, _form(values.ACCOUNT_PATTERN), "its ID", '"111122223333"', "required")
ROLE: Final = Key(
    "role",
    values.role,
    _form(values.ROLE_PATTERN),
    "the role to assume in it",
    '"arn:aws:iam::111122223333:role/certkit"',
    "none: the caller is in it",
)
EXTERNAL_ID: Final = Key(
    "external_id", values.external_id, _form(values.EXTERNAL_ID_PATTERN), "what the role asks for", '"k3x0"'
)

SNS: Final = Key(
    "sns",
    values.topic,
    _form(values.TOPIC_PATTERN),
    "the SNS topic that is told",
    '"arn:aws:sns:us-east-1:111122223333:certificates"',
)
WEBHOOK: Final = Key(
    "webhook",
    values.webhook,
    PASSIN.form,
    "where the address of the webhook is that is told, in Slack's form",
    '"env:SLACK_WEBHOOK"',
)
EVENTS: Final = Key(
    "events",
    values.bus,
    _form(values.BUS_PATTERN),
    "the EventBridge bus that gets an event for each certificate",
    '"default"',
)
METRICS: Final = Key("metrics", values.flag, _FLAG, "whether CloudWatch gets metrics and a heartbeat", "true", "false")
ALLOW_PRIVATE: Final = Key(
    "allow_private",
    values.flag,
    _FLAG,
    "whether webhooks may be inside a private network, and without TLS",
    "true",
    "false",
)

RULE: Final = Key(
    "rule", values.text, {"enum": [one.id for one in CRITERIA]}, "the rule", '"validity-over-public-limit"', "required"
)
MATCH: Final = Key("match", values.text, _TEXT, "a pattern for the certificate's name", '"shop*"', "required")
REASON: Final = Key("reason", values.text, _TEXT, "why it is waived", '"internal CA"', "required")
UNTIL: Final = Key(
    "until",
    lambda value: value if isinstance(value, dt.date) else None,
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "the last day on which it holds, in UTC",
    "2027-01-31",
    "required",
)

BUCKET: Final = Key(
    "bucket", values.bucket, _form(where.BUCKET_PATTERN), "the bucket, which keeps versions", '"escrow"'
)
PREFIX: Final = Key("prefix", values.prefix, _form(where.PREFIX_PATTERN), "what its keys begin with", '"certkit"')
KMS_KEY: Final = Key(
    "kms_key",
    values.kms_key,
    _form(where.KMS_KEY_PATTERN),
    "the KMS key that S3 encrypts under",
    '"alias/certkit"',
    "required with `bucket`",
)
BUCKET_REGION: Final = Key(
    "region", values.region_name, _form(region.PATTERN), "the bucket's", '"eu-west-1"', "found out"
)
FOLDER: Final = Key("folder", values.path, _TEXT, "a folder of this machine, in the bucket's place", '"escrow"')
RECIPIENT: Final = Key(
    "recipient",
    values.path,
    _TEXT,
    "the file of the certificate to whose key bundles are closed",
    '"escrow.crt"',
    "required with `folder`",
)

_BUNDLE: Final = (SOURCE, BODY, KEY, CHAIN, PASSIN, KEY_PASSIN, ALIAS, NAME_MATCH, ROOTS, INCLUDE_ROOT)
_PLACE: Final = (FOR, REGIONS, ACCOUNTS, TAGS, OWNER)
_RENEWAL: Final = (RENEW_COMMAND, RENEW_WHEN, RENEW_ALLOW, VERIFY, PRE, POST, ON_FAILURE)

CERTIFICATE_KEYS: Final[tuple[Key[object], ...]] = (*_BUNDLE, *_PLACE, *_RENEWAL)
"""What `[certificates.NAME]` may say."""

DEFAULT_KEYS: Final[tuple[Key[object], ...]] = (*_PLACE, INCLUDE_ROOT, RENEW_WHEN, PRE, POST, ON_FAILURE)
"""What `[defaults]` may say for all certificates; tags are joined, everything else is replaced by the certificate's own."""

ACCOUNT_KEYS: Final[tuple[Key[object], ...]] = (ACCOUNT_ID, ROLE, EXTERNAL_ID)
"""What `[accounts.NAME]` may say."""

ADDRESS_KEYS: Final[tuple[Key[object], ...]] = (SNS, WEBHOOK)
"""What `[owners.NAME]` may say."""

NOTIFY_KEYS: Final[tuple[Key[object], ...]] = (*ADDRESS_KEYS, EVENTS, METRICS, ALLOW_PRIVATE)
"""What `[notify]` may say; its own addresses are for what no owner with an address has."""

ESCROW_KEYS: Final[tuple[Key[object], ...]] = (BUCKET, PREFIX, KMS_KEY, BUCKET_REGION, FOLDER, RECIPIENT)
"""What `[escrow]` may say."""

WAIVER_KEYS: Final[tuple[Key[object], ...]] = (RULE, MATCH, REASON, UNTIL)
"""What `[[waiver]]` may say; `certkit.waiver` reads it."""
