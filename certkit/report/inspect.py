"""What `certkit inspect` shows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from certkit import certificate as x
from certkit.bundle import Bundle
from certkit.contents import Contents
from certkit.report import certificate as certificates
from certkit.report import one_line

_FORMATS = {
    "pem": "PEM",
    "der": "DER",
    "pkcs7": "P7B (PKCS#7)",
    "pkcs12": "PFX (PKCS#12)",
    "jks": "Java keystore (JKS)",
    "jceks": "Java keystore (JCEKS)",
}


def document(bundles: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Returns the document `certkit.inspect/1`."""
    return {"schema": "certkit.inspect/1", "bundles": list(bundles)}


def item(source: str, contents: Contents, bundle: Bundle, protection: Mapping[str, object] | None) -> dict[str, object]:
    """Returns one bundle's entry in the document."""
    in_place = {bundle.leaf, *bundle.whole_chain}
    others = dict.fromkeys(
        dropped.certificate for dropped in bundle.dropped if dropped.certificate and dropped.certificate not in in_place
    )
    return {
        "source": source,
        "format": contents.format,
        "locked": False,
        "key": _key(contents, bundle),
        "leaf": certificates.document(bundle.leaf),
        "chain": [certificates.document(certificate) for certificate in bundle.whole_chain],
        "others": [certificates.document(certificate) for certificate in others],
        "complete": bundle.is_complete,
        "protection": protection,
        "notes": [*bundle.notes, *_unreadable(bundle)],
    }


def locked(item: Mapping[str, object]) -> dict[str, object]:
    """Returns the entry of a bundle whose certificates can be seen, and whose key is locked."""
    notes = item["notes"] if isinstance(item["notes"], list) else []
    return {**item, "locked": True, "notes": [*notes, "locked: its key is encrypted, and no password was given"]}


def locked_item(source: str, kind: str, protection: Mapping[str, object] | None) -> dict[str, object]:
    """Returns the entry of a bundle that is locked: all that can be seen without its password."""
    return {
        "source": source,
        "format": str(kind),
        "locked": True,
        "key": None,
        "leaf": None,
        "chain": [],
        "others": [],
        "complete": None,
        "protection": protection,
        "notes": ["locked: it is encrypted, and no password was given"],
    }


def text(item: Mapping[str, Any]) -> str:
    """Returns what a person reads of one bundle's entry."""
    lines = [
        f"{one_line(item['source'])}: {_FORMATS.get(item['format'], item['format'])}{', locked' if item['locked'] else ''}"
    ]
    if item["key"]:
        was = "encrypted" if item["key"]["encrypted"] else "not encrypted"
        lines.append(f"  key    {item['key']['algorithm']}, {was}, spki sha256 {item['key']['spki_sha256'][:16]}…")
    if item["leaf"]:
        lines += _certificate_lines("leaf", item["leaf"])
    for certificate in item["chain"]:
        lines += _certificate_lines("chain", certificate)
    for certificate in item["others"]:
        lines += _certificate_lines("other", certificate)
    if item["complete"] is False:
        last = (item["chain"] or [item["leaf"]])[-1]
        remark = "usual for a public root" if item["chain"] else "clients need it, unless it is a root"
        lines.append(f"  open   issued by {one_line(last['issuer'])}, which is not in it: {remark}")
    lines += _protection_lines(item["protection"])
    lines += [f"  note   {one_line(note)}" for note in item["notes"]]
    return "\n".join(lines)


def _unreadable(bundle: Bundle) -> Iterator[str]:
    for dropped in bundle.dropped:
        if dropped.certificate is None:
            yield f"unreadable: a certificate that cannot be parsed, sha256 {dropped.sha256[:16]}…: {dropped.flaw}"


def _certificate_lines(what: str, certificate: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {what:<5}  {one_line(certificate['subject']) or '(no subject)'}"
    if certificate["sans"]:
        yield f"         names   {one_line(', '.join(certificate['sans']))}"
    yield f"         issuer  {'itself' if certificate['self_signed'] else one_line(certificate['issuer'])}"
    yield f"         valid   {certificate['not_before']} to {certificate['not_after']}"
    yield f"         key     {certificate['key_algorithm']}, signed with {certificate['signature_algorithm']}"
    yield f"         sha256  {certificate['sha256']}"


def _protection_lines(protection: Mapping[str, Any] | None) -> Iterator[str]:
    if protection is None:
        return
    mac = protection["mac"]
    yield f"  MAC    {mac['algorithm']}, {mac['kdf']}, {mac['iterations']:,} iterations" if mac else "  MAC    none"
    for bag in protection["bags"]:
        how = f"{bag['cipher']}, {bag['kdf']}, {bag['iterations']:,} iterations" if bag["cipher"] else "not encrypted"
        yield f"  bag    {bag['content']}: {how}"


def _key(contents: Contents, bundle: Bundle) -> dict[str, object] | None:
    if bundle.private_key is None:
        return None
    public_key = bundle.private_key.public_key()
    return {
        "algorithm": x.key_algorithm(public_key),
        "spki_sha256": x.spki_fingerprint(public_key),
        "encrypted": any(entry.was_encrypted for entry in contents.keys if entry.private_key is bundle.private_key),
    }
