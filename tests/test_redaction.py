"""Tests of certkit.redaction."""

import base64
import io
import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from certkit import redaction
from certkit.redaction import redact
from certkit.testing.plugin import strict_acm, strict_acm_sessions  # noqa: F401 -- fixtures
from tests.cli.bundles import shop
from tests.secrets.canaries import traces


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Where the log goes while redaction is installed; logging is put back afterwards."""
    root = logging.getLogger()
    before = (logging.getLogRecordFactory(), list(root.handlers), root.level)
    stream = io.StringIO()
    redaction.install(stream)
    yield stream
    logging.setLogRecordFactory(before[0])
    root.handlers[:] = before[1]
    root.setLevel(before[2])


@pytest.fixture
def own_handler() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger with a handler of its own, whose records go nowhere else, as a library may have one."""
    logger, stream = logging.getLogger("tests.library"), io.StringIO()
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)
    logger.propagate = True


KEY = shop().key_pem.decode()


FORMS = {
    "pem": KEY,
    "str as Python shows it": repr(KEY),
    "bytes as Python shows it": repr(KEY.encode()),
    "literal line ends": KEY.replace("\n", "\\n"),
    "cut off": KEY[:100],
    "traditional": shop().traditional_key_pem.decode(),
    "encrypted": shop().encrypted_key_pem(b"x").decode(),
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64, one later": base64.b64encode(b"x" + KEY.encode()).decode(),
    "base64, two later": base64.b64encode(b"xx" + KEY.encode()).decode(),
    "base64, cut off": base64.b64encode(KEY.encode()).decode()[:60],
    "base64 in lines": base64.encodebytes(KEY.encode()).decode().replace("\n", "\\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_private_key_is_redacted_whatever_form_it_has(form: str) -> None:
    seen = redact(f"before {FORMS[form]} after")

    assert seen.startswith("before ")
    assert "[redacted]" in seen
    assert traces(KEY.encode()).found_in(seen) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"SecretAccessKey": "%s"}',
        "{'secretAccessKey': '%s'}",
        '{\\"SessionToken\\": \\"%s\\"}',
        "<SecretAccessKey>%s</SecretAccessKey>",
        "<SessionToken>%s</SessionToken>",
        "x-amz-security-token:%s\n",
        "'X-Amz-Security-Token': b'%s'",
        "https://sts.amazonaws.com/?X-Amz-Security-Token=%s&x=1",
        "aws_secret_access_key = %s",
        '"accessToken": "%s"',
        '"refreshToken": "%s", "clientSecret": "%s"',
        '"PrivateKey": "%s"',
        "'PrivateKey': b'%s'",
        "password=%s",
        "Passphrase: %s",
    ],
)
def test_a_credential_is_redacted_by_its_name(text: str) -> None:
    secret = "IQoJb3JpZ2luX2VjEJr//w+canary=="

    seen = redact(text.replace("%s", secret))

    assert "canary" not in seen
    assert redact(text.replace("%s", "")).count("[redacted]") == 0


@pytest.mark.parametrize(
    "text", ["", "a plain line", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "key=value token"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_a_record_is_redacted_with_its_arguments(log: io.StringIO) -> None:
    logging.getLogger("some.library").debug("sending %s and %r", KEY, {"PrivateKey": KEY.encode()})

    assert log.getvalue() == (
        "certkit: debug: some.library: sending [redacted]\n  |  and {'PrivateKey': b'[redacted]\\n'}\n"
    )


def _fail() -> None:
    raise ValueError(KEY)


def test_a_traceback_is_redacted(log: io.StringIO) -> None:
    try:
        _fail()
    except ValueError:
        logging.getLogger("some.library").exception("failed", stack_info=True)

    assert "ValueError: [redacted]" in log.getvalue()
    assert "Stack (most recent call last)" in log.getvalue()
    assert traces(KEY.encode()).found_in(log.getvalue()) == []


def test_a_handler_of_a_librarys_own_gets_redacted_records(
    log: io.StringIO, own_handler: tuple[logging.Logger, io.StringIO]
) -> None:
    logger, stream = own_handler

    logger.error("sending %s", KEY)
    try:
        _fail()
    except ValueError:
        logger.exception("failed")

    assert stream.getvalue().startswith("sending [redacted]")
    assert traces(KEY.encode()).found_in(stream.getvalue()) == []
    assert log.getvalue() == ""


def test_a_record_that_cannot_be_formatted_does_not_show_its_arguments(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("some.library").debug("sending %d", KEY)

    assert log.getvalue() == "certkit: debug: some.library: a message that cannot be formatted (TypeError)\n"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    [
        """Response body: b'{"Name": "shop", "SecretString": "of\\' {tr0ub4dor}! \\\\n tr0ub4dor"}'""",
        '{"SecretBinary":"tr0ub4dor","VersionId":"tr0ub4dor"}',
        r"{\"SecretString\": \"tr0ub4dor\"}",
        r"{\"Parameter\": {\"Value\": \"tr0ub4dor\"}}",
        '{"Parameter": {"Value": "a, b: tr0ub4dor", "Type": "SecureString"}}',
        '{"Parameter":{"Name":"/shop","Type":"SecureString","Value":"tr0ub4dor"}}',
        "SecretString='tr0ub4dor'",
    ],
)
def test_what_a_store_answers_is_left_out_to_the_end(text: str) -> None:
    redacted = redaction.redact(f"before {text}")

    assert redacted.startswith("before ")
    assert redacted.endswith("[redacted]")
    assert "tr0ub4dor" not in redacted


def test_parameters_that_are_none_of_a_store_stay() -> None:
    text = """{"Parameters": {"Tags": [{"Key": "team", "Value": "web"}]}, "ParameterName": "x"}"""

    assert redaction.redact(text) == text


def test_without_a_stream_nothing_is_logged_anywhere(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    redaction.install(None)

    logging.getLogger("some.library").critical("sending %s", KEY)

    assert (log.getvalue(), capsys.readouterr()) == ("", ("", ""))


@pytest.mark.usefixtures("strict_acm")
def test_the_log_of_a_real_import_holds_everything_but_the_key(log: io.StringIO) -> None:
    issued = shop()
    streamed = io.StringIO()
    boto3.set_stream_logger("", logging.DEBUG)
    for handler in logging.getLogger("").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(streamed)
    arguments: dict[str, Any] = {"Certificate": issued.pem, "CertificateChain": issued.chain_pem}

    boto3.client("acm", region_name="us-east-1").import_certificate(PrivateKey=issued.key_pem, **arguments)

    for text in (log.getvalue(), streamed.getvalue()):
        assert traces(issued.key_pem).found_in(text) == []
    assert "ImportCertificate" in streamed.getvalue()
    assert '"PrivateKey": "[redacted]' in streamed.getvalue()
