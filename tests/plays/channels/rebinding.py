"""A network of its own, with a resolver that lies: run in new namespaces, answers what was reached as JSON.

There is one address of the internet, with a server that is nobody's secret, and loopback, with one that is. Names
are answered by turns, as somebody answers them who wants in.
"""

import ctypes
import fcntl
import json
import os
import socket
import socketserver
import ssl
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

PUBLIC, INSIDE, RESOLVER = "203.1.113.7", "127.0.0.1", "127.0.0.53"
A, AAAA = 1, 28
TURNS = {
    ("rebinds.example", A): [[PUBLIC], [INSIDE]],
    ("both.example", A): [[INSIDE, "169.254.169.254", PUBLIC]],
    ("inside.example", A): [[INSIDE]],
    ("mapped.example", AAAA): [["::ffff:127.0.0.1"]],
    ("nat64.example", AAAA): [["64:ff9b::7f00:1"]],
    ("moves.example", A): [[PUBLIC]],
}
SPELLINGS = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0"),
    *("localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]"),
    *("[2002:7f00:1::1]", "[::ffff:0:7f00:1]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "10.0.0.1", "172.16.0.1"),
    *("192.168.0.1", "100.64.0.1", "169.254.169.254", "2852039166", "[fd00:ec2::254]", "168.63.129.16", "224.0.0.1"),
)


def raise_network(resolver: Path) -> None:
    """Loopback with two addresses, and a resolver of our own: only within the namespaces of this process."""
    with socket.socket() as any_socket:
        for name, address in ((b"lo", None), (b"lo:1", PUBLIC)):
            if address:
                place = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
                fcntl.ioctl(any_socket, 0x8916, place)  # SIOCSIFADDR
            fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", name, 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
    resolver.write_text(f"nameserver {RESOLVER}\n")
    c_library = ctypes.CDLL(None, use_errno=True)
    if c_library.mount(str(resolver).encode(), b"/etc/resolv.conf", None, 4096, None):  # MS_BIND
        raise OSError(ctypes.get_errno(), "bind")


class Resolver(socketserver.BaseRequestHandler):
    asked: ClassVar[list[str]] = []

    def handle(self) -> None:
        packet, answering = self.request
        labels, at = [], 12
        while packet[at]:
            labels.append(packet[at + 1 : at + 1 + packet[at]].decode())
            at += packet[at] + 1
        name, kind = ".".join(labels).lower(), int.from_bytes(packet[at + 1 : at + 3], "big")
        turns = TURNS.get((name, kind), [[]])
        places = turns.pop(0) if len(turns) > 1 else turns[0]
        if places:
            self.asked.append(name)
        family = socket.AF_INET if kind == A else socket.AF_INET6
        raw = [socket.inet_pton(family, one) for one in places]
        told = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(one)) + one for one in raw)
        head = packet[:2] + b"\x81\x80" + packet[4:6] + struct.pack("!HHH", len(raw), 0, 0)
        answering.sendto(head + packet[12 : at + 5] + told, self.client_address)


class Server(BaseHTTPRequestHandler):
    reached: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.reached.append(str(self.server.server_address[0]))
        moved = self.path == "/moved"
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", f"https://{INSIDE}/secret")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def certified(folder: Path) -> Path:
    """A certificate for all the names, which this process trusts."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    names = [x509.DNSName(host) for host, _ in TURNS]
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = (
        made.not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
    )
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    hidden = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + hidden)
    return path


def served(address: str, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer((address, 443), Server)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def tried(address: str) -> str:
    from nousnous.base.errors import NousError
    from nousnous.plays.channels import outward

    try:
        return str(outward.call("GET", address).status)
    except NousError as refusal:
        return type(refusal).__name__


def main(folder: Path) -> None:
    raise_network(folder / "resolv.conf")
    resolver = socketserver.ThreadingUDPServer((RESOLVER, 53), Resolver)
    threading.Thread(target=resolver.serve_forever, daemon=True).start()
    certificate = certified(folder)
    os.environ["SSL_CERT_FILE"] = str(certificate)
    for address in (PUBLIC, INSIDE):
        served(address, certificate)
    paths = {"moves.example": "/moved"}
    names = ["rebinds.example", *dict.fromkeys(host for host, _ in TURNS)]
    found = {f"{at} {one}": tried(f"https://{one}{paths.get(one, '/')}") for at, one in enumerate(names)}
    spelled = {one: tried(f"https://{one}/") for one in SPELLINGS}
    told = {"names": found, "spelled": spelled, "reached": Server.reached, "asked": Resolver.asked}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
