"""Issuers that a bundle lacks, fetched from where its certificates say they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs7, pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID

from certkit.bundle import Addition
from certkit.completion import Library, NotFetched, Recalled, ca_issuers, missing_issuers
from certkit.errors import InputUnreadableError
from tests.given import NOW, YEAR, ca
from tests.issuing import Issued, Request, ca_request, make_root, self_signed

ROOT_URL = "http://ca.example/root.crt"
ISSUING_URL = "http://ca.example/issuing.crt"


@dataclass(slots=True)
class Web:
    """What stands at which address, and what was fetched."""

    answers: Mapping[str, bytes]
    fetched: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        """Returns the answer of an address, as `certkit.sources.web` does."""
        self.fetched.append(url)
        if url not in self.answers:
            raise InputUnreadableError(f"{url} answers with status 404")
        return self.answers[url]


def pointing_to(*urls: str) -> x509.AuthorityInformationAccess:
    """The extension that names the addresses of the issuer's certificate."""
    return x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url))
            for url in urls
        ]
    )


def authority(name: str, number: int, *urls: str) -> Request:
    """What the certificate of a CA says whose own issuer's is at `urls`."""
    plain = ca_request(name, key=("EC_prime256v1", number))
    extensions = (pointing_to(*urls),) if urls else ()
    return Request(name, key=plain.key, is_ca=True, key_usages=plain.key_usages, extensions=extensions)


@pytest.fixture
def root() -> Issued:
    """The certificate at the top."""
    return make_root()


@pytest.fixture
def issuing(root: Issued) -> Issued:
    """A CA that says where its root is."""
    return root.issue(authority("Issuing", 11, ROOT_URL))


@pytest.fixture
def leaf(issuing: Issued) -> Issued:
    """A leaf that says where its CA is."""
    return issuing.issue(Request(extensions=(pointing_to(ISSUING_URL),)))


def as_der(*certificates: Issued) -> bytes:
    """One certificate as it is."""
    (certificate,) = certificates
    return certificate.der


def as_pem(*certificates: Issued) -> bytes:
    """Certificates as text."""
    return b"".join(one.pem for one in certificates)


def as_pkcs7(*certificates: Issued) -> bytes:
    """Certificates as a certs-only PKCS#7, as RFC 5280 section 4.2.2.1 has it."""
    return pkcs7.serialize_certificates([one.certificate for one in certificates], Encoding.DER)


@dataclass(slots=True)
class Memory:
    """What was fetched before, and whether that is long ago."""

    answers: dict[str, bytes]
    is_fresh: bool = True

    def recall(self, url: str) -> Recalled | None:
        """Returns what is remembered of an address."""
        return Recalled(self.answers[url], self.is_fresh) if url in self.answers else None

    def keep(self, url: str, answer: bytes) -> None:
        """Remembers an answer."""
        self.answers[url] = answer


def outcomes(top: Issued, web: Web, memory: Memory | None = None) -> list[Addition | NotFetched]:
    """Everything that is found above a certificate, and why that is not more."""
    return list(missing_issuers(top.certificate, Library(web.fetch, memory, NOW)))


def found(top: Issued, web: Web, memory: Memory | None = None) -> list[Addition | NotFetched]:
    """Everything that is found above a certificate."""
    return [one for one in outcomes(top, web, memory) if isinstance(one, Addition)]


def failures(top: Issued, web: Web) -> list[str]:
    """Why not more is found above a certificate."""
    return [one.why for one in outcomes(top, web) if isinstance(one, NotFetched)]


@pytest.mark.parametrize("encode", [as_der, as_pem, as_pkcs7])
def test_the_chain_is_fetched_step_by_step_up_to_the_root(
    leaf: Issued, issuing: Issued, root: Issued, encode: Callable[..., bytes]
) -> None:
    web = Web({ISSUING_URL: encode(issuing), ROOT_URL: encode(root)})

    seen = found(leaf, web)

    assert seen == [(issuing.certificate, ISSUING_URL), (root.certificate, ROOT_URL)]
    assert web.fetched == [ISSUING_URL, ROOT_URL]


def test_the_right_certificate_is_taken_out_of_many(leaf: Issued, issuing: Issued, root: Issued) -> None:
    stranger = self_signed(authority("Issuing", 12))
    web = Web({ISSUING_URL: as_pkcs7(root, stranger, leaf, issuing)})

    seen = found(leaf, web)

    assert seen == [(issuing.certificate, ISSUING_URL)]


def test_a_certificate_of_the_same_name_whose_key_did_not_sign_is_passed_over(leaf: Issued) -> None:
    twin = self_signed(authority("Issuing", 12))
    web = Web({ISSUING_URL: twin.der})

    seen = found(leaf, web)

    assert seen == []


def test_a_certificate_with_the_right_key_and_another_name_is_passed_over(leaf: Issued, root: Issued) -> None:
    misnamed = root.issue(authority("Somebody Else", 11))
    web = Web({ISSUING_URL: misnamed.der})

    seen = found(leaf, web)

    assert seen == []


def test_an_address_that_does_not_answer_leads_to_the_next_one(issuing: Issued) -> None:
    first = "ldap://ca.internal/cn=issuing"
    leaf = issuing.issue(Request(extensions=(pointing_to(first, ISSUING_URL),)))
    web = Web({ISSUING_URL: issuing.der})

    seen = found(leaf, web)

    assert seen == [(issuing.certificate, ISSUING_URL)]
    assert web.fetched[:2] == [first, ISSUING_URL]


def test_a_certificate_with_many_addresses_does_not_cost_many_fetches(issuing: Issued) -> None:
    leaf = issuing.issue(Request(extensions=(pointing_to(*(f"http://ca.example/{n}" for n in range(100))),)))
    web = Web({})

    seen = found(leaf, web)

    assert seen == []
    assert len(web.fetched) == 3


@pytest.mark.parametrize("answer", [b"", b"<html>Not found</html>", b"\x30\x82\xff\xff", b"\x30\x80", b"PK\x03\x04"])
def test_an_answer_that_is_no_certificate_is_passed_over(leaf: Issued, answer: bytes) -> None:
    web = Web({ISSUING_URL: answer})

    seen = found(leaf, web)

    assert seen == []


def test_an_answer_under_a_password_costs_no_key_derivation(leaf: Issued, issuing: Issued) -> None:
    locked = pkcs12.serialize_key_and_certificates(
        None, None, issuing.certificate, None, BestAvailableEncryption(b"\x70")
    )
    web = Web({ISSUING_URL: locked})

    seen = found(leaf, web)

    assert seen == []


def test_nothing_is_fetched_for_a_self_signed_certificate() -> None:
    own = self_signed(authority("Root", 10, ROOT_URL))
    web = Web({ROOT_URL: own.der})

    seen = found(own, web)

    assert (seen, web.fetched) == ([], [])


def test_nothing_is_fetched_where_no_address_stands() -> None:
    issued = make_root().issue(Request(ocsp_url="http://ocsp.example/"))
    web = Web({})

    seen = found(issued, web)

    assert (seen, web.fetched) == ([], [])


def test_two_authorities_that_certify_each_other_end_the_search() -> None:
    first = self_signed(authority("First", 11))
    second = self_signed(authority("Second", 12))
    first_by_second = second.issue(authority("First", 11, "http://ca.example/second.crt"))
    second_by_first = first.issue(authority("Second", 12, "http://ca.example/first.crt"))
    leaf = first.issue(Request(extensions=(pointing_to("http://ca.example/first.crt"),)))
    web = Web({"http://ca.example/first.crt": first_by_second.der, "http://ca.example/second.crt": second_by_first.der})

    seen = [one.certificate for one in found(leaf, web) if isinstance(one, Addition)]

    assert seen == [first_by_second.certificate, second_by_first.certificate]


def test_a_chain_without_end_is_left_after_eight_steps() -> None:
    issued = make_root()
    answers = {}
    for number in range(12):
        url = f"http://ca.example/{number}"
        answers[url] = issued.der
        issued = issued.issue(authority(f"Step {number}", 10 + number % 2, url))
    web = Web(answers)

    seen = found(issued, web)

    assert len(seen) == 8


def test_the_search_is_as_lazy_as_its_caller(leaf: Issued, issuing: Issued, root: Issued) -> None:
    web = Web({ISSUING_URL: issuing.der, ROOT_URL: root.der})

    first = next(missing_issuers(leaf.certificate, Library(web.fetch, None, NOW)))

    assert first == (issuing.certificate, ISSUING_URL)
    assert web.fetched == [ISSUING_URL]


def _names(names: Iterable[x509.GeneralName]) -> x509.AuthorityInformationAccess:
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, name) for name in names]
    )


def test_only_addresses_of_the_issuers_certificate_are_named() -> None:
    extension = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp/")),
            *_names([x509.DNSName("ca.example"), x509.UniformResourceIdentifier(ISSUING_URL)]),
        ]
    )
    issued = self_signed(Request(extensions=(extension,)))

    seen = list(ca_issuers(issued.certificate))

    assert seen == [ISSUING_URL]


# Why not


def test_each_address_that_yields_nothing_is_named_with_the_reason(root: Issued) -> None:
    urls = [f"http://ca.example/{name}" for name in ("absent", "page", "stranger")]
    issuing = root.issue(authority("Issuing", 11))
    leaf = issuing.issue(Request(extensions=(pointing_to(*urls),)))
    web = Web({urls[1]: b"<html>Not found</html>", urls[2]: make_root("Stranger", key=("EC_prime256v1", 12)).der})

    assert failures(leaf, web) == [
        f"shop.example.com: {urls[0]} answers with status 404",
        f"shop.example.com: {urls[1]} answers with no certificate that has issued it",
        f"shop.example.com: {urls[2]} answers with no certificate that has issued it",
    ]


def test_a_certificate_without_an_address_says_so() -> None:
    assert failures(make_root().issue(Request()), Web({})) == [
        "shop.example.com does not say where its issuer's certificate is"
    ]


def test_what_was_found_before_an_address_fails_is_kept(leaf: Issued, issuing: Issued) -> None:
    seen = outcomes(leaf, Web({ISSUING_URL: issuing.der}))

    assert seen == [
        Addition(issuing.certificate, ISSUING_URL),
        NotFetched(f"Issuing: {ROOT_URL} answers with status 404"),
    ]


def test_an_address_that_fails_is_not_named_where_the_next_one_answers(issuing: Issued) -> None:
    leaf = issuing.issue(Request(extensions=(pointing_to("http://ca.example/absent", ISSUING_URL),)))

    assert failures(leaf, Web({ISSUING_URL: issuing.der}))[0].startswith("Issuing: ")


def test_what_to_do_about_an_address_is_said_with_it(leaf: Issued) -> None:
    def refuse(url: str) -> bytes:
        raise InputUnreadableError(f"{url} is not fetched", hint="allow it")

    (outcome,) = missing_issuers(leaf.certificate, Library(refuse, None, NOW))

    assert outcome == NotFetched(f"shop.example.com: {ISSUING_URL} is not fetched; allow it")


# Memory


def test_what_is_remembered_is_not_fetched_again(leaf: Issued, issuing: Issued, root: Issued) -> None:
    web, memory = Web({ISSUING_URL: as_pkcs7(root, issuing), ROOT_URL: root.der}), Memory({})

    first = found(leaf, web, memory)
    again = found(leaf, web, memory)

    assert first == again == [Addition(issuing.certificate, ISSUING_URL), Addition(root.certificate, ROOT_URL)]
    assert web.fetched == [ISSUING_URL, ROOT_URL]
    assert memory.answers == {ISSUING_URL: issuing.der, ROOT_URL: root.der}


def test_an_address_that_fails_is_not_asked_again_where_another_one_is_remembered(
    issuing: Issued, root: Issued
) -> None:
    leaf = issuing.issue(Request(extensions=(pointing_to("http://ca.example/absent", ISSUING_URL),)))
    web = Web({})

    seen = found(leaf, web, Memory({ISSUING_URL: issuing.der, ROOT_URL: root.der}))

    assert (len(seen), web.fetched) == (2, [])


def test_what_was_remembered_long_ago_is_fetched_again(leaf: Issued, issuing: Issued, root: Issued) -> None:
    renewed = root.issue(authority("Issuing", 11, ROOT_URL))
    web = Web({ISSUING_URL: renewed.der, ROOT_URL: root.der})

    seen = found(leaf, web, Memory({ISSUING_URL: issuing.der}, is_fresh=False))

    assert seen[0] == Addition(renewed.certificate, ISSUING_URL)


def test_what_was_remembered_long_ago_serves_where_the_address_does_not_answer(leaf: Issued, issuing: Issued) -> None:
    web = Web({})

    seen = found(leaf, web, Memory({ISSUING_URL: issuing.der}, is_fresh=False))

    assert seen == [Addition(issuing.certificate, ISSUING_URL)]
    assert web.fetched == [ISSUING_URL, ROOT_URL]


def test_an_issuer_that_has_expired_since_is_fetched_again(root: Issued) -> None:
    expired = root.issue(ca("Issuing", ("EC_prime256v1", 11), not_before=NOW - 2 * YEAR, not_after=NOW - YEAR))
    renewed = root.issue(ca("Issuing", ("EC_prime256v1", 11)))
    leaf = renewed.issue(Request(extensions=(pointing_to(ISSUING_URL),)))

    seen = found(leaf, Web({ISSUING_URL: renewed.der}), Memory({ISSUING_URL: expired.der}))

    assert seen == [Addition(renewed.certificate, ISSUING_URL)]


@pytest.mark.parametrize("kind", ["junk", "stranger"])
def test_what_is_remembered_and_does_not_verify_is_fetched_and_replaced(
    leaf: Issued, issuing: Issued, kind: str
) -> None:
    twin = self_signed(authority("Issuing", 12))
    memory = Memory({ISSUING_URL: {"junk": b"junk", "stranger": twin.der}[kind]})

    seen = found(leaf, Web({ISSUING_URL: issuing.der}), memory)

    assert seen == [Addition(issuing.certificate, ISSUING_URL)]
    assert memory.answers == {ISSUING_URL: issuing.der}


def test_an_answer_that_does_not_verify_is_not_remembered(leaf: Issued) -> None:
    memory = Memory({})

    found(leaf, Web({ISSUING_URL: b"<html>Please sign in</html>"}), memory)

    assert memory.answers == {}
