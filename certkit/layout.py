"""What the files of a bundle are called, and which parts stand in each: as ACM takes them, and as servers read them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Layout(StrEnum):
    """Whom the files are for."""

    ACM = "acm"
    CERTBOT = "certbot"
    NGINX = "nginx"
    HAPROXY = "haproxy"


FILES: Final[Mapping[Layout, Mapping[str, tuple[str, ...]]]] = {
    Layout.ACM: {"cert_key.pem": ("key",), "cert_body.pem": ("body",), "cert_chain.pem": ("chain",)},
    Layout.CERTBOT: {
        "privkey.pem": ("key",),
        "cert.pem": ("body",),
        "chain.pem": ("chain",),
        "fullchain.pem": ("body", "chain"),
    },
    Layout.NGINX: {"privkey.pem": ("key",), "fullchain.pem": ("body", "chain")},
    Layout.HAPROXY: {"haproxy.pem": ("body", "chain", "key")},
}
"""The files of each layout, with the parts in the order in which they stand in the file.

acm: ImportCertificate's three blobs. certbot: https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates.
nginx: `ssl_certificate` holds the leaf first, then the chain, in one file, and `ssl_certificate_key` the key
(https://nginx.org/en/docs/http/configuring_https_servers.html#chains); the names are those that certbot gave to just these
two. haproxy: `crt` names one file of certificate, chain and key (https://docs.haproxy.org/3.0/configuration.html#5.1-crt).
"""
