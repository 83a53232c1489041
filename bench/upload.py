"""An upload that is hashed on its way (SHA-256, AutoV3, BLAKE3, CRC-32, CRC-32C), against the same
hashes by openssl, b3sum and zlib over the same bytes. What bounds the work is the slower of the
disk and of the hashes' CPU time spread over the cores."""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.request

from bench import measure

BYTES = 512 * 2**20
CHUNK = 32 * 2**20
ROUNDS = 3


def make_file(path):
    """A safetensors file of one tensor of random bytes; its SHA-256."""
    header = b'{"weight":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (BYTES, BYTES)
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        pieces = [len(header).to_bytes(8, "little") + header]
        pieces += (os.urandom(CHUNK) for _ in range(BYTES // CHUNK))
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def children_cpu():
    times = os.times()
    return times.children_user + times.children_system


def hashes_cpu_s(path):
    """CPU seconds of the same hashes by the tools everybody has: SHA-256 twice, for AutoV3 is one
    over nearly the whole file."""
    before = children_cpu()
    checks = ("import sys,zlib\nvalue=0\nwith open(sys.argv[1],'rb') as file:\n"
              " while piece:=file.read(1<<20): value=zlib.crc32(piece,value)\n")
    for command in (["openssl", "dgst", "-sha256", path], ["openssl", "dgst", "-sha256", path],
                    ["b3sum", "--num-threads", "1", "--no-mmap", path],
                    ["python3", "-c", checks, path]):
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return children_cpu() - before


def disk_s(path, folder):
    """Seconds to write the file, durable at the end."""
    began = time.monotonic()
    with open(path, "rb") as source, open(folder / "copy", "wb") as target:
        while piece := source.read(1 << 20):
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    (folder / "copy").unlink()
    return time.monotonic() - began


def upload_s(server, key, path, number):
    """Seconds from the first byte to the reply that says the file is stored and hashed, and the
    number of the file."""
    size = path.stat().st_size
    name = base64.b64encode(f"bench{number}.safetensors".encode()).decode()
    common = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request("POST", "/api/v2/uploads", headers={
        **common, "Upload-Length": str(size), "Upload-Metadata": f"filename {name}",
        "Content-Length": "0"})
    place = answered(connection, 201).headers["Location"].removeprefix(server.origin)
    began = time.monotonic()
    with open(path, "rb") as file:
        connection.request("PATCH", place, body=file, headers={
            **common, "Upload-Offset": "0", "Content-Length": str(size),
            "Content-Type": "application/offset+octet-stream"})
        reply = answered(connection, 204)
    return time.monotonic() - began, reply.headers["Atelier-File"]


def answered(connection, status):
    reply = connection.getresponse()
    text = reply.read()
    if reply.status != status:
        raise RuntimeError(f"the upload was answered {reply.status} {text[:300]}")
    return reply


def stored_sha256(server, key, file):
    request = urllib.request.Request(f"{server.origin}/api/v2/files/{file}",
                                     headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["hashes"]["SHA256"].lower()


def run():
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name, measure.server() as server:
        folder = pathlib.Path(name)
        key = server.administrator()
        ours, bound = [], []
        for number in range(ROUNDS):
            sha256 = make_file(folder / "file")  # fresh bytes: known ones would be found stored
            seconds, file = upload_s(server, key, folder / "file", number)
            if stored_sha256(server, key, file) != sha256:
                raise RuntimeError("the server knows another SHA-256 than hashlib")
            ours.append(seconds)
            bound.append(max(disk_s(folder / "file", folder),
                             hashes_cpu_s(folder / "file") / cores))
    return [measure.row("upload", f"seconds for {BYTES >> 20} MiB, hashed and stored",
                        measure.median(ours), measure.median(bound),
                        "openssl, b3sum, zlib; disk", 1.1, at_most=True)]
