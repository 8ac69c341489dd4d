"""ACM in one account and Region, in the place of moto's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import uuid4

from cryptography import x509
from moto.acm.exceptions import CertificateNotFound
from moto.acm.models import AWSCertificateManagerBackend, CertBundle
from moto.core.exceptions import AWSError
from moto.core.resource_tagging import TaggedResource

from certkit.testing.criteria import Material
from certkit.testing.index import Index
from certkit.testing.meter import Meter
from certkit.testing.pages import Pages
from certkit.testing.record import CertificateType, Record
from certkit.testing.refusal import AwsRefusal, not_found
from certkit.testing.tags import with_added, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from types import SimpleNamespace

    from certkit.testing.behaviour import Behaviour
    from certkit.testing.tags import Tag

_FULL: Final = (
    "You have reached the maximum number of certificates. Delete certificates that are not in use, "
    "or contact AWS Support to request an increase."
)
"""https://repost.aws/knowledge-center/acm-import-troubleshooting"""


@dataclass(slots=True)
class Conditions:
    """What holds in all accounts and Regions of one strict ACM, until it is set otherwise.

    Attributes:
        behaviour: The settings.
        now: The time, UTC.
    """

    behaviour: Behaviour
    now: Callable[[], datetime]


class StrictBackend(AWSCertificateManagerBackend):
    """The certificates of one account and Region.

    Attributes:
        conditions: What holds; set on a subclass for each strict ACM, because moto makes the instances.
        addresses: Where moto's server finds what answers (`url_bases` and `url_paths`); set likewise.
        pages: Rests of listings.
        denied: Operations that answer AccessDeniedException.
    """

    conditions: ClassVar[Conditions]
    addresses: ClassVar[SimpleNamespace]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.pages = Pages()
        self.denied: frozenset[str] = frozenset()
        self._records: dict[str, Record] = {}
        self._index = Index()
        self._meter = Meter()
        self._calls = 0

    @property
    def behaviour(self) -> Behaviour:
        """The settings that hold now."""
        return self.conditions.behaviour

    @property
    def now(self) -> datetime:
        """The time, UTC."""
        return self.conditions.now()

    def begin(self, operation: str) -> None:
        """Counts a call, before anything is done for it.

        Raises:
            AwsRefusal: It is denied, or there were too many of late.
        """
        self._calls += 1
        self._meter.count_request(operation, self.behaviour.requests_per_second.get(operation), self.now)
        if operation in self.denied:
            user = f"arn:{self.partition}:iam::{self.account_id}:user/sandbox"
            message = f"User: {user} is not authorized to perform: acm:{operation}"
            raise AwsRefusal("AccessDeniedException", message)

    def find(self, arn: str) -> Record:
        """The certificate as it is, however far the index lags.

        Raises:
            AwsRefusal: There is none.
        """
        if arn not in self._records:
            raise not_found(arn)
        return self._records[arn]

    def indexed(self) -> dict[str, Record]:
        """The certificates as listings see them, by ARN."""
        return self._index.records(call=self._calls, now=self.now)

    def check_quota(self) -> None:
        """Checks that one more certificate may be imported.

        Raises:
            AwsRefusal: A quota is used up.
        """
        self._meter.check_imports(self.behaviour.imports_per_year, self.now)
        imported = sum(record.type is CertificateType.IMPORTED for record in self._records.values())
        if imported >= self.behaviour.imported_certificates:
            raise AwsRefusal("LimitExceededException", _FULL)

    def add(self, material: Material, type_: CertificateType, tagged: Mapping[str, str | None]) -> str:
        """Keeps a new certificate and returns its ARN; nothing is checked any more."""
        if type_ is CertificateType.IMPORTED:
            self._meter.count_import(self.now)
        arn = f"arn:{self.partition}:acm:{self.region_name}:{self.account_id}:certificate/{uuid4()}"
        self._keep(Record(arn, type_, material, self.now, self.now, MappingProxyType(dict(tagged))))
        return arn

    def reimport(self, arn: str, material: Material) -> None:
        """Replaces the certificate under an ARN; tags, associations and the first import's time stay.

        Raises:
            AwsRefusal: Reimports count, and the year's quota is used up.
        """
        current = self.find(arn)
        if self.behaviour.reimports_count:
            self._meter.check_imports(self.behaviour.imports_per_year, self.now)
            self._meter.count_import(self.now)
        if not material.chain and self.behaviour.reimport_keeps_chain:
            material = replace(material, chain=current.material.chain)
        self._keep(replace(current, material=material, imported_at=self.now))

    def request(self, domain: str, alternatives: list[str], tagged: Mapping[str, str | None]) -> str:
        """Issues a certificate of Amazon's at once, without validation, and returns its ARN."""
        bundle = CertBundle.generate_cert(domain, self.account_id, self.region_name, alternatives)
        material = Material(x509.load_pem_x509_certificate(bundle.cert), ())
        return self.add(material, CertificateType.AMAZON_ISSUED, tagged)

    def set_tags(self, arn: str, tagged: Mapping[str, str | None]) -> None:
        """Replaces all tags of a certificate."""
        self._keep(replace(self.find(arn), tags=MappingProxyType(dict(tagged))))

    def set_in_use(self, arn: str, by: tuple[str, ...]) -> None:
        """Says which resources serve a certificate; none frees it."""
        self._keep(replace(self.find(arn), in_use_by=by))

    def delete(self, arn: str) -> None:
        """Removes a certificate.

        Raises:
            AwsRefusal: There is none, or it is in use.
        """
        if self.find(arn).in_use_by:
            # https://github.com/hashicorp/terraform-provider-aws/issues/3866
            message = f"Certificate {arn} in account {self.account_id} is in use."
            raise AwsRefusal("ResourceInUseException", message)
        del self._records[arn]
        self._note(arn, None)

    def _keep(self, record: Record) -> None:
        self._records[record.arn] = record
        self._note(record.arn, record)

    def _note(self, arn: str, record: Record | None) -> None:
        behaviour = self.behaviour
        self._index.note(arn, record, call=self._calls + behaviour.index_lag_calls, time=self.now + behaviour.index_lag)

    # What follows is called by moto's other services, by its names.

    @property
    def _url_module(self) -> SimpleNamespace:
        return self.addresses

    def get_certificate(self, arn: str) -> Record:  # type: ignore[override]  # load balancers only ask whether it is there
        """The certificate of a load balancer's listener."""
        if arn not in self._records:
            raise CertificateNotFound(arn=arn, account_id=self.account_id)
        return self._records[arn]

    def set_certificate_in_use_by(self, arn: str, load_balancer_name: str) -> None:
        """Adds a load balancer to those that serve a certificate."""
        record = self.get_certificate(arn)
        self.set_in_use(arn, (*record.in_use_by, load_balancer_name))

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """What GetResources finds: as much as the index knows."""
        self._calls += 1
        for arn, record in self.indexed().items():
            tagged = {key: value or "" for key, value in record.tags.items()}
            yield TaggedResource(arn=arn, tags=tagged, resource_type="acm:certificate")

    def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
        """Adds tags for TagResources."""
        added: list[Tag] = [{"Key": key, "Value": value} for key, value in tags.items()]
        try:
            self.set_tags(arn, with_added(self.find(arn).tags, added))
        except AwsRefusal as refusal:
            raise AWSError(refusal.message, refusal.code) from refusal

    def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
        """Removes tags for UntagResources."""
        try:
            self.set_tags(arn, without(self.find(arn).tags, [{"Key": key} for key in tag_keys]))
        except AwsRefusal as refusal:
            raise AWSError(refusal.message, refusal.code) from refusal
