"""ACM and its tags, in certkit's own types: one method per operation, nothing decided here."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from certkit import certificate as x
from certkit import limits
from certkit.aws import rows
from certkit.aws.failures import explained
from certkit.aws.lore import Lore
from certkit.aws.pacing import Pace, ReadingPaces, paced
from certkit.aws.sessions import Session
from certkit.bundle import Parts
from certkit.errors import AwsDeniedError, AwsError, AwsRefusedError, InputUnreadableError
from certkit.formats import pem
from certkit.record import NAME_TAG, CertificateRecord, Summary

if TYPE_CHECKING:
    from mypy_boto3_acm.type_defs import TagTypeDef
    from mypy_boto3_resourcegroupstaggingapi.type_defs import TagFilterTypeDef

NOT_FOUND: Final = "ResourceNotFoundException"
IN_PROGRESS: Final = "RequestInProgressException"
CONFLICT: Final = "ConflictException"
_NOTHING_THERE: Final = frozenset({NOT_FOUND, IN_PROGRESS})
_FOUND_PAGE: Final = 500
"""The largest MaxResults of SearchCertificates."""

_PAGE: Final = 1_000
"""The largest MaxItems of ListCertificates."""

_TAGGED_PAGE: Final = 100
"""The largest ResourcesPerPage of GetResources."""

_NOT_THERE: Final = frozenset({"500", "501", "InternalFailure", "NotImplemented"})
"""What those answer who stand in for AWS and know no SearchCertificates; ACM has it since April 2026."""


class Acm:
    """ACM in one region, with the tagging index beside it.

    Every method raises `AwsError` where AWS refuses or does not answer. Those that write return AWS's ID of the request.

    Attributes:
        lore: what this run knows of the certificates here; `certkit.observe` reads it, and every write is noted in it.

    Args:
        pace: of the imports into this account and region; all that import there MUST share it.
        paces: of the listings, likewise.
    """

    def __init__(
        self, session: Session, region: str, pace: Pace | None = None, paces: ReadingPaces | None = None
    ) -> None:
        self.session = session
        self.region = region
        self.lore = Lore(session.timing)
        self._pace = pace or Pace(timing=session.timing)
        self._paces = paces or ReadingPaces.of(session.timing)
        self._acm = session.acm(region)
        self._tagging = session.tagging(region)

    def summaries(self) -> Iterator[Summary]:
        """Yields every certificate, of all seven key types: the default leaves out EC and large RSA ones."""
        pages = self._acm.get_paginator("list_certificates").paginate(
            Includes={"keyTypes": list(limits.KEY_ALGORITHMS)},
            PaginationConfig={"PageSize": _PAGE},
        )
        with explained(f"listing the certificates in {self.region}"):
            for page in paced(pages, self._paces.listing, "NextToken"):
                yield from map(rows.of_list, page["CertificateSummaryList"])

    def found(self) -> Iterator[Summary]:
        """Yields what `summaries` does, with issuer and serial number, where SearchCertificates may be called."""
        found = self._searched()
        try:
            first = next(found)
        except StopIteration:
            return
        except AwsError as error:
            if not _may_list(error):
                raise
            yield from self.summaries()
            return
        yield first
        yield from found

    def names(self) -> dict[str, str]:
        """Returns the name of every certificate that certkit manages, by ARN, as the tagging index has it."""
        wanted: list[TagFilterTypeDef] = [{"Key": NAME_TAG, "Values": []}]
        return {arn: tags[NAME_TAG] for arn, tags in self._tagged(wanted) if NAME_TAG in tags}

    def tagged(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yields the ARN and the tags of every certificate that has any, as the tagging index has them."""
        return self._tagged([])

    def arns_named(self, name: str) -> tuple[str, ...]:
        """Returns the ARNs that the tagging index knows under `name`; the index may lag."""
        return tuple(arn for arn, _ in self._tagged([{"Key": NAME_TAG, "Values": [name]}]))

    def in_use_by(self, arn: str) -> tuple[str, ...]:
        """Returns the ARNs of what uses a certificate, as far as ACM knows; of many, no faster than ACM allows."""
        self._paces.reads.wait()
        with explained(f"describing {arn}"):
            return tuple(self._acm.describe_certificate(CertificateArn=arn)["Certificate"].get("InUseBy", ()))

    def tags(self, arn: str) -> dict[str, str]:
        """Returns the tags of one certificate, from ACM itself."""
        with explained(f"reading the tags of {arn}"):
            answer = self._acm.list_tags_for_certificate(CertificateArn=arn)
            return {tag["Key"]: tag.get("Value", "") for tag in answer["Tags"]}

    def name_of(self, arn: str) -> str | None:
        """Returns the name of one certificate, from ACM itself; of many, no faster than ACM allows."""
        self._paces.reads.wait()
        return self.tags(arn).get(NAME_TAG)

    def leaf_der(self, arn: str) -> bytes:
        """Returns the DER of the leaf that ACM holds under an ARN, be it parsable or not; of many, no faster than ACM allows."""
        self._paces.reads.wait()
        return self._held(arn)[0]

    def pem(self, arn: str) -> bytes:
        """Returns the certificate that ACM holds under an ARN and its chain, as ACM hands them out."""
        with explained("reading it from ACM"):
            answer = self._acm.get_certificate(CertificateArn=arn)
            return "\n".join((answer["Certificate"], answer.get("CertificateChain", ""))).encode()

    def record(self, arn: str) -> CertificateRecord:
        """Returns everything ACM says of one certificate; what cannot be parsed of its chain is left out."""
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
            kind=rows.kind(detail),
            status=detail.get("Status", ""),
            leaf=leaf,
            chain=tuple(filter(None, map(x.load, chain))),
            tags=self.tags(arn),
            in_use_by=tuple(detail.get("InUseBy", ())),
            imported_at=detail.get("ImportedAt"),
            created_at=detail.get("CreatedAt"),
        )

    def find(self, arn: str) -> CertificateRecord | None:
        """Returns what `record` does, None where nothing stands under the ARN: an index may still name it."""
        try:
            return self.record(arn)
        except AwsRefusedError as error:
            if not is_nothing_there(error):
                raise
            return None

    def import_new(self, parts: Parts, tags: Mapping[str, str]) -> tuple[str, str]:
        """Imports under a new ARN, tags within the call, and returns the ARN and the ID of the request."""
        self._pace.wait()
        with explained(f"importing into {self.region}"):
            answer = self._acm.import_certificate(**_blobs(parts), Tags=_tag_list(tags))  # type: ignore[arg-type]
            arn, request = answer["CertificateArn"], _request_id(answer)
        self.lore.note(arn, tags.get(NAME_TAG), _ders(parts.body.decode())[0])
        return arn, request

    def reimport(self, arn: str, parts: Parts) -> str:
        """Replaces what stands under `arn`; tags may not be sent with it."""
        self._pace.wait()
        self.lore.drop(arn)
        with explained(f"reimporting into {arn}"):
            answer = self._acm.import_certificate(CertificateArn=arn, **_blobs(parts))  # type: ignore[arg-type]
            return _request_id(answer)

    def delete(self, arn: str) -> str:
        """Deletes a certificate; ACM refuses where something uses it."""
        self.lore.drop(arn)
        with explained(f"deleting {arn}"):
            return _request_id(self._acm.delete_certificate(CertificateArn=arn))

    def add_tags(self, arn: str, tags: Mapping[str, str]) -> str:
        """Adds tags, or sets those that are there to other values."""
        if NAME_TAG in tags:
            self._rename(arn)
        with explained(f"tagging {arn}"):
            return _request_id(self._acm.add_tags_to_certificate(CertificateArn=arn, Tags=_tag_list(tags)))

    def remove_tags(self, arn: str, keys: Iterable[str]) -> str:
        """Takes tags away, whatever their values are."""
        keys = tuple(keys)
        if NAME_TAG in keys:
            self._rename(arn)
        with explained(f"taking tags off {arn}"):
            tags: list[TagTypeDef] = [{"Key": key} for key in keys]
            return _request_id(self._acm.remove_tags_from_certificate(CertificateArn=arn, Tags=tags))

    def _rename(self, arn: str) -> None:
        self.lore.drop(arn)
        self.lore.forget()

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

    def _searched(self) -> Iterator[Summary]:
        pages = self._acm.get_paginator("search_certificates").paginate(PaginationConfig={"PageSize": _FOUND_PAGE})
        with explained(f"searching the certificates in {self.region}"):
            for page in paced(pages, self._paces.search, "NextToken"):
                yield from map(rows.of_search, page["Results"])

    def _tagged(self, filters: "list[TagFilterTypeDef]") -> Iterator[tuple[str, dict[str, str]]]:
        pages = self._tagging.get_paginator("get_resources").paginate(
            ResourceTypeFilters=["acm:certificate"],
            TagFilters=filters,
            PaginationConfig={"PageSize": _TAGGED_PAGE},
        )
        with explained(f"looking up the names of certificates in {self.region}"):
            for page in paced(pages, self._paces.tags, "PaginationToken"):
                for resource in page["ResourceTagMappingList"]:
                    yield resource["ResourceARN"], {tag["Key"]: tag["Value"] for tag in resource["Tags"]}


def is_nothing_there(error: AwsError) -> bool:
    """Tells whether a certificate was refused because it is deleted, or was requested and is not issued yet."""
    return error.aws_code in _NOTHING_THERE


def _may_list(error: AwsError) -> bool:
    """Tells whether ListCertificates may do where SearchCertificates did not: it is denied, or not there."""
    return isinstance(error, AwsDeniedError | AwsRefusedError) or error.aws_code in _NOT_THERE


def _request_id(answer: Mapping[str, Any]) -> str:
    return str(answer.get("ResponseMetadata", {}).get("RequestId", ""))


def _blobs(parts: Parts) -> dict[str, bytes]:
    """Returns the parameters of ImportCertificate; an empty chain is left out, which is not the same as empty."""
    blobs = {"Certificate": parts.body, "PrivateKey": parts.key, "CertificateChain": parts.chain}
    return {name: blob for name, blob in blobs.items() if blob}


def _tag_list(tags: Mapping[str, str]) -> "list[TagTypeDef]":
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _ders(text: str) -> tuple[bytes, ...]:
    return tuple(pem.decode(block) for block in pem.blocks(text.encode()))
