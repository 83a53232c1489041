"""Durable jobs: lease, run, complete. Every queue drains the same number of empty jobs; every
completion is on disk before it counts (PostgreSQL with fsync and synchronous_commit, SQLite with
synchronous=FULL, Redis with appendfsync always)."""
import contextlib
import json
import pathlib
import shutil
import subprocess
import tempfile

from bench import measure
from tests.support.postgres import Cluster, free_port

JOBS = 30_000
ROUNDS = 3


def rate(command, cwd=None):
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)
    return JOBS / json.loads(done.stdout.strip().splitlines()[-1])["seconds"]


@contextlib.contextmanager
def redis():
    folder, port = tempfile.mkdtemp(prefix="atelier-redis-"), free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
         "--appendonly", "yes", "--appendfsync", "always"], stdout=subprocess.DEVNULL)
    try:
        measure.wait_for(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def run():
    measure.install_peers()
    program = measure.program("bench_jobs")
    ours, peers = {}, {}
    for _ in range(ROUNDS):
        with Cluster(durable=True) as cluster, redis() as redis_url:
            for form in ("keep", "delete"):
                ours.setdefault(form, []).append(
                    rate([program, "postgres", cluster.create(form), JOBS, form]))
            for name in ("graphile-worker", "pg-boss"):
                peers.setdefault(name, []).append(
                    rate(["node", "jobs.mjs", name, cluster.create(name), JOBS], measure.PEERS))
            peers.setdefault("bullmq", []).append(
                rate(["node", "jobs.mjs", "bullmq", redis_url, JOBS], measure.PEERS))
        with tempfile.TemporaryDirectory() as folder:
            ours.setdefault("embedded", []).append(
                rate([program, "sqlite", pathlib.Path(folder) / "jobs.db", JOBS, "keep"]))
    # graphile-worker deletes what is done, pg-boss and BullMQ keep it
    rows = [measure.row("jobs", f"jobs a second on PostgreSQL, {what}",
                        measure.median(ours[form]), measure.median(peers[name]), name, 2,
                        at_most=False)
            for form, what, name in (("delete", "done ones deleted", "graphile-worker"),
                                     ("keep", "done ones kept", "graphile-worker"),
                                     ("keep", "done ones kept", "pg-boss"),
                                     ("keep", "done ones kept", "bullmq"))]
    rows.append(measure.row("jobs", "jobs a second, embedded", measure.median(ours["embedded"]),
                            None, None, 50_000, at_most=False))
    return rows
