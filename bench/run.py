#!/usr/bin/env python3
"""Runs the benchmarks: bench/run.py [name…]. Each writes build/bench/<name>.json, a list of rows
{name, metric, ours, peer, peerName, ratio, goal, holds}, and docs/BENCHMARKS.md is written anew
from all that are there."""
import datetime
import importlib
import json
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

RESULTS = ROOT / "build" / "bench"
TABLE = ROOT / "docs" / "BENCHMARKS.md"
BEGIN, END = "<!-- written by bench/run.py: begin -->", "<!-- end -->"


def known():
    """Every bench/*.py that has a `run()` of its own."""
    return sorted(path.stem for path in (ROOT / "bench").glob("*.py")
                  if "\ndef run()" in path.read_text())


def version(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
        return (done.stdout + done.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "absent"


def machine():
    processor = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo")
                      if line.startswith("model name")), platform.machine())
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    return f"{processor}, {cores} cores, Linux {platform.release().split('-')[0]}"


def shown(value):
    return "–" if value is None else f"{value:,.4g}" if value < 10000 else f"{value:,.0f}"


def table(kept):
    """Of what has been measured here, and of the benchmarks that have not: their rows in `kept`."""
    lines = ["| Benchmark | Metric | Ours | Peer | | Ratio | Goal | Holds | Measured |",
             "|---|---|---|---|---|---|---|---|---|"]
    rows = {}
    for line in kept.splitlines():
        if line.startswith("| ") and line not in lines:
            rows.setdefault(line.split(" | ")[0].removeprefix("| "), []).append(line)
    for path in sorted(RESULTS.glob("*.json")):
        day = datetime.date.fromtimestamp(path.stat().st_mtime)
        rows[path.stem] = []
        for row in json.loads(path.read_text()):
            rows[path.stem].append(
                f"| {row['name']} | {row['metric']} | {shown(row['ours'])} | {shown(row['peer'])} "
                f"| {row['peerName'] or ''} | {shown(row['ratio'])} | {row['goal']} "
                f"| {'yes' if row['holds'] else '**no**'} | {day} |")
    for name in sorted(rows):
        lines += rows[name]
    versions = "; ".join([version("g++", "--version"), version("/usr/sbin/nginx", "-v"),
                          f"Node {version('node', '--version')}", version("wrk", "-v"),
                          version("postgres", "--version"), version("redis-server", "--version")])
    packages = json.loads((ROOT / "bench" / "peers" / "package.json").read_text())["dependencies"]
    peers = ", ".join(f"{name} {number}" for name, number in packages.items())
    return "\n".join([*lines, "", f"Machine: {machine()}.", f"Versions: {versions}.",
                      f"Peers' packages: {peers}."])


def write_table():
    text = TABLE.read_text()
    head, _, rest = text.partition(BEGIN)
    kept, _, tail = rest.partition(END)
    TABLE.write_text(f"{head}{BEGIN}\n{table(kept)}\n{END}{tail}")


def main():
    wanted = sys.argv[1:] or known()
    unknown = set(wanted) - set(known())
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known())}")
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    broken = []
    for name in wanted:
        print(f"{name} …", flush=True)
        try:
            rows = importlib.import_module(f"bench.{name}").run()
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            broken.append(name)
            print(f"{name} could not be measured: {error}")
            continue
        (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False))
        for row in rows:
            print(f"  {row['metric']}: ours {shown(row['ours'])}, peer {shown(row['peer'])}, "
                  f"goal {row['goal']}: {'holds' if row['holds'] else 'missed'}")
    write_table()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
