#!/usr/bin/python3
"""Xapian on the judged searches: relevance_xapian.py models.txt and|or reads one query a line and
answers each with a line of at most ten ids. English stems beside words, fields weighted as ours
are, its own spelling corrections taken. Debian's python3-xapian."""
import sys
import tempfile

import xapian

WEIGHTS = {1: 4, 5: 3, 6: 2, 4: 2, 2: 1, 3: 1, 7: 1}  # column of models.txt: weight


def index(path, folder):
    database = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("en"))
    generator.set_database(database)
    generator.set_flags(xapian.TermGenerator.FLAG_SPELLING)
    for line in open(path):
        if line.startswith("#"):
            continue
        cells = line.rstrip("\n").split("|")
        document = xapian.Document()
        generator.set_document(document)
        for column, weight in WEIGHTS.items():
            generator.index_text(cells[column], weight)
            generator.increase_termpos()
        document.set_data(cells[0])
        database.add_document(document)
    database.commit()


def main():
    folder = tempfile.TemporaryDirectory(prefix="atelier-xapian-")
    index(sys.argv[1], folder.name)
    database = xapian.Database(folder.name)
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem("en"))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_database(database)
    parser.set_default_op(xapian.Query.OP_AND if sys.argv[2] == "and" else xapian.Query.OP_OR)
    for line in sys.stdin:
        query = parser.parse_query(line.strip(), xapian.QueryParser.FLAG_SPELLING_CORRECTION)
        mended = parser.get_corrected_query_string()
        if mended:
            query = parser.parse_query(mended, 0)
        enquire = xapian.Enquire(database)
        enquire.set_query(query)
        print(*(match.document.get_data().decode() for match in enquire.get_mset(0, 10)),
              flush=True)


if __name__ == "__main__":
    main()
