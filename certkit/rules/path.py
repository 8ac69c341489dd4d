"""Rules on the path that clients build (RFC 5280 section 6.1): ACM is not known to look at it, what it serves is."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from cryptography import x509

from certkit import certificate as x
from certkit.rules.rule import Candidate, Severity, rule

_PREPARATION = "https://www.rfc-editor.org/rfc/rfc5280#section-6.1.4"
_NAMES = "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10"
_EXTENSIONS = "https://www.rfc-editor.org/rfc/rfc5280#section-4.2"


@rule(Severity.WARNING, source=_PREPARATION, hint="get the CA's own intermediate certificate")
def issuer_not_a_ca(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """Every certificate of the chain should be a CA's: basic constraints that say so, and a key usage that lets it sign.

    Clients refuse what another one has issued. No page of AWS's says whether ACM does.
    """
    for position, certificate in enumerate(candidate.chain):
        if certificate == candidate.leaf or not _says_what_it_is(certificate):
            continue
        usage = x.extension(certificate, x509.KeyUsage)
        if not x.is_ca(certificate):
            yield f"chain[{position}]", "it is not a CA's certificate: its basic constraints do not say so"
        elif usage and not usage.key_cert_sign:
            yield f"chain[{position}]", "its key usage does not let it sign certificates"


@rule(Severity.WARNING, source=_PREPARATION, hint="ask the CA for a chain that its own certificates permit")
def path_length_exceeded(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """No more CAs should stand between the certificate and an issuer than that issuer's path length permits.

    Those that are their own issuers by name do not count. Clients refuse a longer path; whether ACM does is not documented.
    """
    between = 0
    for position, certificate in enumerate(candidate.chain):
        constraints = x.extension(certificate, x509.BasicConstraints)
        permitted = constraints.path_length if constraints else None
        if permitted is not None and between > permitted:
            yield f"chain[{position}]", f"it permits {permitted} CAs below it, and there are {between}"
        between += x.name_key(x.subject(certificate)) != x.name_key(x.issuer(certificate))


@rule(Severity.WARNING, source=_NAMES, hint="ask a CA that may issue for these names")
def name_not_permitted(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """The certificate's DNS names and IP addresses should be those that its issuers' name constraints permit.

    Clients refuse others; whether ACM does is not documented. Constraints on other kinds of name are not looked at.
    """
    names = x.extension(candidate.leaf, x509.SubjectAlternativeName) if candidate.leaf is not None else None
    for position, certificate in enumerate(candidate.chain if names else ()):
        constraints = x.extension(certificate, x509.NameConstraints)
        for name in (*_addressed(names, x509.DNSName), *_addressed(names, x509.IPAddress)) if constraints else ():
            if constraints and not _is_permitted(name, constraints):
                yield "leaf", f"the name constraints of chain[{position}] do not permit its name {name.value}"


@rule(Severity.WARNING, source=_EXTENSIONS, hint="ask the CA for a certificate without it")
def critical_extension_unknown(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """No certificate should have a critical extension that clients do not know: they must refuse it.

    A precertificate, which goes to the logs and not to servers, is made useless by one (RFC 6962 section 3.1). Whether ACM
    refuses is not documented.
    """
    leaf = () if candidate.leaf is None else (("leaf", candidate.leaf),)
    chain = ((f"chain[{position}]", certificate) for position, certificate in enumerate(candidate.chain))
    for part, certificate in (*leaf, *chain):
        for oid in _unknown_critical(certificate):
            yield part, f"its extension {oid} is critical, and clients do not know it"


def _says_what_it_is(certificate: x509.Certificate) -> bool:
    """Tells whether it is of version 3 with extensions that can be read; an old root of version 1 has none."""
    return certificate.version is x509.Version.v3 and "extensions" not in x.unreadable_parts(certificate)


def _unknown_critical(certificate: x509.Certificate) -> Iterator[str]:
    if "extensions" in x.unreadable_parts(certificate):
        return
    for extension in certificate.extensions:
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension | x509.PrecertPoison):
            yield extension.oid.dotted_string


def _addressed(
    names: x509.SubjectAlternativeName | None, kind: type[x509.DNSName | x509.IPAddress]
) -> Iterator[x509.DNSName | x509.IPAddress]:
    return (name for name in names or () if isinstance(name, kind))


def _is_permitted(name: x509.DNSName | x509.IPAddress, constraints: x509.NameConstraints) -> bool:
    permitted = [one.value for one in constraints.permitted_subtrees or () if type(one) is type(name)]
    excluded = [one.value for one in constraints.excluded_subtrees or () if type(one) is type(name)]
    if any(_is_within(name.value, one) for one in excluded):
        return False
    return not permitted or any(_is_within(name.value, one) for one in permitted)


def _is_within(name: object, constraint: object) -> bool:
    """Tells whether a name is in a subtree: a host by any number of labels put before it, an address by its network."""
    if isinstance(constraint, str):
        below = str(name).lower().removeprefix("*.")
        top = constraint.lower().removeprefix(".")
        return not top or below == top or below.endswith("." + top)
    if isinstance(name, IPv4Address | IPv6Address) and isinstance(constraint, IPv4Network | IPv6Network):
        return name in constraint
    return False


RULES = (issuer_not_a_ca, path_length_exceeded, name_not_permitted, critical_extension_unknown)
