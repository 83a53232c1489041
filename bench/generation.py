"""Generation: giving work to unequal backends, in a simulator that plays the same load through
first come first served, InvokeAI's round robin, SwarmUI's pressure rule and ours. Six devices of
speeds 10, 3, 3, 1, 1, 1; 20 models that take 12 s to load; pieces of 1 to 50 s."""
import json
import subprocess

from bench import measure

SEEDS = range(1, 11)


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


def run():
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
