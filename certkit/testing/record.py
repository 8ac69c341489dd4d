"""A certificate as ACM keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from certkit.testing import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from certkit.testing.criteria import Material


class CertificateType(StrEnum):
    """Where a certificate comes from."""

    IMPORTED = "IMPORTED"
    AMAZON_ISSUED = "AMAZON_ISSUED"


@dataclass(frozen=True, slots=True)
class Record:
    """One version of a certificate in ACM; a change makes another one, so that an index can lag behind.

    Attributes:
        arn: Its name for good.
        type: A reimport is possible for imported ones only.
        material: Certificate and chain; private keys are not kept.
        created_at: First import, UTC.
        imported_at: Latest import, UTC.
        tags: Values by key; None for a tag without a value.
        in_use_by: ARNs of the resources that serve it.
    """

    arn: str
    type: CertificateType
    material: Material
    created_at: datetime
    imported_at: datetime
    tags: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    in_use_by: tuple[str, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """The names that ACM takes for domains, the common name first; may be empty."""
        return names.domains(self.material.leaf)

    @property
    def key_algorithm(self) -> str:
        """In the enum's spelling, `RSA_2048`."""
        algorithm = names.key_algorithm(self.material.leaf)
        if algorithm is None:
            message = f"{self.arn} was taken in with a key that ACM does not take"
            raise AssertionError(message)
        return algorithm

    def status(self, now: datetime) -> str:
        """ISSUED until the certificate has expired."""
        return "EXPIRED" if now > self.material.leaf.not_valid_after_utc else "ISSUED"
