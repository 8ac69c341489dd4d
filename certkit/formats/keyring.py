"""The passwords for one PFX, and which of them has fit so far."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from certkit.contents import PrivateKey
from certkit.errors import InputUnreadableError, PasswordMissingError, PasswordWrongError
from certkit.formats import autopsy, der, keys, pbe, pfx
from certkit.formats.kdf import Budget, Pkcs12Kdf
from certkit.password import ABSENT, EMPTY, Encoding, Password, Passwords

_Opened = TypeVar("_Opened")


@dataclass(slots=True)
class Keyring:
    """What opens the locks of one PFX, one after the other.

    Attributes:
        fitted: what opened the last lock, None where nothing has been opened yet.
        encodings: names of the encodings in which the password fit, where it is not the one that most writers use.
    """

    passwords: Passwords
    budget: Budget
    fitted: Password | None = None
    encodings: set[str] = field(default_factory=set)

    def open_mac(self, structure: pfx.Pfx) -> None:
        """Finds the password that the MAC accepts, where there is one to ask.

        Raises:
            PasswordMissingError, PasswordWrongError: it accepts none of the candidates.
            InputUnreadableError: it accepts none, though one of them opens the contents.
        """
        if structure.mac is None:
            return
        self.budget.spend(structure.mac.kdf.cost)
        for candidate in self.passwords.for_container():
            if structure.mac.accepts(candidate, structure.authenticated):
                self.fitted = candidate
                return
        raise autopsy.explain_pfx(structure, self.passwords, self.budget)

    def open_safe(self, safe: pfx.Safe, structure: pfx.Pfx) -> bytes:
        """Returns the SafeContents of `safe`, decrypted where needed.

        Raises:
            PasswordMissingError, PasswordWrongError: there is no MAC and no candidate opens it.
            InputUnreadableError: the MAC accepts the password, and yet it does not open this.
        """
        scheme = safe.scheme
        if scheme is None:
            return safe.content

        def attempt(candidate: Password) -> bytes:
            plain = scheme.decrypt_sequence(safe.content, candidate, self.budget)
            self.fitted = candidate
            return plain.encoded

        plain = self._open(self._for_contents(), scheme, attempt)
        if plain is not None:
            return plain
        if structure.mac:
            raise InputUnreadableError(
                "the MAC accepts this password, but the contents do not open with it",
                hint="export it again where it came from, with one password of letters and digits for all of it",
            )
        raise autopsy.explain_pfx(structure, self.passwords, self.budget)

    def open_key(self, shrouded: der.Value) -> PrivateKey:
        """Decrypts a key bag with its own password, the bundle's, none or the empty one.

        Raises:
            PasswordMissingError, PasswordWrongError: none of them fits.
        """
        scheme, _ = pfx.parse_encrypted_key(shrouded)
        private_key = self._open(
            self.passwords.for_key(self.fitted),
            scheme,
            lambda candidate: keys.open_pkcs8(shrouded, candidate, self.budget),
        )
        if private_key is None:
            raise self._explain_key(shrouded)
        return private_key

    def _open(
        self, candidates: Iterable[Password], scheme: pbe.Scheme, attempt: Callable[[Password], _Opened]
    ) -> _Opened | None:
        """Returns what `attempt` makes of the first candidate that fits, None where none does."""
        for encoding in _attempts(candidates, scheme):
            if encoding.name and not self.budget.affords(scheme.kdf.cost):
                continue
            try:
                opened = attempt(encoding.password)
            except pbe.WrongPasswordOrDamageError:
                continue
            if encoding.name:
                self.encodings.add(encoding.name)
            return opened
        return None

    def _for_contents(self) -> Iterator[Password]:
        """Yields what may open a safe: what opened the last, its twin (none for empty), else every candidate."""
        if self.fitted is None:
            yield from self.passwords.for_container()
            return
        yield self.fitted
        if self.fitted in {ABSENT, EMPTY}:
            yield EMPTY if self.fitted == ABSENT else ABSENT

    def _explain_key(self, shrouded: der.Value) -> PasswordMissingError | PasswordWrongError:
        scheme, ciphertext = pfx.parse_encrypted_key(shrouded)
        has_own = self.passwords.key is None and self.fitted is not None
        if has_own and self.passwords.container is None:
            return PasswordMissingError(
                "the PFX opens without a password, but not the private key in it",
                hint="give the key's own password with --key-passin",
            )
        if has_own:
            return PasswordWrongError(
                "the password opens the PFX, but not the private key in it",
                hint="give the key's own password with --key-passin",
            )
        return autopsy.explain_key(
            self.passwords, lambda candidate: autopsy.opens(scheme, ciphertext, candidate, self.budget)
        )


def _attempts(candidates: Iterable[Password], scheme: pbe.Scheme) -> Iterator[Encoding]:
    """Yields the candidates, then their other encodings; nothing that comes to the same bytes twice."""
    seen = set()
    named = [Encoding("", candidate) for candidate in candidates]
    if not isinstance(scheme.kdf, Pkcs12Kdf):  # that one takes UTF-16, about which all agree
        named += [encoding for each in tuple(named) for encoding in each.password.foreign_encodings()]
    for encoding in named:
        encoded = scheme.kdf.encode(encoding.password)
        if encoded not in seen:
            seen.add(encoded)
            yield encoding
