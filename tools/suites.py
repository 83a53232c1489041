#!/usr/bin/env python3
"""Builds and runs the test suites, counts what really ran, and says so.

`./test [suite…]` runs all suites, or those whose names begin with one of the words given. Each
suite writes its output to build/test/<suite>.log and reports real tests: a suite that runs none
has failed, whatever its exit status.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "test"
LAYERS = ["base", "schema", "platform", "features", "engines", "http", "app"]
SUITE_SECONDS_MAX = 1200
BUILD_SECONDS_MAX = 3600
# The counts that the long run uses; a fault test reads its own and is short without.
SOAK = {"ATELIER_SOAK": "1", "ATELIER_KILLS": "200", "ATELIER_CANCELS": "100000",
        "ATELIER_UPLOAD_BYTES": str(2**30), "ATELIER_UPLOAD_CUTS": "20"}
SANITIZER_OPTIONS = {"ASAN_OPTIONS": "detect_stack_use_after_return=1",
                     "UBSAN_OPTIONS": "print_stacktrace=1",
                     "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1"}
# hnswlib's one writer locks a node and then its neighbours, in an order that differs from node to
# node. Nobody else holds two, so none can wait for the other, but ThreadSanitizer cannot know that,
# and where it says so it no longer has the stack that a suppression would go by.
WITHOUT_LOCK_ORDER = {"unit_engines"}


@dataclass
class Outcome:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list = field(default_factory=list)


@dataclass
class Suite:
    name: str
    run: object  # (log file) -> Outcome
    builds: bool = False  # a build step: counts no tests


def call(command, log, environment=None, cwd=ROOT, seconds_max=SUITE_SECONDS_MAX):
    """Runs a command with its output in the log; its exit status, or 124 when it took too long."""
    log.write(f"$ {' '.join(map(str, command))}\n".encode())
    log.flush()
    try:
        return subprocess.run(list(map(str, command)), stdout=log, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, cwd=cwd, timeout=seconds_max,
                              env={**os.environ, **(environment or {})}).returncode
    except subprocess.TimeoutExpired:
        log.write(f"stopped after {seconds_max} s\n".encode())
        return 124


def build(target):
    def run(log):
        status = call(["make", "--no-print-directory", target], log, seconds_max=BUILD_SECONDS_MAX)
        return Outcome() if status == 0 else Outcome(failed=1, notes=["the build failed"])
    return run


def gtest(binary, only="*"):
    def run(log):
        report = pathlib.Path(log.name).with_suffix(".json")
        report.unlink(missing_ok=True)
        options = dict(SANITIZER_OPTIONS)
        if binary.name in WITHOUT_LOCK_ORDER:
            options["TSAN_OPTIONS"] += ":detect_deadlocks=0"
        status = call([binary, "--gtest_brief=1", f"--gtest_output=json:{report}",
                       f"--gtest_filter={only}"], log, options)
        return read_gtest(report, status)
    return run


def read_gtest(report, status):
    if not report.exists():
        return Outcome(failed=1, notes=[f"ended with status {status} before it could report"])
    outcome = Outcome()
    for group in json.loads(report.read_text())["testsuites"]:
        for test in group["testsuite"]:
            name = f"{group['name']}.{test['name']}"
            if test["name"].startswith("DISABLED_"):
                continue  # started by another test, as a process to be killed
            if test.get("failures"):
                outcome.failed += 1
                outcome.notes.append(f"failed: {name}")
            elif test["result"] == "COMPLETED":
                outcome.passed += 1
            else:
                outcome.skipped += 1
                reasons = [s["message"].strip() for s in test.get("skipped", [])]
                outcome.notes.append(f"skipped: {name} {' '.join(reasons)}".rstrip())
    if status != 0 and outcome.failed == 0:
        outcome.failed = 1
        outcome.notes.append(f"ended with status {status}")
    return outcome


def unittests(path):
    def run(log):
        before = log.tell()
        status = call([sys.executable, path], log)
        text = pathlib.Path(log.name).read_bytes()[before:].decode(errors="replace")
        ran = re.findall(r"^Ran (\d+) tests?", text, re.M)
        count = {word: sum(map(int, re.findall(rf"{word}=(\d+)", text)))
                 for word in ("failures", "errors", "skipped")}
        failed = count["failures"] + count["errors"] or (status != 0)
        total = int(ran[-1]) if ran else 0
        return Outcome(max(0, total - failed - count["skipped"]), int(failed), count["skipped"])
    return run


def reported(command, report):
    """A command that leaves {"passed","failed","skipped","notes"} in the report file."""
    def run(log):
        report.unlink(missing_ok=True)
        status = call([*command, "--report", report], log)
        if not report.exists():
            return Outcome(failed=1, notes=[f"ended with status {status} before it could report"])
        outcome = Outcome(**json.loads(report.read_text()))
        if status != 0 and outcome.failed == 0:
            outcome.failed = 1
            outcome.notes.append(f"ended with status {status}")
        return outcome
    return run


def web(log):
    """Types and lint count as one test each, beside those of vitest."""
    outcome = Outcome()
    for script in ("typecheck", "lint"):
        good = call(["npm", "run", script], log, cwd=ROOT / "web") == 0
        outcome.passed += good
        outcome.failed += not good
    report = REPORTS / "web.json"
    report.unlink(missing_ok=True)
    call(["npx", "vitest", "run", "--reporter=default", "--reporter=json",
          f"--outputFile.json={report}"], log, cwd=ROOT / "web")
    if not report.exists():
        return Outcome(outcome.passed, outcome.failed + 1, 0, ["vitest did not report"])
    counts = json.loads(report.read_text())
    outcome.passed += counts["numPassedTests"]
    outcome.failed += counts["numFailedTests"] + counts.get("numFailedTestSuites", 0)
    outcome.skipped += counts["numPendingTests"] + counts["numTodoTests"]
    return outcome


def client(log):
    """The TypeScript client is what the OpenAPI document generates."""
    made, kept = REPORTS / "schema.d.ts", ROOT / "web/src/api/schema.d.ts"
    if call(["npx", "openapi-typescript", ROOT / "tests/snapshots/openapi.json", "-o", made], log,
            cwd=ROOT / "web"):
        return Outcome(failed=1, notes=["openapi-typescript failed"])
    if os.environ.get("ATELIER_ACCEPT"):
        kept.write_text(made.read_text())
    if kept.exists() and kept.read_text() == made.read_text():
        return Outcome(passed=1)
    return Outcome(failed=1, notes=[f"{kept.relative_to(ROOT)} is not what the API says: "
                                    "make accept, and read the diff"])


def gtest_suites(preset):
    folder = ROOT / "build" / preset
    prefix = "" if preset == "release" else f"{preset}_"
    suites = []
    for layer in LAYERS:
        if list((ROOT / "src" / layer).rglob("*_test.cpp")):
            suites.append(Suite(f"{prefix}unit_{layer}", gtest(folder / f"unit_{layer}")))
    for kind in ("contract", "faults"):
        if list((ROOT / "tests" / kind).rglob("*.cpp")):
            suites.append(Suite(f"{prefix}{kind}", gtest(folder / kind)))
    return suites


def fault_suites():
    suites = [suite for suite in gtest_suites("release") if suite.name == "faults"]
    return suites + [Suite(f"faults_{script.stem}", unittests(script))
                     for script in sorted((ROOT / "tests" / "faults").glob("*_test.py"))]


def all_suites(arguments):
    if arguments.soak:
        os.environ.update(SOAK)
        random = gtest(ROOT / "build/release/contract", "*Random*")
        cancels = gtest(ROOT / "build/release/unit_engines", "Comfy.RacedCancels*")
        return [Suite("build", build("build-tests"), builds=True), *fault_suites(),
                Suite("contract_random", random), Suite("unit_engines_cancels", cancels)]
    if arguments.sanitize:
        return [suite for preset in ("asan", "tsan")
                for suite in [Suite(f"build_{preset}", build(f"build-{preset}"), builds=True),
                              *gtest_suites(preset)]]
    suites = [Suite("build", build("build-tests"), builds=True),
              Suite("tidy", reported([sys.executable, "tools/tidy.py"], REPORTS / "tidy.json")),
              Suite("headers", reported([sys.executable, "tools/tidy.py", "--headers"],
                                        REPORTS / "headers.json"))]
    for script in sorted((ROOT / "tools").glob("*_test.py")):
        suites.append(Suite(f"tools_{script.stem}", unittests(script)))
    suites.append(Suite("api_format", unittests(ROOT / "tests/api/format_test.py")))
    suites += gtest_suites("release")
    suites.append(Suite("web", web))
    if (ROOT / "src/app/main.cpp").exists():
        suites += [Suite("snapshots", gtest(ROOT / "build/release/snapshots")),
                   Suite("snapshots_client", client)]
        suites += [Suite(f"api_{engine}",
                         reported([sys.executable, "tests/api/run.py", "--engine", engine],
                                  REPORTS / f"api_{engine}.json"))
                   for engine in ("sqlite", "postgres")]
        suites += [Suite(f"{kind}_{script.stem}", unittests(script))
                   for kind in ("attacks", "faults", "clients")
                   for script in sorted((ROOT / "tests" / kind).glob("*_test.py"))]
    if (ROOT / "tests/e2e/run.mjs").exists():
        suites.append(Suite("e2e", reported(["node", "tests/e2e/run.mjs"], REPORTS / "e2e.json")))
    return suites


def run_suite(suite):
    path = REPORTS / f"{suite.name}.log"
    started = time.monotonic()
    with open(path, "wb") as log:
        try:
            outcome = suite.run(log)
        except OSError as error:
            outcome = Outcome(failed=1, notes=[str(error)])
    if not suite.builds and outcome.passed + outcome.failed == 0:
        outcome.failed = 1
        outcome.notes.append("ran nothing")
    seconds = time.monotonic() - started
    print(f"{suite.name:<18} {outcome.passed:>6} passed {outcome.failed:>4} failed "
          f"{outcome.skipped:>4} skipped {seconds:>7.1f} s", flush=True)
    for note in outcome.notes:
        print(f"    {note}")
    if outcome.failed:
        lines = path.read_text(errors="replace").splitlines()
        print("\n".join(f"    | {line}" for line in lines[-60:]))
        print(f"    the whole output is {path.relative_to(ROOT)}", flush=True)
    return outcome, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("suites", nargs="*", help="run only suites whose names begin so")
    parser.add_argument("--sanitize", action="store_true",
                        help="the compiled suites under asan+ubsan and tsan instead")
    parser.add_argument("--soak", action="store_true",
                        help="the fault suites with the full counts instead")
    parser.add_argument("--accept", action="store_true", help="rewrite the snapshots")
    arguments = parser.parse_args()
    if arguments.accept:
        os.environ["ATELIER_ACCEPT"] = "1"
    REPORTS.mkdir(parents=True, exist_ok=True)
    chosen = [suite for suite in all_suites(arguments)
              if suite.builds or not arguments.suites or suite.name.startswith(
                  tuple(arguments.suites))]
    total, started = Outcome(), time.monotonic()
    for suite in chosen:
        outcome, _ = run_suite(suite)
        total.passed += outcome.passed
        total.failed += outcome.failed
        total.skipped += outcome.skipped
        if suite.builds and outcome.failed:
            break
    if total.passed == 0 and total.failed == 0:
        total.failed = 1
    print(f"all suites in {time.monotonic() - started:.0f} s")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
