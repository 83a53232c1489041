"""The server as tests run it: the real program, a folder of its own, a free port."""
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from tests.support.postgres import free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START_SECONDS_MAX = 60


class Server:
    """`with Server(binary) as server:` starts it and waits for GET /health.

    `template` is a folder to copy the data from; `database` a URL, or None for SQLite inside the
    folder; `options` and `environment` are for `atelier serve`.
    """

    def __init__(self, binary, template=None, database=None, options=(), environment=None):
        self.binary, self.database, self.options = str(binary), database, list(options)
        self.environment = {**os.environ, **(environment or {})}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-test-"))
        self.data = self.folder / "data"
        if template:
            shutil.copytree(template, self.data, ignore=shutil.ignore_patterns("*.sock"))
        else:
            self.data.mkdir()
        self.port, self.process, self.scheme = free_port(), None, "http"

    @property
    def origin(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words):
        command = [self.binary, *words, "--data", str(self.data)]
        opens_database = words[0] in ("serve", "worker", "migrate")  # the others ask the server
        return command + (["--database", self.database] if self.database and opens_database else [])

    def start(self):
        command = self.command("serve") + ["--listen", f"127.0.0.1:{self.port}", *self.options]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, env=self.environment)
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}\n{self.log()}")
            try:
                with urllib.request.urlopen(f"{self.origin}/health", timeout=2,
                                            context=self.trust()) as reply:
                    if reply.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"no answer at /health for {START_SECONDS_MAX} s\n{self.log()}")

    def trust(self):
        """Whom to believe over TLS: the certificate the server was given."""
        own = self.environment.get("ATELIER_TLS_CERTIFICATE")
        return ssl.create_default_context(cafile=own) if own else None

    def stop(self, how=signal.SIGTERM):
        """Ends the server and says with what status."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(how)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def restart(self, how=signal.SIGTERM):
        self.stop(how)
        self.start()

    def log(self, lines=30):
        path = self.folder / "log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])

    def cli(self, *words):
        """Runs an administration command beside the server: (status, stdout, stderr)."""
        done = subprocess.run(self.command(*words), stdin=subprocess.DEVNULL, timeout=60,
                              capture_output=True, text=True, env=self.environment)
        return done.returncode, done.stdout, done.stderr

    def administrator(self, username="root", password="correct-horse-battery"):
        """A first administrator and a key that may do all: the key's text."""
        status, out, words = self.cli("user", "create", "--email", f"{username}@example.org",
                                      "--username", username, "--password", password,
                                      "--role", "administrator", "--json")
        if status:
            raise RuntimeError(f"user create ended with {status}: {out}{words}")
        status, out, words = self.cli("key", "create", "--user", username, "--scopes", "all",
                                      "--json")
        if status:
            raise RuntimeError(f"key create ended with {status}: {out}{words}")
        return json.loads(out)["key"]
