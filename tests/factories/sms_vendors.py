"""
The two providers of text messages, played by a web server in this process: it checks each request's signature by the provider's published
rules, with code of its own, keeps what it was asked and answers what the test says.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

SECRET = "a-secret-for-tests"


class Answer(NamedTuple):
    """What the server says to a request it has understood; ``None`` as body: nothing, the connection closes."""

    body: dict | bytes | None
    status: int = 200
    headers: dict[str, str] = {}


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body)


class Silence:
    """In place of an answer: the server has the request, and says nothing until ``broken``."""

    def __init__(self) -> None:
        self.broken = threading.Event()


@dataclass
class Vendor:
    """One provider: ``answer`` is what it says, ``asked`` what it was asked."""

    answer: Answer | Silence
    bad_signature: Answer
    is_signed: Callable[[Asked], bool]
    asked: list[Asked] = field(default_factory=list)
    address: str = ""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed_with_acs3(asked: Asked) -> bool:
    """Whether a request bears Aliyun's signature ACS3-HMAC-SHA256 of all that it must cover, made with SECRET."""
    scheme, _, fields = asked.headers["authorization"].partition(" ")
    given = dict(part.split("=", 1) for part in fields.split(","))
    covered = given["SignedHeaders"].split(";")
    must = {"host", *(name for name in asked.headers if name.startswith("x-acs-"))}
    query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(asked.query.items()))
    lines = "".join(f"{name}:{asked.headers[name].strip()}\n" for name in covered)
    canonical = "\n".join([asked.method, asked.path, query, lines, given["SignedHeaders"], asked.headers["x-acs-content-sha256"]])
    signature = hmac_sha256(SECRET.encode(), f"{scheme}\n{sha256(canonical.encode())}").hex()
    return (
        scheme == "ACS3-HMAC-SHA256"
        and must <= set(covered)
        and asked.headers["x-acs-content-sha256"] == sha256(asked.body)
        and hmac.compare_digest(signature, given["Signature"])
    )


def signed_with_tc3(asked: Asked) -> bool:
    """Whether a request bears Tencent Cloud's signature TC3-HMAC-SHA256 of content type, host and body, made with SECRET."""
    scheme, _, fields = asked.headers["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in fields.split(","))
    scope = given["Credential"].partition("/")[2]
    day, service, _ = scope.split("/")
    covered = given["SignedHeaders"].split(";")
    lines = "".join(f"{name}:{asked.headers[name].strip().lower()}\n" for name in covered)
    canonical = "\n".join([asked.method, asked.path, "", lines, given["SignedHeaders"], sha256(asked.body)])
    text = "\n".join([scheme, asked.headers["x-tc-timestamp"], scope, sha256(canonical.encode())])
    key = hmac_sha256(hmac_sha256(hmac_sha256(b"TC3" + SECRET.encode(), day), service), "tc3_request")
    return (
        scheme == "TC3-HMAC-SHA256"
        and service == "sms"
        and {"content-type", "host"} <= set(covered)
        and hmac.compare_digest(hmac_sha256(key, text).hex(), given["Signature"])
    )


@contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """Let a provider answer at its ``address`` as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's name
            asked = self._read()
            vendor.asked.append(asked)
            answer = vendor.answer if vendor.is_signed(asked) else vendor.bad_signature
            if isinstance(answer, Silence):
                answer.broken.wait()
            elif answer.body is not None:
                self._write(answer)

        def _read(self) -> Asked:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Asked(self.command, address.path, dict(parse_qsl(address.query)), headers, body)

        def _write(self, answer: Answer) -> None:
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args) -> None:
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield vendor
    finally:
        if isinstance(vendor.answer, Silence):
            vendor.answer.broken.set()
        server.shutdown()
        thread.join()
        server.server_close()


def aliyun_answer(code: str, *, status: int = 200, headers: dict[str, str] | None = None, **fields: str) -> Answer:
    """Return an answer of Aliyun's; its message repeats the request, as Aliyun's does when a signature is wrong."""
    body = {"Code": code, "Message": "…PhoneNumbers%3D18800000001%26…204816…", "RequestId": "F655A8D5-B967-440B-8683", **fields}
    return Answer(body, status, headers or {})


def tencent_answer(code: str, *, serial_number: str = "") -> Answer:
    """Return Tencent's answer to a request that was right: whether the one message in it was taken."""
    status = {
        "SerialNo": serial_number,
        "PhoneNumber": "+8618800000001",
        "Fee": 1,
        "SessionContext": "",
        "Code": code,
        "Message": "+8618800000001 204816",
        "IsoCode": "CN",
    }
    return Answer({"Response": {"SendStatusSet": [status], "RequestId": "a0aabda6-cf91-4f3e"}})


def tencent_error(code: str) -> Answer:
    """Return Tencent's answer to a request that was wrong."""
    error = {"Code": code, "Message": "+8618800000001 204816"}
    return Answer({"Response": {"Error": error, "RequestId": "a0aabda6-cf91-4f3e"}})


def aliyun() -> Vendor:
    taken = aliyun_answer("OK", BizId="900619746936498440^0")
    return Vendor(taken, aliyun_answer("SignatureDoesNotMatch", status=400), signed_with_acs3)


def tencent() -> Vendor:
    taken = tencent_answer("Ok", serial_number="5000:1045710669157053657849499619")
    return Vendor(taken, tencent_error("AuthFailure.SignatureFailure"), signed_with_tc3)
