"""One certificate as ACM describes it."""

import pytest

from certkit.record import NAME_TAG, CertificateRecord, Place, has_chain, place_of
from tests.issuing import make_chain

ID = "12345678-1234-1234-1234-123456789012"
LEAF = make_chain(intermediates=2)
CHAIN = tuple(each.certificate for each in LEAF.issuers)


def record(*chain: object, **more: object) -> CertificateRecord:
    arn = f"arn:aws:acm:us-east-1:123456789012:certificate/{ID}"
    return CertificateRecord(arn, "IMPORTED", "ISSUED", LEAF.certificate, chain, **more)  # type: ignore[arg-type] # certificates


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (f"arn:aws:acm:us-east-1:123456789012:certificate/{ID}", Place("aws", "123456789012", "us-east-1")),
        (f"arn:aws-cn:acm:cn-north-1:123456789012:certificate/{ID}", Place("aws-cn", "123456789012", "cn-north-1")),
        (
            f"arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/{ID}",
            Place("aws-us-gov", "123456789012", "us-gov-west-1"),
        ),
        (f"arn:aws:iam::123456789012:server-certificate/{ID}", None),
        (f"arn:aws:acm:us-east-1:12345678901:certificate/{ID}", None),
        (f"arn:aws:acm:us-east-1:١٢٣٤٥٦٧٨٩٠١٢:certificate/{ID}", None),
        (f"arn:aws:acm:us-east-1:123456789012:certificate/{ID}\n", None),
        ("arn:aws:acm:us-east-1:123456789012:certificate/", None),
        (f"arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/{ID}", None),
        ("shop", None),
    ],
)
def test_an_arn_says_where_a_certificate_is(arn: str, expected: Place | None) -> None:
    assert place_of(arn) == expected


def test_the_name_is_a_tag() -> None:
    assert (record(tags={NAME_TAG: "shop"}).name, record().name) == ("shop", None)


def test_a_chain_is_the_same_in_the_same_order_alone() -> None:
    kept = record(*CHAIN)

    assert has_chain(kept, CHAIN)
    assert [has_chain(kept, each) for each in (CHAIN[::-1], CHAIN[:-1], ())] == [False, False, False]


def test_no_chain_is_whatever_acm_answers_where_none_was_sent() -> None:
    assert [has_chain(each, ()) for each in (record(), record(LEAF.certificate))] == [True, True]
    assert not has_chain(record(), CHAIN)
