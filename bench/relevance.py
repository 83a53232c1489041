"""The judged searches of tests/relevance on our engine, Xapian and SQLite's FTS5: nDCG@10 with the
paired bootstrap interval of the difference, and how many misspellings find what was meant. Then our
words alone beside our words with what is about the same behind them."""
import math
import random
import re
import sqlite3
import subprocess
import tempfile

from bench import measure

FOLDER = measure.ROOT / "tests" / "relevance"
MODELS = FOLDER / "models.txt"
BOOTSTRAPS = 10_000


def lines(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def models():
    return [line.split("|") for line in lines(MODELS)]


def queries():
    """[(class, text, {id: grade})]"""
    out = []
    for line in lines(FOLDER / "queries.txt"):
        kind, text, grades = line.split("|")
        judged = {}
        for part in grades.split():
            grade, _, ids = part.partition("=")
            judged.update({int(each): int(grade) for each in ids.split(",")})
        out.append((kind, text, judged))
    return out


def answers(command, texts):
    done = subprocess.run([str(word) for word in command], input="\n".join(texts) + "\n",
                          capture_output=True, text=True, check=True)
    found = [[int(each) for each in line.split()] for line in done.stdout.splitlines()]
    if len(found) != len(texts):
        raise RuntimeError(f"{command[0]} gave {len(found)} answers to {len(texts)} queries")
    return found


def ours(texts, *options):
    with tempfile.TemporaryDirectory(prefix="atelier-relevance-") as folder:
        return answers([measure.program("bench_relevance"), MODELS, folder, *options], texts)


def related(texts):
    return ours(texts, "related")


def joined(texts):
    return ours(texts, "joined")


def xapian(joined):
    def ask(texts):
        return answers(["/usr/bin/python3", measure.ROOT / "bench/peers/relevance_xapian.py",
                        MODELS, joined], texts)
    return ask


def fts5(joined):
    """Porter stems, accents removed, BM25 with our weights of fields."""
    def ask(texts):
        database = sqlite3.connect(":memory:")
        database.execute("CREATE VIRTUAL TABLE model USING fts5(name, triggers, tags, creator, "
                         "type, base, description, "
                         "tokenize='porter unicode61 remove_diacritics 2')")
        for each in models():
            database.execute("INSERT INTO model (rowid, name, triggers, tags, creator, type, base, "
                             "description) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                             (each[0], each[1], each[5], each[6], each[4], each[2], each[3],
                              each[7]))
        out = []
        for text in texts:
            words = f" {joined} ".join(f'"{word}"' for word in re.findall(r"\w+", text))
            out.append([row[0] for row in database.execute(
                "SELECT rowid FROM model WHERE model MATCH ? "
                "ORDER BY bm25(model, 4, 3, 2, 2, 1, 1, 1) LIMIT 10", (words,))])
        return out
    return ask


def ndcg(found, judged):
    gain = sum((2 ** judged.get(each, 0) - 1) / math.log2(place + 2)
               for place, each in enumerate(found[:10]))
    best = sum((2 ** grade - 1) / math.log2(place + 2)
               for place, grade in enumerate(sorted(judged.values(), reverse=True)[:10]))
    return gain / best


def mean(values):
    return sum(values) / len(values)


def interval(one, other):
    """Of the mean difference, 95 %, over queries drawn again in pairs."""
    dice = random.Random(7)
    pairs = [a - b for a, b in zip(one, other)]
    means = sorted(mean(dice.choices(pairs, k=len(pairs))) for _ in range(BOOTSTRAPS))
    return means[BOOTSTRAPS // 40], means[-BOOTSTRAPS // 40]


def words_of(model):
    """Of names, triggers and tags, where people search; as they read, lower-case."""
    return set(re.findall(r"[a-z]{4,}", " ".join((model[1], model[5], model[6])).lower()))


def misspellings(count=2_000):
    """[(misspelt, ids of the models that have the word)]: one letter dropped, doubled by another,
    changed or swapped with its neighbour, in words of five letters or more; what is itself a word
    of the catalogue is not a misspelling."""
    dice, holders = random.Random(11), {}
    for model in models():
        for word in words_of(model):
            holders.setdefault(word, set()).add(int(model[0]))
    every = set(re.findall(r"[a-z]+", MODELS.read_text().lower()))
    words = sorted(word for word in holders if len(word) >= 5)
    out = []
    while len(out) < count:
        word, letter = dice.choice(words), dice.choice("abcdefghijklmnopqrstuvwxyz")
        at = dice.randrange(1, len(word) - 1)
        bad = dice.choice([word[:at] + word[at + 1:], word[:at] + letter + word[at:],
                           word[:at] + letter + word[at + 1:],
                           word[:at] + word[at + 1] + word[at] + word[at + 2:]])
        if bad not in every:
            out.append((bad, holders[word]))
    return out


def recall(ask):
    """Share of misspellings whose first ten answers have a model with the word that was meant."""
    typos = misspellings()
    found = ask([bad for bad, _ in typos])
    return mean([bool(meant & set(ids)) for (_, meant), ids in zip(typos, found)])


def peer_row(name, mine, theirs, what="judged searches"):
    low, high = interval(mine, theirs)
    return {"name": "relevance", "metric": f"nDCG@10, {len(mine)} {what}; difference "
            f"{low:+.3f} to {high:+.3f} (95 %)", "ours": measure.rounded(mean(mine)),
            "peer": measure.rounded(mean(theirs)), "peerName": name,
            "ratio": measure.rounded(mean(mine) / mean(theirs)), "goal": "interval > 0",
            "holds": low > 0}


def run():
    judged = queries()
    texts = [text for _, text, _ in judged]
    engines = {"ours": ours, "ours and related": related, "ours joined by ranks": joined,
               "FTS5, all words": fts5("AND"), "FTS5, any word": fts5("OR")}
    if subprocess.run(["/usr/bin/python3", "-c", "import xapian"], capture_output=True).returncode:
        print("  SKIPPED: Xapian: needs python3-xapian", flush=True)
    else:
        engines |= {"Xapian, all words": xapian("and"), "Xapian, any word": xapian("or")}
    scores = {name: [ndcg(found, grades) for found, (_, _, grades) in zip(ask(texts), judged)]
              for name, ask in engines.items()}
    for kind in sorted({kind for kind, _, _ in judged}):
        print(f"  {kind}: " + ", ".join(
            f"{name} {mean([s for s, each in zip(score, judged) if each[0] == kind]):.3f}"
            for name, score in scores.items()))
    mine, more = scores.pop("ours"), scores.pop("ours and related")
    both = scores.pop("ours joined by ranks")
    rows = [peer_row(name, mine, score, "judged searches, by words alone")
            for name, score in scores.items()]
    # What people get: related ones behind what has the words.
    rows += [peer_row(name, more, score) for name, score in {"ours, by words alone": mine,
                                                             **scores}.items()]
    for name, score in (("related ones behind", more), ("joined by ranks", both)):
        worse = sum(one < words for one, words in zip(score, mine))
        print(f"  {name}: {worse} of {len(mine)} searches are worse than by words alone")
    theirs = recall(engines["Xapian, any word"]) if "Xapian, any word" in engines else None
    rows.append({"name": "relevance", "metric": "typo recall at one edit, 2,000 misspellings",
                 "ours": measure.rounded(recall(ours)), "peer": measure.rounded(theirs),
                 "peerName": "Xapian" if theirs else None,
                 "ratio": None, "goal": "≥ 0.95", "holds": None})
    rows[-1]["holds"] = rows[-1]["ours"] >= 0.95
    return rows
