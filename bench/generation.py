"""Generation. What our path adds to posting the same graph straight to a ComfyUI: the fake of the
tests, which takes no time for its work, and the real one at ATELIER_COMFYUI_URL if that is set.
How soon progress is with those who watch. And giving work to unequal backends, in a simulator that
plays the same load through first come first served, InvokeAI's round robin, SwarmUI's pressure rule
and ours: six devices of speeds 10, 3, 3, 1, 1, 1; models that take 12 s to load; pieces of 1 to
50 s."""
import json
import os
import resource
import statistics
import subprocess

from bench import measure

SEEDS = range(1, 7)
ASKED, ASKED_REAL = 400, 20
WATCHERS, ASLEEP, EVENTS = 1_000, 50, 60


def p99(values):
    return sorted(values)[(len(values) - 1) * 99 // 100]


def measured(*words):
    """What bench_generation says, of a server of ours that does nothing else."""
    program = measure.program("bench_generation")
    with measure.server() as server:
        done = subprocess.run([program, words[0], server.origin, server.administrator(),
                               *map(str, words[1:])], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{done.stderr}\n{server.log()}")
    return json.loads(done.stdout)


def added(figures, ours, straight, what, most_p50, most_p99):
    return [measure.row("generation", f"ms, {name} of {figures['count']}, {what}",
                        quantile(figures[ours]), quantile(figures[straight]),
                        "straight to the backend", most, at_most=True, by="difference")
            for name, quantile, most in (("p50", statistics.median, most_p50),
                                         ("p99", p99, most_p99)) if most]


def overhead():
    figures = measured("overhead", ASKED)
    rows = [*added(figures, "ours", "direct", "from asking until the picture is delivered", 2, 8),
            *added(figures, "oursAccepted", "directAccepted",
                   "from asking until the backend begins", 2, 8),
            *added(figures, "oursEnd", "directEnd",
                   "from the backend's end until the picture is delivered", None, 5)]
    real = os.environ.get("ATELIER_COMFYUI_URL")
    if real:
        rows += added(measured("overhead", ASKED_REAL, real), "ours", "direct",
                      "from asking until the picture is delivered by a real ComfyUI", 2, None)
    return rows


def watching():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8_192), most))
    figures = measured("watchers", WATCHERS, ASLEEP, EVENTS)
    if figures["lost"]:
        raise RuntimeError(f"{figures['lost']} events of progress did not arrive")
    return [measure.row("generation", f"ms, p99, from the backend's frame until each of {WATCHERS}"
                        f" watchers has read it, beside {ASLEEP} that read nothing",
                        p99(figures["heard"]), None, None, 15, at_most=True)]


def played(program, load, *more):
    """The mean of each figure by policy."""
    sums = {}
    for seed in SEEDS:
        done = subprocess.run([program, load, str(seed), *map(str, more)], capture_output=True,
                              text=True, check=True)
        for line in done.stdout.splitlines():
            told = json.loads(line)
            figures = sums.setdefault(told.pop("policy"), {})
            for name, value in told.items():
                figures.setdefault(name, []).append(value)
    return {policy: {name: sum(values) / len(values) for name, values in figures.items()}
            for policy, figures in sums.items()}


def scheduling():
    program = measure.program("bench_generation_simulator")
    rows = []
    for load, more, what in (("bursts", (12, 5), "30 bursts of 12 pictures, 5 models"),
                             ("bursts", (12, 20), "30 bursts of 12 pictures, 20 models"),
                             ("mixed", (), "600 pictures at once, 20 models")):
        figures = played(program, load, *more)
        rows.append(measure.row("generation", f"seconds until all is made, {what}",
                                figures["ours"]["makespan"], figures["swarm"]["makespan"],
                                "SwarmUI's rule", 0.7, at_most=True))
        rows.append(measure.row("generation", f"models loaded, {what}", figures["ours"]["swaps"],
                                figures["fifo"]["swaps"], "first come, first served", 0.5,
                                at_most=True))
    figures = played(program, "flood")
    rows.append(measure.row("generation", "Jain index of device time over 10 minutes, one member"
                            " asking for a hundred times as much as each of nine others",
                            figures["ours"]["jain"], None, None, 0.98, at_most=False))
    return rows


def run():
    return [*overhead(), *watching(), *scheduling()]
