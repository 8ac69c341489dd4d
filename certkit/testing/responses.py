"""ACM's operations over HTTP, in the place of moto's."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, cast

from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model

from certkit.testing.constraints import check_request, decode_blob
from certkit.testing.criteria import judge
from certkit.testing.listing import listed
from certkit.testing.record import CertificateType
from certkit.testing.refusal import AwsRefusal, invalid
from certkit.testing.replacement import check_replacement
from certkit.testing.search import found, result
from certkit.testing.tags import with_added, without
from certkit.testing.wire import content, detail, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from moto.core.common_types import TYPE_RESPONSE

    from certkit.testing.backend import StrictBackend
    from certkit.testing.record import Record

OPERATIONS: Final = frozenset(
    {
        "AddTagsToCertificate",
        "DeleteCertificate",
        "DescribeCertificate",
        "ExportCertificate",
        "GetAccountConfiguration",
        "GetCertificate",
        "ImportCertificate",
        "ListCertificates",
        "ListTagsForCertificate",
        "PutAccountConfiguration",
        "RemoveTagsFromCertificate",
        "RequestCertificate",
        "SearchCertificates",
    }
)
"""What is served; everything else is refused, instead of moto's answer 500, which clients would send again."""

DEFAULT_PAGE_SIZE: Final = 100
"""Documentation of SearchCertificates in ACM's service model; that of ListCertificates names no number."""

_REFUSED: Final = 400
"""The HTTP status of every refusal, throttling among them."""
_CERTIFICATE_ARN: Final = re.compile(r"arn:[^:]+:acm:[^:]*:[0-9]+:certificate/[^/]+")


class StrictResponse(AWSCertificateManagerResponse):
    """One request to ACM and its answer."""

    @property
    def acm_backend(self) -> StrictBackend:
        """The backend of the request's account and Region."""
        return cast("StrictBackend", super().acm_backend)

    def call_action(self) -> TYPE_RESPONSE:
        """Checks the request against the service model, has it carried out, and words the refusals."""
        operation = self._get_action()
        try:
            _check_served(operation)
            self.acm_backend.begin(operation)
            check_request(get_service_model("acm").operation_model(operation).input_shape, self._request)
            return super().call_action()
        except AwsRefusal as refusal:
            return self._refuse(refusal)

    def import_certificate(self) -> ActionResult:
        """Imports a certificate or, with an ARN, replaces one."""
        backend, request = self.acm_backend, self._request
        arn = request.get("CertificateArn")
        current = None if arn is None else backend.find(self._arn)
        if current is not None and "Tags" in request:
            # https://github.com/hashicorp/terraform-provider-aws/issues/15055
            raise invalid("Tagging is not permitted on re-import.")
        tagged = with_added({}, request.get("Tags", ()))
        chain = decode_blob(request["CertificateChain"]) if "CertificateChain" in request else None
        certificate, private_key = decode_blob(request["Certificate"]), decode_blob(request["PrivateKey"])
        material = judge(certificate, private_key, chain, backend.now)
        if current is None:
            backend.check_quota()
            return ActionResult({"CertificateArn": backend.add(material, CertificateType.IMPORTED, tagged)})
        check_replacement(current, material.leaf)
        backend.reimport(current.arn, material)
        return ActionResult({"CertificateArn": current.arn})

    def request_certificate(self) -> ActionResult:
        """Issues a certificate of Amazon's, so that there is one that was not imported."""
        request = self._request
        tagged = with_added({}, request.get("Tags", ()))
        alternatives = request.get("SubjectAlternativeNames", [])
        return ActionResult({"CertificateArn": self.acm_backend.request(request["DomainName"], alternatives, tagged)})

    def describe_certificate(self) -> ActionResult:
        """Everything about a certificate but itself."""
        backend = self.acm_backend
        return ActionResult({"Certificate": detail(backend.find(self._arn), backend.behaviour, backend.now)})

    def get_certificate(self) -> ActionResult:
        """The certificate and its chain."""
        backend = self.acm_backend
        return ActionResult(content(backend.find(self._arn), backend.behaviour))

    def export_certificate(self) -> ActionResult:
        """Refuses: neither imported certificates nor those of Amazon's here can be exported."""
        record = self.acm_backend.find(self._arn)
        raise invalid(f"Certificate ARN: {record.arn} is not a private certificate")  # moto's text

    def delete_certificate(self) -> ActionResult:
        """Deletes a certificate that is not in use."""
        self.acm_backend.delete(self._arn)
        return EmptyResult()

    def list_certificates(self) -> ActionResult:
        """One page of certificates, by default of few kinds of them."""
        backend, request = self.acm_backend, self._request
        page, token = self._page(
            "MaxItems", "InvalidArgsException", lambda records: listed(records, request, backend.now)
        )
        summaries = [summary(record, backend.behaviour, backend.now) for record in page]
        return _paged("CertificateSummaryList", summaries, token)

    def search_certificates(self) -> ActionResult:
        """One page of the certificates that a tree of filters holds for."""
        backend, request = self.acm_backend, self._request
        page, token = self._page(
            "MaxResults", "ValidationException", lambda records: found(records, request, backend.now)
        )
        return _paged("Results", [result(record, backend.behaviour, backend.now) for record in page], token)

    def add_tags_to_certificate(self) -> ActionResult:
        """Adds tags; one that is there already gets the new value."""
        record = self.acm_backend.find(self._arn)
        self.acm_backend.set_tags(record.arn, with_added(record.tags, self._request["Tags"]))
        return EmptyResult()

    def remove_tags_from_certificate(self) -> ActionResult:
        """Removes tags; one named with a value only if it has that value."""
        record = self.acm_backend.find(self._arn)
        self.acm_backend.set_tags(record.arn, without(record.tags, self._request["Tags"]))
        return EmptyResult()

    def list_tags_for_certificate(self) -> ActionResult:
        """All tags of a certificate."""
        tagged = self.acm_backend.find(self._arn).tags
        tags = [{"Key": key} | ({} if value is None else {"Value": value}) for key, value in tagged.items()]
        return ActionResult({"Tags": tags})

    @property
    def _request(self) -> dict[str, Any]:
        try:
            request = json.loads(self.body or "{}")
        except ValueError as error:
            raise AwsRefusal("SerializationException", "The request is not JSON.") from error  # text unsourced
        if not isinstance(request, dict):
            raise AwsRefusal("SerializationException", "The request is not a structure.")  # text unsourced
        return {name: value for name, value in request.items() if value is not None}

    @property
    def _arn(self) -> str:
        arn: str = self._request["CertificateArn"]
        if not _CERTIFICATE_ARN.fullmatch(arn):
            raise AwsRefusal("InvalidArnException", f"{arn} is not the ARN of a certificate.")  # text unsourced
        return arn

    def _page(
        self, size_name: str, bad_token: str, choose: Callable[[Iterable[Record]], tuple[Record, ...]]
    ) -> tuple[list[Record], str | None]:
        backend, request = self.acm_backend, self._request
        records = backend.indexed()
        asked = request.get(size_name, DEFAULT_PAGE_SIZE)
        size = min(asked, backend.behaviour.page_size or asked)
        try:
            arns, token = backend.pages.next_page(
                self._get_action(),
                request.get("NextToken"),
                size,
                lambda: tuple(record.arn for record in choose(records.values())),
            )
        except KeyError as error:
            raise AwsRefusal(bad_token, "The NextToken is not valid.") from error  # text unsourced
        return [records[arn] for arn in arns if arn in records], token

    def _refuse(self, refusal: AwsRefusal) -> TYPE_RESPONSE:
        # Not by moto's serializer, which fails on codes that the service model does not list for ACM.
        kind = {"X-Amzn-Errortype": refusal.code, "Content-Type": "application/x-amz-json-1.1"}
        body = json.dumps({"__type": refusal.code, "message": refusal.message})
        headers, body = self._enrich_response(self.response_headers | kind, body)
        return _REFUSED, headers, body


def _check_served(operation: str) -> None:
    if operation not in OPERATIONS:
        raise AwsRefusal("UnknownOperationException", f"the sandbox does not serve {operation}")


def _paged(name: str, items: list[dict[str, Any]], token: str | None) -> ActionResult:
    return ActionResult({name: items} | ({} if token is None else {"NextToken": token}))
