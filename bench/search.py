"""Our search engine beside Lucene and Xapian on one generated corpus, all on one core in one run;
texts with vectors beside hnswlib and a text search whose lists are joined.

ATELIER_SEARCH_DOCUMENTS (1,000,000) and ATELIER_SEARCH_QUERIES a class (100) set its size. Corpus
and indexes are kept in .cache/bench/search-<size>; the engines are asked in turns. A peer that is
not installed is told and left out."""
import glob
import json
import os
import shutil
import subprocess

from bench import measure

DOCUMENTS = int(os.environ.get("ATELIER_SEARCH_DOCUMENTS", "1000000"))
QUERIES = int(os.environ.get("ATELIER_SEARCH_QUERIES", "100"))
ROUNDS, TURNS = 2, 2
HYBRID_DOCUMENTS = min(DOCUMENTS, 100_000)
FOLDER = measure.PEERS / f"search-{DOCUMENTS}-{QUERIES}"
ONE_CORE = ["taskset", "-c", "1"]

# class: (what goals call it, at least this many times the better Lucene's median)
CLASSES = {
    **{name: ("text", 1.5) for name in ("one_common", "one_rare", "and2", "and3", "phrase",
                                        "prefix", "and_prefix")},
    **{name: ("filter", 4) for name in ("one_filter", "and2_filter")},
    **{name: ("facet", 10) for name in ("one_facet", "and2_facet")},
    "browse": ("browse", 5), "browse_facet": ("browse", 5), "typo": ("typo", 1),
}


def output(*command):
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True)
    return json.loads(done.stdout)


class Ours:
    name = "ours"

    def __init__(self):
        self.program = measure.program("bench_search")
        self.index = FOLDER / "ours"

    def build(self):
        return output(self.program, "build", FOLDER, self.index)

    def query(self):
        return output(*ONE_CORE, self.program, "query", FOLDER, self.index, ROUNDS)


class Lucene:
    """fields: one | two; counting: exact, as we do, or top, which may stop early."""

    def __init__(self, fields, counting, classes):
        self.name = f"Lucene 8, {fields} field{'s' if fields == 'two' else ''}, " + (
            "all counted" if counting == "exact" else "top 20 only")
        self.fields, self.counting, self.classes = fields, counting, classes
        self.index = FOLDER / f"lucene-{fields}"

    def java(self, *words):
        return output(*(ONE_CORE if words[0] == "query" else []), "java", "-Xmx3g", "-cp",
                      self.classes, "LuceneSearch", words[0], FOLDER, self.index, self.fields,
                      *words[1:])

    def build(self):
        return self.java("build")

    def query(self):
        return self.java("query", ROUNDS, self.counting)


class Xapian:
    name = "Xapian"
    index = FOLDER / "xapian"

    def __init__(self, program):
        self.program = program

    def build(self):
        return output(self.program, "build", FOLDER, self.index)

    def query(self):
        return output(*ONE_CORE, self.program, "query", FOLDER, self.index, 1)


def absent(name, why):
    print(f"  SKIPPED: {name}: {why}", flush=True)
    return []


def lucene():
    jars = [jar for part in ("core", "analyzers-common", "suggest")
            for jar in glob.glob(f"/usr/share/java/lucene-{part}-8.*.jar")]
    if len(jars) < 3 or not shutil.which("javac"):
        return absent("Lucene", "needs liblucene8-java and a JDK (openjdk-17-jdk-headless)")
    folder = measure.PEERS / "lucene"
    folder.mkdir(parents=True, exist_ok=True)
    path = ":".join([*jars, str(folder)])
    subprocess.run(["javac", "-d", folder, "-cp", path, measure.ROOT / "bench/peers/"
                    "LuceneSearch.java"], check=True)
    return [Lucene(fields, counting, path) for fields in ("one", "two")
            for counting in ("exact", "top")]


def xapian():
    try:
        return [Xapian(measure.program("bench_search_xapian"))]
    except subprocess.CalledProcessError:
        return absent("Xapian", "needs libxapian-dev")


def make_corpus():
    if not (FOLDER / "queries.tsv").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run([measure.program("bench_search_corpus"), str(DOCUMENTS), str(QUERIES),
                        FOLDER], check=True)


def make_index(engine):
    """Ours is always built, for its speed; a peer's index is kept."""
    done = engine.index.with_suffix(".json")
    if engine.name != "ours" and done.exists():
        return json.loads(done.read_text())
    result = engine.build()
    done.write_text(json.dumps(result))
    return result


def best(results):
    """Of several runs of one engine the lower median and p99 of each class."""
    out = dict(results[0])
    out["classes"] = {
        name: {"p50": min(each["classes"][name]["p50"] for each in results),
               "p99": min(each["classes"][name]["p99"] for each in results),
               "totals": results[0]["classes"][name]["totals"]}
        for name in results[0]["classes"]}
    return out


def disagreements(ours, peers):
    """Classes in which an engine that counts all matches has counted otherwise than we."""
    out = []
    for name, result in peers.items():
        if name.endswith("top 20 only"):
            continue
        for kind, each in result["classes"].items():
            wrong = sum(a != b for a, b in zip(each["totals"], ours["classes"][kind]["totals"]))
            if wrong and kind != "typo":
                out.append(f"{kind}: {wrong} of {len(each['totals'])} totals differ from {name}")
    return out


def times(ours, peer, name, kind, goal):
    """Peer's median in multiples of ours: more is better, so the row's ratio is turned round."""
    return {"name": "search", "metric": f"{kind}, median µs", "ours": ours["p50"],
            "peer": peer["p50"], "peerName": name,
            "ratio": measure.rounded(peer["p50"] / ours["p50"]), "goal": f"≥ {goal} × faster",
            "holds": peer["p50"] / ours["p50"] >= goal}


def class_rows(ours, peers):
    rows = []
    for kind, (_, goal) in CLASSES.items():
        mine = ours["classes"][kind]
        for counting in ("all counted", "top 20 only"):
            lucenes = {name: peer["classes"][kind] for name, peer in peers.items()
                       if name.endswith(counting)}
            if lucenes:
                better = min(lucenes, key=lambda name: lucenes[name]["p50"])
                rows.append(times(mine, lucenes[better], better, kind, goal))
        if kind in peers.get("Xapian", {"classes": {}})["classes"]:
            rows.append(times(mine, peers["Xapian"]["classes"][kind], "Xapian", kind, 1))
        rows.append(measure.row("search", f"{kind}, p99 ms", mine["p99"] / 1e3, None, None, 10,
                                at_most=True))
    return rows


def update_rows(program, seconds):
    # on both cores: beside the changes somebody searches
    result = output(program, "updates", FOLDER, FOLDER / "ours", seconds)
    return [
        measure.row("search", "1,000 changes/s beside 100 queries/s: change to hit, p99 ms",
                    result["visible"]["p99"] / 1e3, None, None, 50, at_most=True),
        measure.row("search", "p99 of queries beside the changes, ms",
                    result["beside"]["p99"] / 1e3, result["alone"]["p99"] / 1e3, "without changes",
                    2, at_most=True)]


def hybrid_rows():
    """One question with a text and a vector, beside both asked alone and their lists joined."""
    result = output(*ONE_CORE, measure.program("bench_search_hybrid"), FOLDER, FOLDER / "hybrid",
                    HYBRID_DOCUMENTS, ROUNDS)
    rows = []
    for kind, each in result.items():
        what = f"{kind} and a vector, {HYBRID_DOCUMENTS:,} documents"
        rows.append(times(each["ours"], each["peer"],
                          "the same text alone, hnswlib, joined by ranks", what, 1))
        for place, nearest in enumerate((10, 200)):
            rows.append(measure.row("search", f"{what}, of the {nearest} nearest found",
                                    each["ours"]["recall"][place], each["peer"]["recall"][place],
                                    "hnswlib", 1, at_most=False))
    return rows


def run():
    make_corpus()
    ours, others = Ours(), [*lucene(), *xapian()]
    built = {engine.name: make_index(engine) for engine in [ours, *others]}
    results = {}
    for _ in range(TURNS):  # in turns: what disturbs one disturbs all
        for engine in [ours, *others]:
            results.setdefault(engine.name, []).append(engine.query())
    results = {name: best(each) for name, each in results.items()}
    mine = results.pop("ours")
    rows = class_rows(mine, results)
    faults = disagreements(mine, results)
    for fault in faults:
        print(f"  {fault}")
    rows.append(measure.row("search", "classes whose totals differ between engines", len(faults),
                            None, None, 0, at_most=True))
    rows.append(measure.row("search", f"memory with {DOCUMENTS:,} documents, MB",
                            mine["resident"] / 1e6, None, None, 1000, at_most=True))
    rows.append(measure.row("search", "restart to the first answer, s", mine["restart"], None,
                            None, 2, at_most=True))
    rows.append({"name": "search", "metric": "build, s", "ours": built["ours"]["seconds"],
                 "peer": None, "peerName": None, "ratio": None, "goal": "reported",
                 "holds": True})
    rows += update_rows(ours.program, 20)
    rows += hybrid_rows()
    return rows
