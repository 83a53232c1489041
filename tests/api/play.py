"""Plays one script against one server, step by step."""
import base64
import hashlib
import http.client
import json
import pathlib
import random
import re
import shlex
import signal
import time
import zlib

from tests.api import match

REPLY_SECONDS_MAX = 60


class Mismatch(Exception):
    pass


class Client:
    """A named caller with its own cookies and standing headers."""

    def __init__(self):
        self.cookies, self.headers = {}, {}

    def keep(self, reply):
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                pair, _, rest = value.partition(";")
                key, _, word = pair.partition("=")
                if word == "" or re.search(r"max-age=0\b", rest, re.I):
                    self.cookies.pop(key.strip(), None)
                else:
                    self.cookies[key.strip()] = word


class Player:
    def __init__(self, script, server, engine):
        self.script, self.server = script, server
        self.clients, self.client = {"visitor": Client()}, "visitor"
        self.values = {"origin": server.origin, "host": server.origin[7:], "engine": engine}
        self.blobs = {}

    def play(self, case):
        """None when the case holds, else what went wrong, with the step's line."""
        self.client = "visitor"
        for step in case.steps:
            try:
                self.step(step)
            except (Mismatch, match.Unknown, OSError, http.client.HTTPException, ValueError) as bad:
                words = " ".join(filter(None, step.words))
                return f"{self.script.path}:{step.line}: {words}\n{bad or type(bad).__name__}"
        return None

    def step(self, step):
        if step.kind == "client":
            name, header, value = step.words
            self.client = name
            client = self.clients.setdefault(name, Client())
            if header:
                client.headers[header] = self.fill(value)
        elif step.kind == "let":
            self.let(*step.words)
        elif step.kind == "server":
            self.server.restart(signal.SIGKILL if step.words[0] == "kill" else signal.SIGTERM)
        else:
            attempt = self.request if step.kind == "request" else self.command
            deadline = time.monotonic() + step.expect.within_s
            while True:
                try:
                    attempt(step)
                    return
                except Mismatch:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(0.05)

    def fill(self, text, in_json=False):
        values = self.values
        if in_json:
            values = {name: json.dumps(value)[1:-1] if isinstance(value, str) else value
                      for name, value in values.items()}
        return match.fill(text, values)

    def let(self, name, kind, rest):
        rest = self.fill(rest, in_json=kind == "safetensors")
        if kind == "random":
            size, _, seed = rest.partition(" ")
            blob = random.Random(int(seed or 1)).randbytes(int(size))
        elif kind == "file":
            blob = (pathlib.Path(self.script.path).parent / rest).read_bytes()
        elif kind == "hex":
            blob = bytes.fromhex(rest)
        elif kind == "safetensors":
            blob = safetensors(json.loads(rest))
        elif kind == "png":
            width, height, *text = rest.split(" ", 2)
            blob = png(int(width), int(height), text[0].replace("\\n", "\n") if text else "")
        elif kind in ("text", "base64"):
            self.values[name] = rest
            blob = rest.encode()
            if kind == "base64":
                self.values[name] = base64.b64encode(blob).decode()
        else:
            raise Mismatch("`let` makes random, file, hex, safetensors, png, text, base64: "
                           f"{kind}?")
        self.blobs[name] = blob
        sha256 = hashlib.sha256(blob)
        self.values |= {
            f"{name}.size": len(blob), f"{name}.sha256": sha256.hexdigest(),
            f"{name}.crc32": f"{zlib.crc32(blob):08x}", f"{name}.autov2": sha256.hexdigest()[:10],
            f"{name}.sha256_base64": base64.b64encode(sha256.digest()).decode(),
            f"{name}.sha1_base64": base64.b64encode(hashlib.sha1(blob).digest()).decode()}

    def blob(self, text):
        """The bytes that `name` or `name[from:to]` stands for."""
        found = re.fullmatch(r"(\w+)(?:\[(\d*):(\d*)\])?", self.fill(text).strip())
        if not found or found.group(1) not in self.blobs:
            raise Mismatch(f"no bytes are named {text}")
        name, begin, end = found.groups()
        return self.blobs[name][int(begin or 0):int(end) if end else None]

    def request(self, step):
        client, server = self.clients[self.client], self.server
        method, path = step.words
        headers = {"Host": server.origin[7:], **client.headers}
        if client.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}"
                                          for name, value in client.cookies.items())
            if method not in ("GET", "HEAD"):
                headers["Origin"] = server.origin  # as a browser's own page would
        body = None
        if step.bytes is not None:
            body = self.blob(step.bytes)
        elif step.body is not None:
            is_json = step.body.lstrip().startswith(("{", "["))
            body = self.fill(step.body, in_json=is_json).encode()
            headers["Content-Type"] = "application/json" if is_json else "text/plain"
        for name, value in step.headers:
            for known in [known for known in headers if known.lower() == name.lower()]:
                del headers[known]
            if value:  # `Origin:` alone sends none
                headers[name] = self.fill(value)
        if body is not None or method in ("POST", "PUT", "PATCH"):
            headers.setdefault("Content-Length", str(len(body or b"")))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=REPLY_SECONDS_MAX)
        try:
            connection.putrequest(method, self.fill(path), skip_host=True,
                                  skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        client.keep(reply)
        self.judge(step.expect, str(reply.status), reply.getheaders(), content)

    def command(self, step):
        status, out, words = self.server.cli(*shlex.split(self.fill(step.words[0])))
        self.judge(step.expect, str(status), [], out.encode(), words)

    def judge(self, expect, status, headers, content, words=""):
        wrong, captured = [], {}
        if not re.fullmatch(expect.status.replace("x", r"\d"), status):
            wrong.append(f"expected status {expect.status}, got {status}")
        for name, pattern in expect.headers:
            values = [value for known, value in headers if known.lower() == name.lower()]
            pattern = self.fill(pattern)
            if pattern == "*absent*":
                if values:
                    wrong.append(f"header {name}: expected to be absent, got {values[0]}")
            elif not any(match.wildcard(pattern, value, captured) for value in values):
                wrong.append(f"header {name}: expected {pattern}, got {values or 'none'}")
        text = content.decode(errors="replace")
        for word, rest in expect.checks:
            wrong += self.check(word, rest, content, text, captured)
        if expect.json is not None:
            expected = json.loads(self.fill(expect.json, in_json=True))
            try:
                wrong += match.differences(expected, json.loads(text), captured)
            except ValueError:
                wrong.append("the reply is not JSON")
        if wrong:
            shown = text if len(text) <= 2000 else text[:2000] + "…"
            raise Mismatch("\n".join([*wrong, f"reply {status}: {shown}", words]).rstrip())
        self.values |= captured

    def check(self, word, rest, content, text, captured):
        if word == "capture":
            name, _, expression = rest.partition(" ")
            found = re.search(expression, text)
            if not found:
                return [f"nothing in the reply matches {expression}"]
            captured[name] = found.group(1)
        elif word == "bytes":
            if content != self.blob(rest):
                return [f"expected the {len(self.blob(rest))} bytes of {rest}, got {len(content)}"]
        elif word == "sha256":
            if hashlib.sha256(content).hexdigest() != self.fill(rest).lower():
                return [f"expected bytes with SHA-256 {self.fill(rest)}"]
        elif (self.fill(rest) in text) != (word == "contains"):
            return [f"expected the reply to {word[:-1]} {self.fill(rest)}"]
        return []


def safetensors(header):
    """A file with this header and as many bytes as its tensors span; every byte differs from its
    neighbours, so that a shifted read is seen."""
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    size = max((tensor["data_offsets"][1] for name, tensor in header.items()
                if name != "__metadata__"), default=0)
    return len(text).to_bytes(8, "little") + text + bytes(i % 251 for i in range(size))


def png(width, height, parameters):
    """A picture in gradients, with a text chunk `parameters` as A1111 writes it."""
    def chunk(kind, content):
        return (len(content).to_bytes(4, "big") + kind + content +
                zlib.crc32(kind + content).to_bytes(4, "big"))
    rows = b"".join(b"\0" + bytes(channel for x in range(width) for channel in
                                  (x * 255 // width, y * 255 // height, (x ^ y) & 255))
                    for y in range(height))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    text = chunk(b"tEXt", b"parameters\0" + parameters.encode("latin-1")) if parameters else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + text +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
