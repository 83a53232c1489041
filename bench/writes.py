"""Small durable writes on SQLite: the engine's group commit beside every thread with transactions
of its own, the same statements and synchronous=FULL, in turn."""
import json
import pathlib
import subprocess
import tempfile

from bench import measure

WRITERS = (8, 64)
SECONDS = 3
ROUNDS = 3


def once(program, form, writers):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, form, pathlib.Path(folder) / "writes.db", str(writers),
                               str(SECONDS)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def run():
    program = measure.program("bench_writes")
    rows = []
    for writers in WRITERS:
        results = {"grouped": [], "own": []}
        for _ in range(ROUNDS):
            for form, taken in results.items():
                taken.append(once(program, form, writers))
        for metric, at_most, goal in (("rate", False, 2), ("p99_ms", True, 1)):
            ours, peer = (measure.median([one[metric] for one in results[form]])
                          for form in ("grouped", "own"))
            what = "writes a second" if metric == "rate" else "p99 in ms"
            rows.append(measure.row("writes", f"{what}, {writers} threads", ours, peer,
                                    "own transactions", goal, at_most=at_most))
    return rows
