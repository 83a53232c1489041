"""What the benchmarks share: processes and their CPU time, nginx, wrk, the peers' packages."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.postgres import free_port  # noqa: E402
from tests.support.server import Server  # noqa: E402

BINARY = ROOT / "build" / "release" / "atelier"
# Limits would refuse a benchmark, and nginx keeps no log here either.
QUIET = {"ATELIER_RATE_PERCENT": "0", "ATELIER_LOG_LEVEL": "warning"}
PEERS = ROOT / ".cache" / "bench"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def row(name, metric, ours, peer, peer_name, goal, at_most, by="ratio"):
    """One line of the table. The goal is on the ratio ours ÷ peer, or the difference; without a
    peer, on ours."""
    ratio = ours / peer if peer else None
    judged = ours - peer if by == "difference" else ratio if ratio is not None else ours
    return {"name": name, "metric": metric, "ours": rounded(ours), "peer": rounded(peer),
            "peerName": peer_name, "ratio": rounded(ratio),
            "goal": f"{'≤' if at_most else '≥'} {goal}{' more' if by == 'difference' else ''}",
            "holds": judged <= goal if at_most else judged >= goal}


def server(*options):
    """Our server, for a `with`."""
    return Server(BINARY, options=options, environment=QUIET)


def median(values):
    return statistics.median(values)


def program(name):
    """A benchmark's own program (bench/CMakeLists.txt), built like the release."""
    subprocess.run(["cmake", "--preset", "release", "-DATELIER_BENCH=ON"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/release", "--target", name], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    return ROOT / "build" / "release" / "bench" / name


def rounded(number):
    return None if number is None else float(f"{number:.4g}")


def processes(pid):
    """The process and all its descendants."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += processes(int(child))
    return found


def cpu_seconds(pid):
    """User and system time of a process and its descendants so far."""
    total = 0
    for each in processes(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_S


def resident_bytes(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text).group(1)) * 1024


def wrk(url, pid, seconds=4, connections=32, headers=(), script=None):
    """Requests a second, and CPU microseconds a request of the process that answers."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", str(script)]
    before = cpu_seconds(pid)
    out = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    used = cpu_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    if "Non-2xx" in out or "Socket errors" in out or requests == 0:
        raise RuntimeError(f"{url} was not answered as it should be:\n{out}")
    return requests / seconds, used / requests * 1e6


def alternate(ours, peer, rounds=3):
    """Runs both in turns and gives the median of each: what disturbs one disturbs the other."""
    ours_all, peer_all = [], []
    for _ in range(rounds):
        ours_all.append(ours())
        peer_all.append(peer())
    return statistics.median(ours_all), statistics.median(peer_all)


@contextlib.contextmanager
def nginx(location):
    """An nginx of one worker that serves this `location` block: (origin, pid)."""
    folder, port = pathlib.Path(tempfile.mkdtemp(prefix="atelier-nginx-")), free_port()
    folder.chmod(0o755)
    (folder / "conf").write_text(f"""
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  types {{ }}
  default_type application/octet-stream;
  server {{ listen 127.0.0.1:{port}; {location} }}
}}
""")
    process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(folder / "conf"), "-p", str(folder)],
                               stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(port, seconds=10):
    import socket
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def nginx_returns(body, content_type):
    """A `location` that returns these bytes; a word of nginx may have 4 KB, escapes included."""
    pieces = [body[at:at + 1500] for at in range(0, len(body), 1500)]
    if "$" in body:
        raise RuntimeError("nginx would read $ as a variable")
    quoted = [piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces]
    names = "".join(f"$piece{index}_" for index in range(len(pieces)))
    sets = "".join(f'set $piece{index}_ "{piece}"; ' for index, piece in enumerate(quoted))
    return f'location / {{ {sets} default_type "{content_type}"; return 200 "{names}"; }}'


def install_peers():
    """The peers' packages, of the versions in bench/peers/package.json, in a cache folder."""
    PEERS.mkdir(parents=True, exist_ok=True)
    wanted = (ROOT / "bench" / "peers" / "package.json").read_text()
    have = PEERS / "package.json"
    if not have.exists() or have.read_text() != wanted or not (PEERS / "node_modules").exists():
        have.write_text(wanted)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=PEERS, check=True)
    for script in (ROOT / "bench" / "peers").glob("*.mjs"):
        shutil.copy(script, PEERS)  # modules are found beside the script


@contextlib.contextmanager
def peer(script, *arguments):
    """A peer's server, started as `node script PORT arguments…`: (origin, pid)."""
    install_peers()
    port = free_port()
    process = subprocess.Popen(["node", script, str(port), *map(str, arguments)], cwd=PEERS)
    try:
        wait_for(port, 20)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
