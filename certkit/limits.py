"""Every number that bounds what certkit reads or sends, with its source.

The first half is ACM's; the second half is ours, and says what it protects from.
"""

from typing import Final

# ImportCertificate: CertificateBodyBlob, PrivateKeyBlob and CertificateChainBlob of the service model,
# https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
MAX_BODY_BYTES: Final = 32_768
"""The certificate, as PEM."""

MAX_KEY_BYTES: Final = 8_192
"""The private key, as PEM: the service model's limit since 2026-10."""

DOCUMENTED_KEY_BYTES: Final = 5_120
"""The private key, as PEM: the limit that the user guide still states (import-certificate-prerequisites)."""

MAX_CHAIN_BYTES: Final = 2_097_152
"""The certificate chain, as PEM."""

MAX_OCSP_URL_CHARACTERS: Final = 1_000
"""The OCSP authority URL (operation documentation of ImportCertificate)."""

# https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html and the shapes TagKey, TagValue, TagList
MAX_TAGS: Final = 50
MAX_TAG_KEY_CHARACTERS: Final = 128
MAX_TAG_VALUE_CHARACTERS: Final = 256

KEY_ALGORITHMS: Final = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
"""What ACM imports: https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html."""

# Of an account in a region, unless raised: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html
MAX_IMPORTED: Final = 2_500
"""Imported certificates at a time, expired ones too."""

MAX_IMPORTS_A_YEAR: Final = 5_000
"""Imports in the last 365 days, those that were deleted since too."""

LISTED_NAMES: Final = 100
"""Subject alternative names that a listing has of one certificate: CertificateSummary of the service model."""

MAX_DOMAIN_CHARACTERS: Final = 253
"""A domain name without its last dot (shape DomainNameString; RFC 1035 section 2.3.4 less two octets of length)."""

NEARLY_USED: Final = 0.8
"""The share of a quota from which on certkit warns; ours."""

# What one SOURCE may cost. The limits on bytes are for kindness: cryptography refuses 100 MB of junk in under a second.
MAX_SOURCE_BYTES: Final = 16 * 1024 * 1024
"""One SOURCE: 8 times ACM's largest chain, above the largest real bundle seen (a 5 MB trust store)."""

MAX_CERTIFICATES: Final = 10_000
"""Certificates in one SOURCE: 10,000 parse in 0.3 s."""

MAX_KEYS: Final = 32
"""Private keys in one SOURCE: a keystore of a server holds a handful; each may cost a key derivation."""

MAX_ITERATIONS: Final = 5_000_000
"""Key derivation iterations, summed over everything in one SOURCE.

At most about 5 s of work. Real files: openssl 2,048; Windows 2,000; Java 10,000 to 100,000; NSS and Firefox three times 600,000.
"""

MAX_SCRYPT_BYTES: Final = 256 * 1024 * 1024
"""Memory of one scrypt derivation, 128 * N * r bytes (RFC 7914 section 2); openssl's default takes 16 MiB."""

MAX_SCRYPT_WORK: Final = 4_194_304
"""N * r * p of one scrypt derivation: openssl's default is 131,072; this is about 2 s."""

MAX_RSA_BITS: Final = 16_384
"""The modulus of an RSA key, checked before any arithmetic on it; OpenSSL's own limit (OPENSSL_RSA_MAX_MODULUS_BITS)."""

MAX_NESTING: Final = 32
"""Depth of nested ASN.1 values; a PFX needs about 12."""

MAX_VALUES: Final = 40_000
"""ASN.1 values side by side, or inside one of indefinite length: four for each certificate that is allowed."""

MAX_SIGNATURES: Final = 12_000
"""Signatures verified to find leaf and chain in one SOURCE: one for each certificate and some; each is about 0.06 ms."""

MAX_FETCHED_BYTES: Final = 256 * 1024
"""One answer of an AIA address: a certificate has 2 kB, a PKCS#7 with a CA's whole path 10 kB."""

MAX_ENCRYPTED_KEY_BYTES: Final = 65_536
"""One key in DER or a Java keystore, looked at before it is decrypted: an RSA key of 16,384 bits takes 9 KiB."""

MAX_ARCHIVE_MEMBERS: Final = 100
"""Files in a ZIP: what a CA's portal sends holds about ten, with a folder for each kind of server about thirty."""

MAX_ARCHIVE_RATIO: Final = 100
"""Bytes unpacked for each byte of a ZIP: PEM shrinks to three quarters and HTML to a tenth; deflate itself ends at 1,032."""

PARAMETER_CHARACTERS: Final = {4_096: "standard", 8_192: "advanced"}
"""The most that a parameter of each tier holds: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html."""

MAX_FOLDER_FILES: Final = 10_000
"""Names in a folder that are looked at to tell whose it is: lego's holds four for each certificate."""

MAX_MANIFEST_BYTES: Final = 16 * 1024 * 1024
"""One manifest: 100,000 certificates of three lines each take 8.5 MB, and 9 s to read; 10,000 of ten lines take 3 MB."""

MAX_MANIFEST_NESTING: Final = 16
"""Tables and arrays within each other in a manifest, which needs three; Python's reader recurses on each."""

MAX_STATUS_BYTES: Final = 256 * 1024 * 1024
"""One document of `status`, read back for what changed: 100,000 certificates take 60 MB."""

MAX_ESCROW_BYTES: Final = 4 * 1024 * 1024
"""One bundle in escrow: ACM's largest chain, certificate and key take 2.1 MB, and what closes them some hundred bytes."""
