#!/usr/bin/env python3
"""Runs the fuzz targets one after another: tools/fuzz.py [--seconds N] [target…].

Each begins with its kept corpus, works on a copy of it in build/fuzz-run/<target>, and stops at
the first input that makes a sanitizer speak; that input then lies beside the copy. The last line
counts targets: `N passed, N failed`.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARIES = ROOT / "build/fuzz/tests/fuzz"
CORPUS = ROOT / "tests/fuzz/corpus"
RUNS = ROOT / "build/fuzz-run"
INPUT_SECONDS_MAX = 10
INPUT_BYTES_MAX = 65536


def run(target, seconds):
    """libFuzzer's exit status; its words are in build/fuzz-run/<target>/log."""
    name = target.removeprefix("fuzz_")
    folder = RUNS / target
    found = folder / "found"
    shutil.rmtree(folder, ignore_errors=True)
    found.mkdir(parents=True)
    with open(folder / "log", "wb") as log:
        return subprocess.run(
            [BINARIES / target, found, CORPUS / name, f"-artifact_prefix={folder}/",
             f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS_MAX}",
             f"-max_len={INPUT_BYTES_MAX}", "-rss_limit_mb=2048", "-print_final_stats=1"],
            stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode


def say(target, status):
    words = (RUNS / target / "log").read_text(errors="replace")
    inputs = re.search(r"number_of_executed_units: (\d+)", words)
    print(f"{target:<24} {'ok' if status == 0 else 'FAILED':<7} "
          f"{inputs.group(1) if inputs else '?':>12} inputs", flush=True)
    if status:
        print("\n".join(f"    | {line}" for line in words.splitlines()[-40:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("targets", nargs="*", help="all, if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments = parser.parse_args()
    known = sorted(path.stem for path in (ROOT / "tests/fuzz").glob("fuzz_*.cpp"))
    unknown = set(arguments.targets) - set(known)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    failed = 0
    targets = arguments.targets or known
    for target in targets:
        status = run(target, arguments.seconds)
        say(target, status)
        failed += status != 0
    print(f"{len(targets) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
