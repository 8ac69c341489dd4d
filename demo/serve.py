"""A TLS server for the demo: serves the files of a folder, as they are when somebody connects, until it is ended.

    python serve.py FOLDER PORT_FILE

FOLDER holds what `certkit split` writes. The port, which the system chooses, is written to PORT_FILE once it listens.
"""

import contextlib
import socket
import ssl
import sys
from pathlib import Path


def _context(folder: Path) -> ssl.SSLContext:
    served = folder / "served.pem"
    served.write_bytes((folder / "cert_body.pem").read_bytes() + (folder / "cert_chain.pem").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served, folder / "cert_key.pem")
    return context


def _serve(folder: Path, port_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        unfinished = port_file.with_suffix(".new")
        unfinished.write_text(str(listener.getsockname()[1]))
        unfinished.replace(port_file)
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):  # the client has seen enough
                connection.settimeout(10)
                with _context(folder).wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        _serve(Path(sys.argv[1]), Path(sys.argv[2]))
