"""Where an escrow is, by its URL and by the manifest."""

from pathlib import Path

import pytest

from certkit.errors import UsageError
from certkit.escrow.where import InBucket, InFolder, Where, parse
from certkit.manifest import parse as manifest


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("s3://my-escrow?kms_key=alias/certkit", InBucket("my-escrow", "", None, "alias/certkit")),
        ("s3://my-escrow/a/b/?kms_key=k&region=eu-west-1", InBucket("my-escrow", "a/b", "eu-west-1", "k")),
        (
            "s3://my-escrow/a?kms_key=arn:aws:kms:us-east-1:111122223333:key/1&recipient=own.crt",
            InBucket("my-escrow", "a", None, "arn:aws:kms:us-east-1:111122223333:key/1", Path("own.crt")),
        ),
        ("file:///var/escrow?recipient=/etc/own.crt", InFolder(Path("/var/escrow"), Path("/etc/own.crt"))),
        ("file:///a%20b?recipient=c%20d.crt", InFolder(Path("/a b"), Path("c d.crt"))),
    ],
)
def test_a_url_says_where_and_under_which_key(url: str, where: Where) -> None:
    assert parse(url) == where


@pytest.mark.parametrize(
    "url",
    [
        "",
        "my-escrow",
        "/var/escrow",
        "s3://",
        "s3://my-escrow",
        "s3://my-escrow?kms_key=",
        "s3://My-Escrow?kms_key=k",
        "s3://my-escrow/a?b?kms_key=k",
        "s3://my-escrow/a%0a?kms_key=k",
        "s3://my-escrow?kms_key=k&kms_key=l",
        "s3://my-escrow?kms_key=k&region=Ireland",
        "s3://my-escrow?kms_key=k#x",
        "file:///var/escrow",
        "file://host/var/escrow?recipient=a",
        "file:///var/escrow?recipient=a&kms_key=k",
        "https://my-escrow?kms_key=k",
    ],
)
def test_what_is_no_place_for_keys_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(url)

    assert caught.value.hint


def test_the_manifests_files_count_from_its_folder() -> None:
    folder = '[escrow]\nfolder = "vault"\nrecipient = "own.crt"\n'
    bucket = '[escrow]\nbucket = "my-escrow"\nprefix = "a/"\nkms_key = "k"\nrecipient = "own.crt"\n'

    found = [manifest(text, Path("/etc/certkit/certkit.toml")).escrow for text in (folder, bucket, "")]

    own = Path("/etc/certkit/own.crt")
    assert found == [InFolder(Path("/etc/certkit/vault"), own), InBucket("my-escrow", "a", None, "k", own), None]
