#!/usr/bin/env python3
"""Plays the API tests: tests/api/run.py [--engine sqlite|postgres] [feature or file…].

Every file gets a server of its own, started on a copy of one migrated template.
"""
import argparse
import concurrent.futures
import contextlib
import json
import pathlib
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.api.play import Player  # noqa: E402
from tests.api.script import Reader, ScriptError  # noqa: E402
from tests.support.postgres import Cluster  # noqa: E402
from tests.support.server import Server  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class Engine:
    """Hands out servers on fresh copies of a template that has been migrated once."""

    def __init__(self, name, binary, cluster, folder):
        self.name, self.binary, self.cluster = name, binary, cluster
        self.template = folder / "template"
        self.counter, self.lock = 0, threading.Lock()
        with Server(binary, database=cluster and cluster.create("template")) as server:
            status = server.stop()
            if status != 0:
                raise RuntimeError(f"the server ended with {status} on SIGTERM\n{server.log()}")
            server.data.rename(self.template)

    @contextlib.contextmanager
    def server(self, script):
        with self.lock:
            self.counter += 1
            name = f"copy{self.counter}"
        database = self.cluster and self.cluster.create(name, "template")
        try:
            with Server(self.binary, self.template, database, script.options["serve"],
                        script.options["env"]) as server:
                yield server
        finally:
            if self.cluster:
                self.cluster.drop(name)


def play(engine, path):
    """(passed, skipped, failures) of one file."""
    shown = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    try:
        script = Reader(shown, path.read_text()).read()
        if script.options["only"] not in (None, engine.name):
            return 0, len(script.cases), []
        failures, passed = [], 0
        with engine.server(script) as server:
            player = Player(script, server, engine.name)
            for case in script.cases:
                wrong = player.play(case)
                passed += wrong is None
                if wrong is not None:
                    failures.append((case.title, wrong))
            if failures:
                failures[-1] = (failures[-1][0], failures[-1][1] + "\nthe server's last words:\n"
                                + server.log(15))
        return passed, 0, failures
    except (ScriptError, RuntimeError, OSError) as error:
        return 0, 0, [(shown, str(error))]


def find(words):
    files = sorted(HERE.glob("*/*.txt"))
    if not words:
        return files
    named = [pathlib.Path(word).resolve() for word in words if pathlib.Path(word).is_file()]
    return named + [file for file in files if file.parent.name in words or file.stem in words]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="only these features or files")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/atelier")
    parser.add_argument("--jobs", type=int, default=2, help="files played at once")
    parser.add_argument("--report", type=pathlib.Path, help="write the counts as JSON")
    arguments = parser.parse_args()
    files = find(arguments.names)
    passed, skipped, failures, started = 0, 0, [], time.monotonic()
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(Cluster()) if arguments.engine == "postgres" else None
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engine = Engine(arguments.engine, arguments.binary.resolve(), cluster, folder)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for outcome in pool.map(lambda path: play(engine, path), files):
                passed += outcome[0]
                skipped += outcome[1]
                failures += outcome[2]
    for title, wrong in failures:
        print(f"FAILED {title}\n{wrong}\n")
    print(f"{arguments.engine}: {len(files)} files in {time.monotonic() - started:.1f} s: "
          f"{passed} passed, {len(failures)} failed, {skipped} skipped")
    if arguments.report:
        arguments.report.write_text(json.dumps({
            "passed": passed, "failed": len(failures), "skipped": skipped,
            "notes": [f"failed: {title}" for title, _ in failures]}))
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
