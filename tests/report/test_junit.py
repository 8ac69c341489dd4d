"""Tests of what `certkit validate --format junit` writes, held to Jenkins's schema."""

import re
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import xmlschema

from tests.cli.bundles import EXPIRED, HOSTILE_NAME, hostile, pem, save, shop
from tests.cli.running import Finished, certkit
from tests.issuing import self_signed

SCHEMA: Final = xmlschema.XMLSchema(Path(__file__).parents[1] / "schemas" / "junit-10.xsd")
WAIVER: Final = b'[[waiver]]\nrule = "certificate-expired"\nmatch = "old"\nreason = "a < b"\nuntil = 2027-01-31\n'


def _suites(done: Finished) -> list[Element]:
    """The suites of a document that is as the schema wants it."""
    assert done.stdout.isascii()
    SCHEMA.validate(done.stdout)
    return list(fromstring(done.stdout))  # noqa: S314 -- it is our own


def _counts(element: Element) -> tuple[str | None, ...]:
    return tuple(element.get(name) for name in ("failures", "errors", "skipped"))


def _case(suite: Element, rule: str) -> Element:
    (case,) = [case for case in suite if case.get("name") == rule]
    return case


def test_every_rule_that_was_kept_is_a_case_that_passed(tmp_path: Path) -> None:
    source = save(tmp_path, "shop.pem", pem(shop()))

    done = certkit("validate", source, "--format", "junit")

    (suite,) = _suites(done)
    assert (done.exit_code, _counts(suite)) == (0, ("0", "0", "0"))
    assert suite.get("name") == str(source)
    assert suite.get("tests") == str(len(suite))
    assert {"no-key", "certificate-expired", "chain-missing"} < {case.get("name") for case in suite}
    assert {case.get("classname") for case in suite} == {str(source)}
    assert [list(case) for case in suite if len(case)] == []


def test_a_finding_that_counts_is_a_failure_with_what_to_do(tmp_path: Path) -> None:
    source = save(tmp_path, "old.pem", pem(shop(EXPIRED)))

    done = certkit("validate", source, "--format", "junit")

    (suite,) = _suites(done)
    (failure,) = _case(suite, "certificate-expired")
    assert (done.exit_code, _counts(suite)) == (1, ("1", "0", "0"))
    assert (failure.tag, failure.get("message")) == ("failure", "leaf: it expired on 2021-01-01")
    assert failure.text == "error: leaf: it expired on 2021-01-01\nto do: renew it, then import the new one"


def test_a_warning_fails_where_warnings_count_and_is_shown_where_they_do_not(tmp_path: Path) -> None:
    issued = shop()
    source = save(tmp_path, "shop.pem", issued.chain_pem + issued.pem + issued.key_pem)

    lax = certkit("validate", source, "--format", "junit")
    strict = certkit("validate", source, "--fail-on", "warning", "--format", "junit")

    tags = [[child.tag for child in _case(_suites(done)[0], "chain-reordered")] for done in (lax, strict)]
    assert tags == [["system-out"], ["failure"]]
    assert (lax.exit_code, strict.exit_code) == (0, 1)


def test_several_findings_of_one_rule_are_one_case(tmp_path: Path) -> None:
    issued = shop(EXPIRED)
    source = save(tmp_path, "old.pem", pem(issued) + issued.pem + issued.pem)

    (suite,) = _suites(certkit("validate", source, "--strict", "--format", "junit"))

    (failure,) = _case(suite, "leaf-copy-removed")
    assert (failure.text or "").count("error: bundle: ") == 2


def test_what_makes_no_bundle_has_the_one_case_that_was_looked_at() -> None:
    source = Path(__file__).parents[2] / "fixtures" / "broken" / "no-certificate.pem"

    (suite,) = _suites(certkit("validate", source, "--format", "junit"))

    assert [(case.get("name"), [child.tag for child in case]) for case in suite] == [("no-leaf", ["failure"])]


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    good, junk = save(tmp_path, "shop.pem", pem(shop())), save(tmp_path, "junk", b"junk")

    several = certkit("validate", good, junk, "--format", "junit")
    alone = certkit("validate", junk, "--format", "junit")

    suites = _suites(several)
    (error,) = _case(suites[1], "input-unreadable")
    assert (several.exit_code, alone.exit_code) == (3, 3)
    assert [suite.get("name") for suite in suites] == [str(good), str(junk)]
    assert _counts(suites[1]) == ("0", "1", "0")
    assert error.tag == "error"
    assert _counts(_suites(alone)[0]) == ("0", "1", "0")


def test_what_is_waived_is_skipped_with_its_reason(tmp_path: Path) -> None:
    source, config = save(tmp_path, "old.pem", pem(shop(EXPIRED))), save(tmp_path, "certkit.toml", WAIVER)

    done = certkit("validate", source, "--config", config, "--format", "junit")

    (suite,) = _suites(done)
    (skipped,) = _case(suite, "certificate-expired")
    assert (done.exit_code, _counts(suite)) == (0, ("0", "0", "1"))
    assert (skipped.tag, skipped.get("message")) == ("skipped", "waived until 2027-01-31: a < b")
    assert skipped.text == "leaf: it expired on 2021-01-01"


def test_as_it_is_rules_on_repairs_are_not_looked_at(tmp_path: Path) -> None:
    body = save(tmp_path, "body.pem", self_signed(EXPIRED).pem)

    done = certkit("validate", "--as-is", "--body", body, "--certificates-only", "--format", "junit")

    rules = {case.get("name") for case in _suites(done)[0]}
    assert "body-not-one-certificate" in rules
    assert rules & {"no-leaf", "chain-reordered", "root-removed"} == set()


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    source = save(tmp_path, f'{HOSTILE_NAME}<&">ü.pem', pem(shop()) + hostile().pem)

    done = certkit("validate", source, "--format", "junit")

    (suite,) = _suites(done)
    assert (suite.get("name") or "").endswith('evil\\x1b[31mred\\x0d\\x0a\\u202eesrever\\u200b\\x07<&">ü.pem')
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", done.stdout)
