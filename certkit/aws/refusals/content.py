"""ACM's refusals of what an import sends: certificate, key, chain and tags."""

from typing import Final

from certkit import pages
from certkit.aws.refusals.translation import CONTENT, Translation

_MOTO: Final = "https://github.com/getmoto/moto/blob/master/moto/acm/models.py"
_SPLIT: Final = (
    "certkit split writes, and certkit import sends, what ACM takes; with the AWS CLI name files with fileb://"
)
_CLOCK: Final = "compare this machine's clock with AWS's, and the dates in certkit inspect"

TRANSLATIONS: Final = (
    Translation(
        CONTENT,
        r"more than one certificate",
        "what was sent as the certificate is not one PEM certificate: its chain stands with it, or it was decoded on the way",
        f"send the leaf alone and the rest as the chain: {_SPLIT}",
        "The certificate field contains more than one certificate. You can specify only one certificate in this field.",
        "https://github.com/aws/aws-cli/issues/6569",
    ),
    Translation(
        CONTENT,
        r"could not validate the certificate with the (certificate )?chain",
        "no certificate of the chain issued this one: it is another CA's chain, or a root without the intermediate",
        "get the intermediates from the CA that certkit inspect names as the issuer, and give them with --chain FILE",
        "Could not validate the certificate with the certificate chain.",
        "https://github.com/go-acme/lego/issues/1506",
    ),
    Translation(
        CONTENT,
        r"unable to validate certificate chain.*invalid certificate is: *-\d",
        "the chain is not in order: a certificate is missing from it, or it begins with the root",
        "certkit import puts it in order; a missing intermediate comes from the CA, with --chain FILE",
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, "
        "followed by any intermediaries in order. The index within the chain of the invalid certificate is: -1",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"unable to validate certificate chain(.*invalid certificate is: *(?P<index>\d+))?",
        "the chain is not in order from chain[{index}] on: it did not issue what stands before it, or it is the leaf itself",
        "certkit import puts it in order and leaves the leaf out; a missing intermediate comes from the CA, with --chain FILE",
        "Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, "
        "followed by any intermediaries in order. The index within the chain of the invalid certificate is: 0",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"not a valid self.?signed",
        "a CA issued the certificate, and its chain was not sent",
        "add the CA's intermediate certificates with --chain FILE",
        "Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or "
        "certificate chain.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"private key length (?P<length>\d+)",
        "a private key of {length} bits is none that ACM takes: RSA has 1,024, 2,048, 3,072 or 4,096",
        "renew the certificate with an RSA key of 2,048 bits, or on P-256",
        "The private key length 1536 is not supported for key algorithm.",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"private key is not supported",
        "the key is of a kind that ACM does not take (Ed25519, secp256k1, RSA of another size), or what was sent is no key",
        f"see certkit validate for the key; {_SPLIT}",
        "The private key is not supported.",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"private key .*(not be|is) encrypted",
        "the private key was sent with a password on it",
        "certkit import decrypts it: --key-passin",
        "Your private key should not be encrypted.",
        "https://repost.aws/knowledge-center",
    ),
    Translation(
        CONTENT,
        r"not a private key",
        "what was sent as the private key is another PEM block, such as a certificate or a public key",
        f"give the private key with --key FILE; {_SPLIT}",
        "Passed PEM was not a private key.",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"private key (does not|doesn't|did not) (match|belong|correspond)",
        "the private key is not the certificate's",
        "use the key that the certificate was requested with: --key FILE",
        "The private key does not match the certificate.",
        pages.PREREQUISITES,
    ),
    Translation(
        CONTENT,
        r"private key .*not.*(PEM|valid)",
        "what was sent as the private key is no PEM: DER, a path, or a key with characters changed",
        _SPLIT,
        "The private key is not PEM-encoded or is not valid.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"certificate chain.*(has )?expired",
        "a certificate of the chain has expired, though the leaf may be valid",
        "get the current intermediate from the CA, and give it with --chain FILE",
        "The certificate chain has expired, is not valid.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"certificate chain.*not in effect",
        "a certificate of the chain is not yet valid",
        _CLOCK,
        "The certificate chain is not in effect yet, is not valid.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"certificate.*has expired",
        "the certificate has expired, and ACM imports no such one",
        "renew it, then import the new one",
        "The certificate has expired, is not valid.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"certificate.*not in effect",
        "the validity of the certificate has not begun",
        f"import it when it has; {_CLOCK}",
        "The certificate is not in effect yet, is not valid.",
        _MOTO,
    ),
    Translation(
        CONTENT,
        r"not in a valid PEM|in PEM format|not PEM.encoded",
        "what was sent is no PEM as ACM reads it: DER, stray characters, blanks at the end of a line, or text around it",
        _SPLIT,
        "Unable to parse certificate. Please ensure the certificate is in PEM format.",
        pages.REPOST,
    ),
    Translation(
        CONTENT,
        r"issuer must not be empty",
        "the certificate's issuer field is empty",
        "ask the CA for a certificate that names its issuer",
        "The certificate issuer must not be empty.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        CONTENT,
        r"OCSP .*not exceed",
        "the certificate's OCSP address has more than 1,000 characters",
        "ask the CA for a certificate with a shorter one",
        "The OCSP authority URL must not exceed 1000 characters.",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        CONTENT,
        r"AWS internal tags|Invalid Tag Key",
        "a tag's key begins with aws:, which is AWS's own",
        "name the tag otherwise",
        'Invalid Tag Key: "aws:team". AWS internal tags cannot be changed with this API',
        pages.TAGS,
    ),
    Translation(
        CONTENT,
        r"validation errors? detected:.*?at '(?P<member>[^']+)' failed to satisfy constraint: Member must (?P<must>[^;]+)",
        "{member} breaks a limit of ACM's: it must {must}",
        "certkit validate knows the limits; the numbers are in the page of the operation",
        "1 validation error detected: Value at 'privateKey' failed to satisfy constraint: Member must have length less than "
        "or equal to 8192",
        pages.IMPORT_CERTIFICATE,
    ),
    Translation(
        CONTENT,
        r"^the certificate is not valid",
        "what was sent as the certificate is none: a path or other text in its place, or an X.509 version 1 certificate",
        f"see certkit inspect for what the file holds; {_SPLIT}",
        "The certificate is not valid.",
        pages.REPOST,
    ),
)
"""Narrower ones first."""
