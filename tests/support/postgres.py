"""A private PostgreSQL cluster for tests and benchmarks: its own folder, its own port, gone
afterwards: `with Cluster() as cluster: cluster.create("name")`."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading

BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
CONFIGURATION = """
listen_addresses = '127.0.0.1'
max_connections = 200
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
shared_buffers = 128MB
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """`durable` keeps fsync on: for fault tests and benchmarks; other tests do without."""

    def __init__(self, durable=False):
        self.durable, self.port, self.folder = durable, free_port(), None
        self.creating = threading.Lock()  # a template may have one reader at a time

    def __enter__(self):
        if not BINARIES:
            raise RuntimeError("PostgreSQL is not installed: run tools/setup.sh test")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-postgres-"))
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.data = self.folder / "data"
        self.run("initdb", "-D", self.data, "-U", "atelier", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync")
        durable = "on" if self.durable else "off"
        configuration = CONFIGURATION.format(durable=durable)
        configuration += f"port = {self.port}\nunix_socket_directories = '{self.folder}'\n"
        with open(self.data / "postgresql.auto.conf", "a") as file:
            file.write(configuration)
        self.run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, program, *arguments, check=True):
        command = [str(BINARIES[-1] / program), *map(str, arguments)]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")

    def url(self, name):
        return f"postgresql://atelier@127.0.0.1:{self.port}/{name}"

    def create(self, name, template="template0"):
        with self.creating:
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name):
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement, name="postgres"):
        self.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url(name), "-c", statement)
