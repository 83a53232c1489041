// Lucene on the corpus of bench/search_corpus.cpp. Each command prints one line of JSON:
//   LuceneSearch build CORPUS INDEX one|two          one combined text field, or title and body
//   LuceneSearch query CORPUS INDEX one|two N exact|top
// The index is sorted by downloads. `exact` counts all matches, as our port does; `top` may stop
// counting when the twenty best are known. Three rounds warm up, N are measured.
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocsCollector;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.spell.DirectSpellChecker;
import org.apache.lucene.search.spell.SuggestWord;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

public class LuceneSearch {
  static final Sort BY_DOWNLOADS = new Sort(new SortField("downloads", SortField.Type.LONG, true));
  static boolean two;
  static boolean exact;

  /// Texts of one field are far apart, so that no phrase spans two.
  static Analyzer analyzer() {
    Analyzer standard = new StandardAnalyzer();
    return new AnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
      @Override
      protected Analyzer getWrappedAnalyzer(String field) {
        return standard;
      }

      @Override
      public int getPositionIncrementGap(String field) {
        return 100;
      }
    };
  }

  static Document document(String line) {
    String[] cell = line.split("\t", -1);
    Document out = new Document();
    out.add(new StringField("id", cell[0], Field.Store.YES));
    out.add(new StringField("type", cell[1], Field.Store.NO));
    out.add(new StringField("base", cell[2], Field.Store.NO));
    out.add(new StringField("level", cell[3], Field.Store.NO));
    out.add(new NumericDocValuesField("typeNumber", Long.parseLong(cell[1].substring(1))));
    out.add(new NumericDocValuesField("baseNumber", Long.parseLong(cell[2].substring(1))));
    out.add(new NumericDocValuesField("downloads", Long.parseLong(cell[4])));
    for (String tag : cell[5].split(",")) {
      if (!tag.isEmpty()) out.add(new StringField("tag", tag, Field.Store.NO));
    }
    if (two) {
      out.add(new TextField("title", cell[6], Field.Store.NO));
      out.add(new TextField("text", cell[7], Field.Store.NO));
    } else {
      for (int i = 0; i < 3; ++i) out.add(new TextField("text", cell[6], Field.Store.NO));
      out.add(new TextField("text", cell[7], Field.Store.NO));
    }
    return out;
  }

  static void build(String corpus, String index) throws IOException {
    long began = System.nanoTime();
    IndexWriterConfig config = new IndexWriterConfig(analyzer());
    config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
    config.setRAMBufferSizeMB(256);
    config.setIndexSort(BY_DOWNLOADS);
    int count = 0;
    try (Directory folder = MMapDirectory.open(Paths.get(index));
         IndexWriter writer = new IndexWriter(folder, config);
         BufferedReader rows = new BufferedReader(new FileReader(corpus + "/documents.tsv"))) {
      for (String line; (line = rows.readLine()) != null; ++count) {
        writer.addDocument(document(line));
      }
      writer.forceMerge(1);
      writer.commit();
    }
    System.out.printf("{\"documents\": %d, \"seconds\": %.2f}%n", count,
                      (System.nanoTime() - began) / 1e9);
  }

  static Query either(Query title, Query text) {
    if (!two) return text;
    return new BooleanQuery.Builder().add(new BoostQuery(title, 3), Occur.SHOULD)
        .add(text, Occur.SHOULD).build();
  }

  static Query word(String word, boolean prefix) {
    Term title = new Term("title", word);
    Term text = new Term("text", word);
    return prefix ? either(new PrefixQuery(title), new PrefixQuery(text))
                  : either(new TermQuery(title), new TermQuery(text));
  }

  static Query text(String kind, String words) {
    String[] each = words.split(" ");
    if (kind.equals("phrase")) {
      return either(new PhraseQuery("title", each), new PhraseQuery("text", each));
    }
    boolean prefix = kind.equals("prefix") || kind.equals("and_prefix");
    if (each.length == 1) return word(words, prefix);
    BooleanQuery.Builder out = new BooleanQuery.Builder();
    for (int i = 0; i < each.length; ++i) {
      out.add(word(each[i], prefix && i + 1 == each.length), Occur.MUST);
    }
    return out.build();
  }

  static Query whole(String[] row) {
    BooleanQuery.Builder out = new BooleanQuery.Builder();
    boolean filtered = false;
    Query text = row[1].isEmpty() ? new MatchAllDocsQuery() : text(row[0], row[1]);
    if (!row[1].isEmpty()) out.add(text, Occur.MUST);
    for (int i = 2; i < 4; ++i) {
      if (row[i].isEmpty()) continue;
      out.add(new TermQuery(new Term(i == 2 ? "type" : "base", row[i])), Occur.FILTER);
      filtered = true;
    }
    int mask = Integer.parseInt(row[4]);
    if (mask != 0) {
      BooleanQuery.Builder levels = new BooleanQuery.Builder();
      for (int bit = 1; bit < 32; bit <<= 1) {
        if ((mask & bit) == 0) continue;
        levels.add(new TermQuery(new Term("level", "" + bit)), Occur.SHOULD);
      }
      out.add(levels.build(), Occur.FILTER);
      filtered = true;
    }
    return filtered ? out.build() : text;
  }

  /// Counts two low-cardinality columns, the fastest way that Lucene has for it.
  static class Counts extends SimpleCollector {
    final int[][] counts = new int[2][32];
    NumericDocValues types;
    NumericDocValues bases;

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      types = DocValues.getNumeric(context.reader(), "typeNumber");
      bases = DocValues.getNumeric(context.reader(), "baseNumber");
    }

    @Override
    public void collect(int document) throws IOException {
      if (types.advanceExact(document)) counts[0][(int) types.longValue()]++;
      if (bases.advanceExact(document)) counts[1][(int) bases.longValue()]++;
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }

    long sum() {
      long out = 0;
      for (int[] column : counts) {
        for (int count : column) out += count;
      }
      return out;
    }
  }

  /// All matches, and of facets the sum of all counts too, as search_bench counts.
  static long ask(IndexSearcher searcher, DirectSpellChecker speller, String[] row)
      throws IOException {
    if (row[0].equals("typo")) {
      SuggestWord[] words =
          speller.suggestSimilar(new Term("text", row[1]), 1, searcher.getIndexReader());
      if (words.length == 0) return 0;
      return searcher.search(word(words[0].string, false), 20).scoreDocs.length > 0 ? 1 : 0;
    }
    int counted = exact ? Integer.MAX_VALUE : 20;
    TopDocsCollector<?> top = row[1].isEmpty() ? TopFieldCollector.create(BY_DOWNLOADS, 20, counted)
                                               : TopScoreDocCollector.create(20, counted);
    if (!row[0].endsWith("_facet")) {
      searcher.search(whole(row), top);
      return top.topDocs().totalHits.value;
    }
    Counts counts = new Counts();
    searcher.search(whole(row), MultiCollector.wrap(top, counts));
    return top.topDocs().totalHits.value + counts.sum();
  }

  static void query(String corpus, String index, int rounds) throws IOException {
    DirectoryReader reader = DirectoryReader.open(MMapDirectory.open(Paths.get(index)));
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    DirectSpellChecker speller = new DirectSpellChecker();
    Map<String, List<Double>> times = new TreeMap<>();
    Map<String, List<Long>> totals = new HashMap<>();
    for (int round = -3; round < rounds; ++round) {
      for (String line : Files.readAllLines(Paths.get(corpus + "/queries.tsv"))) {
        String[] row = line.split("\t", -1);
        long began = System.nanoTime();
        long total = ask(searcher, speller, row);
        double us = (System.nanoTime() - began) / 1e3;
        if (round < 0) continue;
        times.computeIfAbsent(row[0], key -> new ArrayList<>()).add(us);
        if (round == 0) totals.computeIfAbsent(row[0], key -> new ArrayList<>()).add(total);
      }
    }
    String classes = times.entrySet().stream().map(entry -> {
      List<Double> sorted = entry.getValue();
      Collections.sort(sorted);
      return String.format("\"%s\": {\"p50\": %.1f, \"p99\": %.1f, \"totals\": %s}", entry.getKey(),
                           sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 99 / 100),
                           totals.get(entry.getKey()));
    }).collect(Collectors.joining(", "));
    System.out.println("{\"classes\": {" + classes + "}}");
  }

  public static void main(String[] words) throws IOException {
    two = words[3].equals("two");
    if (words[0].equals("build")) {
      build(words[1], words[2]);
    } else {
      exact = words[5].equals("exact");
      query(words[1], words[2], Integer.parseInt(words[4]));
    }
  }
}
