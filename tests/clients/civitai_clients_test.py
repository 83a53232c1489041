"""Programs written for civitai.com, as their authors publish them, against this server: a proxy
sends their connections here, and a certificate made for the occasion answers for the name."""
import os
import pathlib
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.server import Server  # noqa: E402

BINARY = pathlib.Path(os.environ.get("ATELIER_BINARY", ROOT / "build/release/atelier"))
CLIENTS = ("civitdl==2.2.0", "pycivitai==0.2.0")


class Proxy(socketserver.ThreadingTCPServer):
    """HTTP CONNECT (RFC 9110 §9.3.6), whatever the name, to one port of this machine."""
    allow_reuse_address = daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.target = ("127.0.0.1", port)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        with socket.create_connection(self.server.target) as there:
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=self.copy, args=(there, self.request), daemon=True)
            back.start()
            self.copy(self.request, there)
            back.join(30)

    @staticmethod
    def copy(source, to):
        try:
            while piece := source.recv(65536):
                to.sendall(piece)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class CivitaiClients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-clients-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", cls.folder / "venv"], check=True)
        installed = subprocess.run([cls.folder / "venv/bin/pip", "install", "-q", *CLIENTS],
                                   capture_output=True, text=True, timeout=300)
        if installed.returncode:
            raise unittest.SkipTest("SKIPPED: the clients cannot be installed here: " +
                                    installed.stderr.strip().splitlines()[-1])
        chain, key = cls.certificate()
        cls.server = Server(BINARY, options=["--demo"], environment={
            "ATELIER_TLS_CERTIFICATE": str(chain), "ATELIER_TLS_PRIVATE_KEY": str(key)})
        cls.server.scheme = "https"
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        proxy = Proxy(cls.server.port)
        cls.addClassCleanup(proxy.shutdown)
        cls.environment = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:%d" %
                           proxy.server_address[1], "REQUESTS_CA_BUNDLE": str(chain),
                           "SSL_CERT_FILE": str(chain), "HOME": str(cls.folder),
                           "NO_PROXY": "", "no_proxy": ""}

    @classmethod
    def certificate(cls):
        chain, key = cls.folder / "chain.pem", cls.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                        "-subj", "/CN=civitai.com", "-addext",
                        "subjectAltName=DNS:civitai.com,IP:127.0.0.1", "-keyout", key, "-out",
                        chain], check=True, capture_output=True)
        return chain, key

    def run_client(self, *words):
        done = subprocess.run([self.folder / "venv/bin" / words[0], *words[1:]], timeout=120,
                              env=self.environment, cwd=self.folder, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_civitdl_downloads_a_model(self):
        out = self.folder / "out"
        out.mkdir()
        said = self.run_client("civitdl", "1", str(out), "--with-color")
        files = list(out.rglob("*.safetensors"))
        self.assertEqual(len(files), 1, said)
        self.assertGreater(files[0].stat().st_size, 10_000)

    def test_pycivitai_finds_and_downloads_by_name(self):
        script = ("from pycivitai import civitai_find_online, civitai_download\n"
                  "found = civitai_find_online('Ink Wash Study')\n"
                  "print(found.model_name, found.filename, found.size)\n"
                  "print(civitai_download('Ink Wash Study'))\n")
        said = self.run_client("python", "-c", script)
        path = pathlib.Path(said.strip().splitlines()[-1])
        self.assertTrue(path.exists(), said)
        self.assertGreater(path.stat().st_size, 10_000)


if __name__ == "__main__":
    unittest.main()
