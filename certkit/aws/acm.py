"""ACM and its tags, in certkit's own types: one method per operation, nothing decided here."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from certkit import certificate as x
from certkit import limits
from certkit.aws.failures import explained
from certkit.aws.sessions import Session
from certkit.bundle import Parts
from certkit.errors import AwsRefusedError, InputUnreadableError
from certkit.formats import pem
from certkit.record import NAME_TAG, CertificateRecord, Summary

if TYPE_CHECKING:
    from mypy_boto3_acm.type_defs import CertificateDetailTypeDef, CertificateSummaryTypeDef, TagTypeDef

NOT_FOUND: Final = "ResourceNotFoundException"
IN_PROGRESS: Final = "RequestInProgressException"
IMPORTED: Final = "IMPORTED"
_PAGE: Final = 1_000
"""The largest MaxItems of ListCertificates."""

_TAGGED_PAGE: Final = 100
"""The largest ResourcesPerPage of GetResources."""


class Acm:
    """ACM in one region, with the tagging index beside it.

    Every method raises `AwsError` where AWS refuses or does not answer.
    """

    def __init__(self, session: Session, region: str) -> None:
        self.region = region
        self._acm = session.acm(region)
        self._tagging = session.tagging(region)

    def summaries(self) -> Iterator[Summary]:
        """Yields every certificate, of all seven key types: the default leaves out EC and large RSA ones."""
        pages = self._acm.get_paginator("list_certificates").paginate(
            Includes={"keyTypes": list(limits.KEY_ALGORITHMS)},
            PaginationConfig={"PageSize": _PAGE},
        )
        with explained(f"listing the certificates in {self.region}"):
            for page in pages:
                yield from map(_summary, page["CertificateSummaryList"])

    def names(self) -> dict[str, str]:
        """Returns the name of every certificate that certkit manages, by ARN, as the tagging index has it."""
        return {arn: tags[NAME_TAG] for arn, tags in self._tagged(None) if NAME_TAG in tags}

    def arns_named(self, name: str) -> tuple[str, ...]:
        """Returns the ARNs that the tagging index knows under `name`; the index may lag."""
        return tuple(arn for arn, _ in self._tagged(name))

    def tags(self, arn: str) -> dict[str, str]:
        """Returns the tags of one certificate, from ACM itself."""
        with explained(f"reading the tags of {arn}"):
            answer = self._acm.list_tags_for_certificate(CertificateArn=arn)
            return {tag["Key"]: tag.get("Value", "") for tag in answer["Tags"]}

    def leaf_der(self, arn: str) -> bytes:
        """Returns the DER of the leaf that ACM holds under an ARN, which certkit need not be able to parse."""
        return self._held(arn)[0]

    def record(self, arn: str) -> CertificateRecord:
        """Returns everything ACM says of one certificate, less the certificates of its chain that cannot be parsed."""
        with explained(f"describing {arn}"):
            detail = self._acm.describe_certificate(CertificateArn=arn)["Certificate"]
        der, chain = self._held(arn)
        leaf = x.load(der)
        if leaf is None:
            raise AwsRefusedError(
                f"reading {arn}: the certificate that ACM holds cannot be parsed, not being strict DER",
                hint="import the new one under another --name, which gives it an ARN of its own",
            )
        return CertificateRecord(
            arn=arn,
            kind=_kind(detail),
            status=detail.get("Status", ""),
            leaf=leaf,
            chain=tuple(filter(None, map(x.load, chain))),
            tags=self.tags(arn),
            in_use_by=tuple(detail.get("InUseBy", ())),
            imported_at=detail.get("ImportedAt"),
        )

    def import_new(self, parts: Parts, tags: Mapping[str, str]) -> str:
        """Imports under a new ARN, tags within the call, and returns the ARN."""
        with explained(f"importing into {self.region}"):
            answer = self._acm.import_certificate(**_blobs(parts), Tags=_tag_list(tags))  # type: ignore[arg-type]
            return answer["CertificateArn"]

    def reimport(self, arn: str, parts: Parts) -> None:
        """Replaces what stands under `arn`; tags may not be sent with it."""
        with explained(f"reimporting into {arn}"):
            self._acm.import_certificate(CertificateArn=arn, **_blobs(parts))  # type: ignore[arg-type]

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> None:
        """Adds tags, or sets those that are there to other values."""
        with explained(f"tagging {arn}"):
            self._acm.add_tags_to_certificate(CertificateArn=arn, Tags=_tag_list(tags))

    def _held(self, arn: str) -> tuple[bytes, tuple[bytes, ...]]:
        with explained(f"reading {arn}"):
            answer = self._acm.get_certificate(CertificateArn=arn)
        try:
            leaves, chain = _ders(answer.get("Certificate", "")), _ders(answer.get("CertificateChain", ""))
        except InputUnreadableError as error:
            raise AwsRefusedError(f"reading {arn}: ACM's answer is no PEM: {error.message}") from error
        if len(leaves) != 1:
            raise AwsRefusedError(f"reading {arn}: ACM's answer holds {len(leaves)} certificates, not one")
        return leaves[0], chain

    def _tagged(self, name: str | None) -> Iterator[tuple[str, dict[str, str]]]:
        wanted: list[str] = [] if name is None else [name]
        pages = self._tagging.get_paginator("get_resources").paginate(
            ResourceTypeFilters=["acm:certificate"],
            TagFilters=[{"Key": NAME_TAG, "Values": wanted}],
            PaginationConfig={"PageSize": _TAGGED_PAGE},
        )
        with explained(f"looking up the names of certificates in {self.region}"):
            for page in pages:
                for resource in page["ResourceTagMappingList"]:
                    yield resource["ResourceARN"], {tag["Key"]: tag["Value"] for tag in resource["Tags"]}


def _blobs(parts: Parts) -> dict[str, bytes]:
    """Returns the parameters of ImportCertificate; an empty chain is left out, which is not the same as empty."""
    blobs = {"Certificate": parts.body, "PrivateKey": parts.key, "CertificateChain": parts.chain}
    return {name: blob for name, blob in blobs.items() if blob}


def _tag_list(tags: Mapping[str, str]) -> "list[TagTypeDef]":
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _ders(text: str) -> tuple[bytes, ...]:
    return tuple(pem.decode(block) for block in pem.blocks(text.encode()))


def _kind(answer: "CertificateDetailTypeDef | CertificateSummaryTypeDef") -> str:
    """Returns the type; ImportedAt is there for imported ones only, should the type be missing."""
    return answer.get("Type", IMPORTED if "ImportedAt" in answer else "")


def _summary(row: "CertificateSummaryTypeDef") -> Summary:
    return Summary(
        arn=row["CertificateArn"],
        domain=row.get("DomainName") or None,
        sans=tuple(row.get("SubjectAlternativeNameSummaries", ())),
        kind=_kind(row),
        status=row.get("Status", ""),
        key_algorithm=_key_algorithm(row.get("KeyAlgorithm", "")),
        not_before=row.get("NotBefore"),
        not_after=row.get("NotAfter"),
        imported_at=row.get("ImportedAt"),
        in_use=row.get("InUse", False),
    )


def _key_algorithm(answer: str) -> str:
    """Returns the enum's form: ACM answers RSA-2048 where its model says RSA_2048."""
    return answer.replace("-", "_")
