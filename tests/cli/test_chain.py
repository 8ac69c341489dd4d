"""Tests of the options that say what becomes of the chain, in every command that reads bundles."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from certkit.testing.loopback import served
from tests.cli.bundles import PASSWORD, save, shop
from tests.cli.running import NOW, certkit, files_in, program
from tests.given import KEY_A, KEY_B, KEY_C, YEAR, ca
from tests.issuing import Issued, Request, make_root, self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.running import Finished

SERVER: Final = Request(sans=("shop.example.com",))


@dataclass(slots=True)
class Site:
    """A web server on loopback.

    Attributes:
        answers: the body for each path; a path that begins with http is where it redirects to.
        asked: the paths that were asked for, in order.
    """

    url: str
    answers: dict[str, bytes | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Site]:
    """Runs a web server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            answer = web.answers.get(self.path)
            self.send_response(404 if answer is None else 302 if isinstance(answer, str) else 200)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            body = answer if isinstance(answer, bytes) else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = Site(f"http://127.0.0.1:{server.server_port}")
    with served(server):
        yield web


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on loopback."""
    with serving() as site:
        yield site


def pointing_to(*urls: str) -> x509.AuthorityInformationAccess:
    """The extension that names the addresses of the issuer's certificate."""
    locations = map(x509.UniformResourceIdentifier, urls)
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, location) for location in locations]
    )


def published(site: Site, *urls: str) -> Issued:
    """A leaf whose issuers stand on the site, unless its own is said to stand elsewhere."""
    root = make_root()
    issuing = root.issue(ca("Issuing", KEY_A, extensions=(pointing_to(f"{site.url}/root.crt"),)))
    site.answers = {"/issuing.crt": issuing.der, "/root.crt": root.der}
    return issuing.issue(replace(SERVER, extensions=(pointing_to(*(urls or (f"{site.url}/issuing.crt",))),)))


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with bundles, and a state of its own."""

    folder: Path

    def save(self, name: str, content: bytes) -> Path:
        """Writes a file."""
        return save(self.folder, name, content)

    def certkit(self, *arguments: object, **settings: Any) -> Finished:
        """Runs certkit with the state of this folder."""
        return certkit(*arguments, environment={"CERTKIT_STATE": str(self.folder / "state"), "P": PASSWORD}, **settings)

    def split(self, *arguments: object, **settings: Any) -> tuple[Finished, list[str], bytes]:
        """Splits a bundle; returns also the notes on it and its chain."""
        out = self.folder / "out"
        done = self.certkit("split", *arguments, "--out", out, "--force", **settings)
        notes = [line.strip() for line in done.stdout.splitlines() if line.startswith(("  note: ", "  left out: "))]
        chain = out / "cert_chain.pem"
        return done, notes, chain.read_bytes() if chain.exists() else b""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder with bundles."""
    return Desk(tmp_path)


def bare(issued: Issued) -> bytes:
    """A leaf with its key, and nothing else."""
    return issued.pem + issued.key_pem


# --intermediates


def test_a_missing_chain_is_taken_from_files_beside_the_bundle(desk: Desk) -> None:
    issued = shop()
    source = desk.save("shop.pem", bare(issued))
    stranger = desk.save("stranger.pem", self_signed(Request("stranger", key=KEY_A)).pem)
    issuing = desk.save("ca.p7b", issued.issuers[0].pem)

    done, notes, chain = desk.split(source, "--intermediates", stranger, "--intermediates", issuing)

    assert (done.exit_code, chain) == (0, issued.chain_pem)
    assert notes == [f"note: completed: Example Intermediate 0, from {issuing}"]


def test_files_beside_serve_several_bundles(desk: Desk) -> None:
    issued = shop()
    sources = [desk.save(f"{name}.pem", bare(issued)) for name in "ab"]
    beside = desk.save("ca.pem", issued.chain_pem)

    done = desk.certkit("split", *sources, "--intermediates", beside, "--out", desk.folder / "out", "--format", "json")

    assert done.exit_code == 0
    assert [entry["chain_sha256"] for entry in done.document["bundles"]] == [[issued.issuers[0].sha256]] * 2
    assert [entry["dropped"] for entry in done.document["bundles"]] == [[], []]


def test_a_file_beside_that_cannot_be_read_is_a_failure_that_names_it(desk: Desk) -> None:
    source = desk.save("shop.pem", bare(shop()))

    done = desk.certkit("inspect", source, "--intermediates", desk.save("junk", b"junk"))

    assert done.exit_code == 3
    assert done.stderr.startswith(f"certkit: error: {desk.folder}/junk: ")


def test_standard_input_is_read_once_only(desk: Desk) -> None:
    done = desk.certkit("inspect", "-", "--intermediates", "-")

    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, "certkit: error: standard input can be read once only")


def test_what_completed_the_chain_is_a_warning_of_validate(desk: Desk) -> None:
    issued = shop()
    source, beside = desk.save("shop.pem", bare(issued)), desk.save("ca.pem", issued.full_chain_pem)

    done = desk.certkit("validate", source, "--intermediates", beside, "--format", "json")
    strict = desk.certkit("validate", source, "--intermediates", beside, "--strict", "--format", "json")

    ((finding,),) = (entry["findings"] for entry in done.document["results"])
    assert (finding["rule"], finding["severity"], finding["part"]) == ("chain-completed", "warning", "chain[0]")
    assert finding["message"] == f"Example Intermediate 0 was missing, and is from {beside}"
    assert (done.exit_code, strict.exit_code) == (0, 1)


# --prefer-root


@pytest.mark.parametrize("name", ["Elder Root", "CN=elder root"])
def test_a_fork_is_decided_in_favour_of_the_preferred_root(desk: Desk, name: str) -> None:
    root, elder = make_root("Root", key=KEY_A), make_root("Elder Root", key=KEY_B)
    cross, issuing = elder.issue(ca("Root", KEY_A)), root.issue(ca("Issuing", KEY_C))
    issued = issuing.issue(SERVER)
    source = desk.save("shop.pem", bare(issued) + issuing.pem + root.pem + cross.pem)

    _, usual, short = desk.split(source)
    _, notes, long = desk.split(source, "--prefer-root", name)

    assert (short, long) == (issuing.pem, issuing.pem + cross.pem)
    assert usual == [
        "left out: Root, self-signed (the root: clients have it)",
        "left out: Root, issued by Elder Root (on another path than the one taken)",
    ]
    assert notes == ["left out: Root, self-signed (on another path than the one taken)"]


def test_a_preferred_root_that_no_path_leads_to_is_a_note(desk: Desk) -> None:
    issued = shop()
    source = desk.save("shop.pem", bare(issued) + issued.chain_pem)

    done, notes, chain = desk.split(source, "--prefer-root", "evil\x1b[31m")

    assert (done.exit_code, chain) == (0, issued.chain_pem)
    assert notes == [
        r"note: prefer-root: no path leads to a root called evil\x1b[31m, so the usual preference counts",
    ]


# --complete


def test_missing_issuers_are_fetched_up_to_the_root_and_said(desk: Desk, site: Site) -> None:
    issued = published(site)
    source = desk.save("shop.pem", bare(issued))

    done, notes, chain = desk.split(source, "--complete", "--allow-private-aia")

    assert (done.exit_code, chain) == (0, issued.chain_pem)
    assert notes == [
        f"note: completed: Issuing, from {site.url}/issuing.crt",
        f"note: completed: Example Root, from {site.url}/root.crt; it is the root, and left out of the chain",
    ]
    assert site.asked == ["/issuing.crt", "/root.crt"]


def test_a_fetched_chain_is_complete_in_the_documents(desk: Desk, site: Site) -> None:
    issued = published(site)
    source = desk.save("shop.pem", bare(issued))

    inspected = desk.certkit("inspect", source, "--complete", "--allow-private-aia", "--format", "json")
    validated = desk.certkit("validate", source, "--complete", "--allow-private-aia", "--format", "json")

    (bundle,), (result,) = inspected.document["bundles"], validated.document["results"]
    assert (bundle["complete"], [one["sha256"] for one in bundle["chain"]]) == (True, [issued.issuers[0].sha256])
    assert [(each["rule"], each["message"]) for each in result["findings"]] == [
        ("chain-completed", f"Issuing was missing, and is from {site.url}/issuing.crt")
    ]


def test_the_whole_fetched_path_is_packed(desk: Desk, site: Site) -> None:
    issued = published(site)
    body, key = desk.save("body.pem", issued.pem), desk.save("key.pem", issued.key_pem)

    done = desk.certkit(
        *("pack", "--body", body, "--key", key, "-o", desk.folder / "shop.pem", "--key-format", "pkcs8"),
        *("--complete", "--allow-private-aia"),
    )

    assert done.exit_code == 0
    assert (desk.folder / "shop.pem").read_bytes() == issued.key_pem + issued.pem + issued.full_chain_pem
    assert f"  note: completed: Issuing, from {site.url}/issuing.crt\n" in done.stdout


def test_nothing_is_fetched_without_being_asked_for_or_needed(desk: Desk, site: Site) -> None:
    issued = published(site)
    lacking = desk.save("lacking.pem", bare(issued))
    whole = desk.save("whole.pem", bare(issued) + issued.full_chain_pem)
    root = desk.save("root.pem", issued.issuers[-1].pem)

    desk.split(lacking)
    desk.split(whole, "--complete", "--allow-private-aia")
    desk.split(lacking, "--complete", "--allow-private-aia", "--intermediates", whole)
    desk.split(
        desk.save("p.pem", bare(issued) + issued.chain_pem), "--complete", "--allow-private-aia", "--roots", root
    )

    assert site.asked == []


def test_what_was_fetched_is_kept_for_a_week(desk: Desk, site: Site) -> None:
    source = desk.save("shop.pem", bare(published(site)))
    arguments = (source, "--complete", "--allow-private-aia")

    first, *_ = desk.split(*arguments)
    again, *_ = desk.split(*arguments)
    asked = len(site.asked)
    later, *_ = desk.split(*arguments, now=NOW + YEAR)

    assert first.stdout == again.stdout == later.stdout
    assert (asked, len(site.asked)) == (2, 4)
    kept = files_in(desk.folder / "state" / "cache")
    assert sorted(name.rpartition("/")[2] for name in kept if not name.endswith("/")) == sorted(
        hashlib.sha256(f"{site.url}{path}".encode()).hexdigest() for path in ("/issuing.crt", "/root.crt")
    )


def test_what_was_fetched_from_inside_a_network_is_not_used_where_that_is_not_allowed(desk: Desk, site: Site) -> None:
    source = desk.save("shop.pem", bare(published(site)))

    desk.split(source, "--complete", "--allow-private-aia")
    _, _, chain = desk.split(source, "--complete")

    assert chain == b""


def test_what_is_kept_and_does_not_verify_is_fetched_again(desk: Desk, site: Site) -> None:
    issued = published(site)
    source = desk.save("shop.pem", bare(issued))
    desk.split(source, "--complete", "--allow-private-aia")
    for path in (desk.folder / "state" / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(self_signed(ca("Issuing", KEY_B)).der)

    _, _, chain = desk.split(source, "--complete", "--allow-private-aia")

    assert chain == issued.chain_pem


def test_a_state_folder_that_cannot_be_made_costs_the_cache_alone(desk: Desk, site: Site) -> None:
    issued = published(site)
    source = desk.save("shop.pem", bare(issued))
    desk.save("state", b"a file")

    done, _, chain = desk.split(source, "--complete", "--allow-private-aia")

    assert (done.exit_code, chain) == (0, issued.chain_pem)


def test_the_program_fetches_for_many_bundles_at_once(desk: Desk, site: Site) -> None:
    issued = published(site)
    sources = [desk.save(f"{number}.pem", bare(issued)) for number in range(60)]

    done = program(
        *("split", *sources, "--out", desk.folder / "out", "--complete", "--allow-private-aia"),
        environment={"CERTKIT_STATE": str(desk.folder / "state")},
    )

    assert (done.exit_code, done.stderr) == (0, "")
    assert {path.read_bytes() for path in desk.folder.glob("out/*/cert_chain.pem")} == {issued.chain_pem}
    assert len(list(desk.folder.glob("out/*/cert_chain.pem"))) == 60


# What --complete cannot do, or does not


def test_a_private_address_is_refused_and_nothing_is_sent_to_it(desk: Desk, site: Site) -> None:
    inside = "http://127.0.0.1/issuing.crt"
    metadata = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"
    issued = published(site, inside, metadata, f"{site.url}/issuing.crt")
    source = desk.save("shop.pem", bare(issued))

    done, notes, chain = desk.split(source, "--complete")

    hint = "name the file with --intermediates, or allow it with --allow-private-aia"
    port = site.url.rpartition(":")[2]
    start = "note: incomplete: shop.example.com: "
    assert (done.exit_code, chain, site.asked) == (0, b"", [])
    assert notes == [
        f"{start}{inside} is not fetched: 127.0.0.1 is inside a private network; {hint}",
        f"{start}{metadata} is not fetched: 169.254.169.254 is inside a private network; {hint}",
        f"{start}{site.url}/issuing.crt is not fetched: {port} is not the port of http; {hint}",
    ]


def test_each_address_that_fails_is_a_line_and_the_run_goes_on(desk: Desk, site: Site) -> None:
    urls = [f"{site.url}/{name}" for name in ("gone", "page", "away")]
    issued = published(site, *urls)
    site.answers |= {"/page": b"<html>Please sign in</html>", "/away": "ftp://ca.example/issuing.crt"}
    source = desk.save("shop.pem", bare(issued))

    done, notes, _ = desk.split(source, "--complete", "--allow-private-aia")
    validated = desk.certkit("validate", source, "--complete", "--allow-private-aia", "--format", "json")

    why = [
        f"{urls[0]} answers with status 404",
        f"{urls[1]} answers with no certificate that has issued it",
        "'ftp://ca.example/issuing.crt' is not fetched: only plain addresses of http and https are",
    ]
    assert done.exit_code == 0
    assert notes == [f"note: incomplete: shop.example.com: {each}" for each in why]
    assert [
        finding["message"]
        for finding in validated.document["results"][0]["findings"]
        if finding["rule"] == "chain-not-completed"
    ] == [f"it could not be completed: shop.example.com: {each}" for each in why]


def test_a_redirect_is_followed_and_checked(desk: Desk, site: Site) -> None:
    issued = published(site, f"{site.url}/moved")
    site.answers["/moved"] = f"{site.url}/issuing.crt"
    source = desk.save("shop.pem", bare(issued))

    _, notes, chain = desk.split(source, "--complete", "--allow-private-aia")

    assert chain == issued.chain_pem
    assert notes[0] == f"note: completed: Issuing, from {site.url}/moved"


def test_an_issuer_by_name_alone_does_not_complete_the_chain(desk: Desk, site: Site) -> None:
    issued = published(site)
    site.answers["/issuing.crt"] = self_signed(ca("Issuing", KEY_B)).der
    source = desk.save("shop.pem", bare(issued))

    _, notes, chain = desk.split(source, "--complete", "--allow-private-aia")

    assert chain == b""
    assert notes == [
        f"note: incomplete: shop.example.com: {site.url}/issuing.crt answers with no certificate that has issued it"
    ]


def test_an_address_is_shown_escaped(desk: Desk) -> None:
    root = make_root()
    issued = root.issue(replace(SERVER, extensions=(pointing_to("http://ca.example/\x1b]0;title\x07"),)))

    done, _, _ = desk.split(desk.save("shop.pem", bare(issued)), "--complete")

    assert done.exit_code == 0
    assert "\x1b" not in done.stdout + done.stderr


def test_leave_for_private_addresses_is_nothing_by_itself(desk: Desk) -> None:
    done = desk.certkit("inspect", desk.save("shop.pem", bare(shop())), "--allow-private-aia")

    assert (done.exit_code, done.stderr) == (2, "certkit: error: --allow-private-aia goes with --complete\n")


# --strict


def test_a_bundle_that_needs_mending_is_refused_before_anything_is_written(desk: Desk) -> None:
    issued = shop()
    source = desk.save("shop.pem", issued.chain_pem + bare(issued))
    out = desk.folder / "out"

    text = desk.certkit("split", source, "--out", out, "--strict")
    done = desk.certkit("split", source, "--out", out, "--strict", "--format", "json")

    assert (text.exit_code, text.stdout) == (3, "")
    assert text.stderr == (
        f"certkit: error: {source}: chain: its certificates stood in another order [chain-reordered]\n"
        "certkit: hint: certkit would mend this: leave out --strict to let it, or mend the input\n"
    )
    assert (done.exit_code, done.error_code) == (3, "repair-refused")
    assert not out.exists()


def test_a_bundle_in_order_is_split_and_packed_strictly(desk: Desk) -> None:
    issued = shop()
    source = desk.save("shop.pem", bare(issued) + issued.chain_pem)
    rooted = desk.save("rooted.pem", bare(issued) + issued.full_chain_pem)

    split, *_ = desk.split(source, "--strict")
    packed = desk.certkit("pack", "--body", rooted, "-o", desk.folder / "x.pem", "--strict")

    assert (split.exit_code, packed.exit_code) == (0, 0)


def test_a_pack_of_what_needs_mending_is_refused_before_anything_is_written(desk: Desk) -> None:
    issued = shop()
    source = desk.save("shop.pem", bare(issued) + issued.chain_pem * 2)

    done = desk.certkit("pack", "--body", source, "-o", desk.folder / "x.pem", "--strict", "--format", "json")

    assert (done.exit_code, done.error_code) == (3, "repair-refused")
    assert not (desk.folder / "x.pem").exists()


def test_of_several_bundles_only_those_that_need_mending_fail(desk: Desk) -> None:
    issued = shop()
    good = desk.save("good.pem", bare(issued) + issued.chain_pem)
    bad = desk.save("bad.pem", bare(issued) + issued.full_chain_pem)

    done = desk.certkit("split", good, bad, "--out", desk.folder / "out", "--strict", "--format", "json")

    bundles = done.document["bundles"]
    assert (done.exit_code, bundles[1]["error"]["code"]) == (3, "repair-refused")
    assert sorted(path.name for path in (desk.folder / "out").iterdir()) == ["good"]


# The second opinion


def test_a_chain_that_cryptographys_verifier_does_not_accept_is_a_note_of_inspect(desk: Desk) -> None:
    issued = shop(replace(SERVER, is_ca=True))
    root = desk.save("root.pem", issued.issuers[-1].pem)
    source = desk.save("shop.pem", bare(issued) + issued.chain_pem)

    alone = desk.certkit("inspect", source, "--format", "json")
    done = desk.certkit("inspect", source, "--roots", root, "--format", "json")

    assert alone.document["bundles"][0]["notes"] == []
    (note,) = done.document["bundles"][0]["notes"]
    assert note.startswith("second-opinion: cryptography's verifier does not accept this chain: ")
    assert note.endswith(": the certificate is that of a CA, and of no server; ACM may still take it")
