"""The services that take certificates from ACM, by the names that `--for` takes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from certkit import limits
from certkit.rules.services.service import KeyPurpose, Naming, Service

_DOCS: Final = "https://docs.aws.amazon.com/"
_EDGE: Final = "us-east-1"
"""Where CloudFront and what is built on it look for certificates."""

_RSA_TO_2048: Final = ("RSA_1024", "RSA_2048")
_RSA_TO_3072: Final = (*_RSA_TO_2048, "RSA_3072")
_EC: Final = ("EC_prime256v1", "EC_secp384r1", "EC_secp521r1")

_CLOUDFRONT: Final = Service(
    "CloudFront, to viewers",
    _DOCS + "AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    region=_EDGE,
    key_algorithms=(*_RSA_TO_3072, "RSA_4096", "EC_prime256v1"),
    needs_chain=True,
    takes_root=False,
    needs_public_ca=True,
    min_life=dt.timedelta(hours=24),
    note="Each alternate domain name must be covered by a subject alternative name: name them with `--host`. "
    "A reimport reaches the edges within 24 hours.",
)
_ALB: Final = Service(
    "Application Load Balancer",
    _DOCS + "elasticloadbalancing/latest/application/https-listener-certificates.html",
    key_algorithms=limits.KEY_ALGORITHMS,
    naming=Naming.DOMAIN,
    note="A key that it does not take may be reported as `CertificateNotFound`.",
)
_API_GATEWAY: Final = Service(
    "API Gateway, regional domain name",
    _DOCS + "apigateway/latest/developerguide/how-to-specify-certificate-for-custom-domain-name.html",
    key_algorithms=(*_RSA_TO_2048, *_EC),
    needs_public_ca=True,
    note='The page says "the maximum size of the public key is 2048" in one paragraph with edge-optimized names, and not in '
    "every language. The certificate must cover the domain name: name it with `--host`.",
)
_NETWORK_FIREWALL: Final = _DOCS + "network-firewall/latest/developerguide/tls-inspection-certificate-requirements.html"

SERVICES: Final[Mapping[str, Service]] = {
    "cloudfront": _CLOUDFRONT,
    "cloudfront-origin-mtls": Service(
        "CloudFront, as a client of origins",
        _DOCS + "AmazonCloudFront/latest/DeveloperGuide/origin-certificate-management-certificate-manager.html",
        region=_EDGE,
        extended_key_usage=KeyPurpose.CLIENT_AUTH,
        note="Public CAs are giving up certificates for clients: a private one has to issue it.",
    ),
    "alb": _ALB,
    "nlb": Service(
        "Network Load Balancer, TLS listener",
        _DOCS + "elasticloadbalancing/latest/network/tls-listener-certificates.html",
        key_algorithms=(*_RSA_TO_3072, *_EC),
        note="RSA with 4,096 bits is refused when it is attached.",
    ),
    "clb": Service(
        "Classic Load Balancer",
        _DOCS + "elasticloadbalancing/latest/classic/ssl-server-cert.html",
        note="No current page lists its keys; between 2016 and 2018 users reported RSA, P-256 and P-384.",
    ),
    "elastic-beanstalk": replace(
        _ALB,
        title="Elastic Beanstalk, through its Application Load Balancer",
        note="Through another load balancer: `nlb`, `clb`.",
    ),
    "api-gateway-edge": replace(
        _API_GATEWAY,
        title="API Gateway, edge-optimized domain name",
        region=_EDGE,
        key_algorithms=(*_RSA_TO_2048, "EC_prime256v1"),
        note='The page calls the limits "dictated by CloudFront" and still gives 2,048 bits as the largest key, where '
        "CloudFront's own page has gone on to 4,096.",
    ),
    "api-gateway-regional": _API_GATEWAY,
    "api-gateway-mtls": replace(
        _API_GATEWAY,
        title="API Gateway, domain name with mutual TLS",
        source=_DOCS + "apigateway/latest/api/API_CreateDomainName.html",
        needs_public_ca=False,
        note="With an imported certificate it also asks for `ownershipVerificationCertificateArn`: a public certificate "
        "for the same name that ACM itself issued.",
    ),
    "appsync": Service(
        "AppSync, custom domain name", _DOCS + "appsync/latest/devguide/custom-domain-name.html", region=_EDGE
    ),
    "cognito": Service(
        "Cognito, custom domain of a user pool",
        _DOCS + "cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html",
        region=_EDGE,
        note="A new ARN takes up to an hour to be served.",
    ),
    "amplify": Service(
        "Amplify, custom domain", _DOCS + "amplify/latest/APIReference/API_CertificateSettings.html", region=_EDGE
    ),
    "iot": Service(
        "IoT Core, custom domain",
        _DOCS + "iot/latest/developerguide/iot-custom-endpoints-configurable-custom.html",
        key_algorithms=("RSA_2048", "EC_prime256v1"),
        max_chain_certificates=5,
        max_chain_bytes=16 * 1024,
        extended_key_usage=KeyPurpose.SERVER_AUTH,
        naming=Naming.DOMAIN,
        note="A certificate that no public CA issued needs a validation certificate beside it: a public one from ACM. "
        "The page does not say whether the leaf counts in the depth of 5: here it does.",
    ),
    "client-vpn": Service(
        "Client VPN, server certificate",
        _DOCS + "vpn/latest/clientvpn-admin/mutual.html",
        key_algorithms=_RSA_TO_2048,
        naming=Naming.DOMAIN,
        note="A reimport is taken up within hours, up to a day.",
    ),
    "client-vpn-client": Service(
        "Client VPN, client certificate",
        _DOCS + "vpn/latest/clientvpn-admin/mutual.html",
        key_algorithms=_RSA_TO_2048,
        needs_common_name=True,
        note="It has to be in ACM only where its CA is not the server certificate's.",
    ),
    "transfer": Service(
        "Transfer Family, FTPS",
        _DOCS + "transfer/latest/APIReference/API_CreateServer.html",
        key_algorithms=("RSA_2048", "RSA_4096", *_EC),
        naming=Naming.DOMAIN_OR_ADDRESS,
    ),
    "network-firewall-inbound": Service(
        "Network Firewall, inbound inspection",
        _NETWORK_FIREWALL,
        key_algorithms=limits.KEY_ALGORITHMS,
        needs_chain=True,
        takes_self_signed=False,
    ),
    "network-firewall-outbound": Service(
        "Network Firewall, outbound inspection",
        _NETWORK_FIREWALL,
        key_algorithms=limits.KEY_ALGORITHMS,
        needs_ca=True,
        note="Nothing that AWS Private CA issued is taken, which the certificate does not show.",
    ),
    "network-firewall-proxy": Service(
        "Network Firewall, proxy",
        _DOCS + "network-firewall/latest/APIReference/API_ProxySettings.html",
        naming=Naming.DOMAIN,
        note="Its subject alternative names must cover the proxy's domain name: name it with `--host`.",
    ),
    "verified-access": Service(
        "Verified Access endpoint",
        _DOCS + "AWSEC2/latest/APIReference/API_CreateVerifiedAccessEndpoint.html",
        needs_public_ca=True,
        needs_common_name=True,
        note="The common name must match the name that users use: name it with `--host`.",
    ),
    "ses": Service(
        "SES, S/MIME",
        _DOCS + "ses/latest/APIReference-V2/API_AssociateEmailIdentityCertificate.html",
        note="One certificate for each email identity.",
    ),
    "nitro-enclaves": Service(
        "Nitro Enclaves", _DOCS + "AWSEC2/latest/APIReference/API_AssociateEnclaveCertificateIamRole.html"
    ),
    "opensearch": Service(
        "OpenSearch Service, custom endpoint",
        _DOCS + "opensearch-service/latest/APIReference/API_DomainEndpointOptions.html",
    ),
    "mediapackage": Service(
        "MediaPackage v2, content key encryption",
        _DOCS + "mediapackage/latest/APIReference/API_SpekeKeyProvider.html",
    ),
    "app-mesh": Service(
        "App Mesh, listener", _DOCS + "app-mesh/latest/APIReference/API_ListenerTlsAcmCertificate.html"
    ),
    "rtb-fabric": Service(
        "RTB Fabric, responder gateway", _DOCS + "rtb-fabric/latest/api/API_AssociateCertificate.html"
    ),
    "app-runner": Service(
        "App Runner",
        _DOCS + "apprunner/latest/api/API_AssociateCustomDomain.html",
        takes_imports=False,
        note="It makes and renews a certificate of its own.",
    ),
}
"""Without a region: its own. What no page of AWS's says, the table leaves out."""
