#!/usr/bin/env python3
"""The style of the repository as a test: tools/tidy.py [--headers] [--report FILE] [rule…].

Reads what git tracks or would track, checks every rule of tidy_rules.py, and prints
`path:line: rule: what is wrong`. With --headers it compiles every header alone instead.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

import tidy_rules

ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_tree():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, check=True, capture_output=True).stdout.decode()
    files = {}
    for path in sorted(set(listed.split("\0")) - {""}):
        if path.endswith((*tidy_rules.SOURCES, ".md", ".txt")) and (ROOT / path).is_file():
            files[path] = (ROOT / path).read_text(errors="replace")
    layers = tomllib.loads((ROOT / "tools" / "layers.toml").read_text())
    return tidy_rules.Tree(files, layers, compiled(files))


def compiled(files):
    """The files the newest build compiles, or None where there is no build to ask. A file newer
    than that build's plan counts as compiled: the plan cannot know it yet."""
    newest = newest_plan()
    if newest is None:
        return None
    planned = {os.path.relpath(row["file"], ROOT) for row in json.loads(newest.read_text())}
    return planned | {path for path in files if path.endswith(".cpp")
                      and (ROOT / path).stat().st_ctime > newest.stat().st_mtime}


def newest_plan():
    plans = [ROOT / "build" / preset / "compile_commands.json" for preset in ("release", "dev")]
    return max((plan for plan in plans if plan.exists()), key=lambda plan: plan.stat().st_mtime,
               default=None)


def library_folders():
    """Where the build finds the headers of libraries that are not on the compiler's own path."""
    plan = newest_plan()
    if plan is None:
        return []
    folders = set(re.findall(r"-isystem (\S+)", plan.read_text())) - {"/usr/include"}
    return [word for folder in sorted(folders) for word in ("-isystem", folder)]


def lone_header(header, folder, libraries):
    """The compiler's words about a file that includes nothing but this header; empty is good."""
    source = pathlib.Path(folder) / (header.replace("/", "_") + ".cpp")
    source.write_text(f'#include "{header.removeprefix("src/")}"\n')
    command = ["g++", "-std=gnu++23", "-O0", "-Wall", "-Wextra", "-Isrc", "-I.",
               "-Ibuild/release/generated", *libraries,
               "-c", source, "-o", source.with_suffix(".o")]
    if shutil.which("ccache"):
        command.insert(0, "ccache")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "CCACHE_NOHASHDIR": "1"})
    return "" if done.returncode == 0 else "\n".join(done.stderr.splitlines()[:5])


def check_headers(tree):
    headers = [path for path, _ in tree.of(".hpp")]
    # one fixed folder, so that ccache sees the same command every time
    folder = pathlib.Path(tempfile.gettempdir()) / f"atelier-headers-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    failed = 0
    libraries = library_folders()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, words in zip(headers, pool.map(
                lambda name: lone_header(name, folder, libraries), headers)):
            if words:
                failed += 1
                print(f"{header}:1: headers: does not compile alone\n{words}")
    shutil.rmtree(folder, ignore_errors=True)
    return len(headers) - failed, failed


def check_rules(tree, wanted):
    rules = [rule for rule in tidy_rules.RULES if not wanted or rule.__name__ in wanted]
    failed = 0
    for rule in rules:
        faults = tidy_rules.check(tree, rule)
        failed += bool(faults)
        for fault in faults:
            print(f"{fault.path}:{fault.line}: {rule.__name__}: {fault.text}")
    return len(rules) - failed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rules", nargs="*", help="only these rules")
    parser.add_argument("--headers", action="store_true", help="compile every header alone")
    parser.add_argument("--report", type=pathlib.Path, help="write the counts as JSON")
    arguments = parser.parse_args()
    tree = read_tree()
    passed, failed = check_headers(tree) if arguments.headers else check_rules(
        tree, arguments.rules)
    if arguments.report:
        arguments.report.write_text(json.dumps({"passed": passed, "failed": failed}))
    print(f"{passed} hold, {failed} do not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
