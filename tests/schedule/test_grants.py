"""What a job must be allowed to read, by the SOURCEs of its manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from certkit.manifest import parse
from certkit.schedule.grants import left_behind, statements

ACCOUNT = "${AWS::AccountId}"


@pytest.mark.parametrize(
    ("source", "resource"),
    [
        ("s3://b/k*?y", "arn:${AWS::Partition}:s3:::b/k${*}${?}y"),
        ("s3://b/k?versionId=1", "arn:${AWS::Partition}:s3:::b/k"),
        (
            "secretsmanager://arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-a1b2c3#f",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-a1b2c3",
        ),
        ("ssm:///a/b:3", f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:{ACCOUNT}:parameter/a/b"),
        ("ssm:///a?region=eu-west-1", f"arn:${{AWS::Partition}}:ssm:eu-west-1:{ACCOUNT}:parameter/a"),
    ],
)
def test_a_source_is_a_resource(source: str, resource: str) -> None:
    manifest = parse(f'[certificates.a]\nsource = "{source}"\n', Path("certkit.toml"))

    (statement,) = statements(manifest)

    assert statement["Resource"] == [resource]


@pytest.mark.parametrize(
    ("key", "resource", "alias"),
    [
        ("arn:aws:kms:us-east-1:111122223333:key/1", "arn:aws:kms:us-east-1:111122223333:key/1", None),
        ("0a1b", f"arn:${{AWS::Partition}}:kms:*:{ACCOUNT}:key/0a1b", None),
        ("alias/c", f"arn:${{AWS::Partition}}:kms:*:{ACCOUNT}:key/*", "alias/c"),
        ("arn:aws:kms:us-east-1:111122223333:alias/c", "arn:aws:kms:us-east-1:111122223333:key/*", "alias/c"),
    ],
)
def test_the_escrows_key_is_a_key_or_a_condition(key: str, resource: str, alias: str | None) -> None:
    text = f'[escrow]\nbucket = "my-escrow"\nkms_key = "{key}"\n[certificates.a]\nsource = "https://a.example"\n'

    *_, sealing = statements(parse(text, Path("certkit.toml")))

    condition = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": [alias]}} if alias else None
    assert (sealing["Resource"], sealing.get("Condition")) == ([resource], condition)


def test_what_is_called_and_who_is_become_is_granted_once() -> None:
    role = "arn:aws:iam::111122223333:role/certkit"
    text = (
        f'[accounts.prod]\nid = "111122223333"\nrole = "{role}"\n[job]\nping = "ssm:///ping"\n'
        '[certificates.a]\nsource = "https://a.example"\naccounts = ["prod"]\n'
        '[certificates.b]\nsource = "https://b.example"\naccounts = ["prod"]\n'
    )

    found = list(statements(parse(text, Path("certkit.toml"))))

    parameter = f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:{ACCOUNT}:parameter/ping"
    assert [(one["Action"], one["Resource"]) for one in found] == [
        (["ssm:GetParameter"], [parameter]),
        (["sts:AssumeRole"], [role]),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('[job]\nping = "env:PING"\n', ("job: ping", "env:PING")),
        ('[notify]\nwebhook = "env:CHAT"\n', ("notify: webhook", "env:CHAT")),
        ('[owners.web]\nwebhook = "env:CHAT"\n', ("owners.web: webhook", "env:CHAT")),
        ('[escrow]\nfolder = "vault"\nrecipient = "own.crt"\n', ("escrow: folder", "vault")),
    ],
)
def test_what_no_other_machine_has_is_named_with_its_place(text: str, left: tuple[str, str]) -> None:
    manifest = parse(text + '[certificates.a]\nsource = "https://a.example"\n', Path("certkit.toml"))

    (found,) = left_behind(manifest)

    assert (found[0], left[1] in found[1]) == (left[0], True)
