#include "engines/native_search/analysis.hpp"

#include <algorithm>

#include "engines/native_search/folding.hpp"
#include "engines/native_search/pieces.hpp"
#include "engines/native_search/stemming.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t query_words_max = 64;

std::string_view cut_out(std::string_view text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

void fold_ascii(std::string_view word, Folded& out) {
  out.exact.clear();
  for (const char c : word) {
    if (c == '\'') continue;
    if (out.exact.size() == word_bytes_max) break;
    out.exact += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  out.script = Script::latin;
}

/// What `l'eau` and `d’art` are mostly looked for by; empty where the head is a word.
Span tail_of_elision(std::string_view text, Span piece) {
  const std::string_view word = cut_out(text, piece);
  for (std::size_t at = 1; at <= 2 && at + 2 < word.size(); ++at) {
    if (word[at] == '\'') return {piece.begin + static_cast<std::uint32_t>(at) + 1, piece.end};
    if (word.substr(at, 3) == "\u2019")
      return {piece.begin + static_cast<std::uint32_t>(at) + 3, piece.end};
  }
  return {};
}

/// Folds what is the same in documents and queries.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), pieces_(text) {}

  bool next() { return pieces_.next(chunk_); }
  const Chunk& chunk() const { return chunk_; }
  std::string_view text() const { return text_; }

  const Folded& folded(Span span, bool ascii) {
    if (ascii) {
      fold_ascii(cut_out(text_, span), folded_);
      folded_.plain = folded_.exact;
    } else {
      fold(cut_out(text_, span), folded_);
    }
    return folded_;
  }

  /// All pieces of the chunk with what joins them.
  const Folded& folded_whole() {
    whole_.exact.clear();
    whole_.plain.clear();
    for (std::size_t i = 0; i < chunk_.count; ++i) {
      const Piece& piece = chunk_.pieces[i];
      const Folded& part = folded(piece.span, piece.ascii);
      if (i > 0) {
        const char joiner = text_[piece.span.begin - 1];
        whole_.exact += joiner;
        whole_.plain += joiner;
      }
      whole_.exact += part.exact;
      whole_.plain += part.plain;
    }
    if (whole_.exact.size() > word_bytes_max || whole_.plain.size() > word_bytes_max) {
      whole_.exact.clear();
      whole_.plain.clear();
    }
    return whole_;
  }

  /// Two neighbouring letters, or the one there is.
  const Folded& folded_pair(std::size_t first) {
    Span span = chunk_.pieces[first].span;
    if (first + 1 < chunk_.count) span.end = chunk_.pieces[first + 1].span.end;
    return folded(span, false);
  }
  std::size_t pairs() const { return std::max<std::size_t>(chunk_.count, 2) - 1; }

 private:
  std::string_view text_;
  Pieces pieces_;
  Chunk chunk_;
  Folded folded_, whole_;
};

class Writer {
 public:
  Writer(std::string_view text, std::vector<Term>& out) : reader_(text), out_(out) {}

  void write(bool name) {
    while (position_ < words_max && reader_.next()) {
      const Chunk& chunk = reader_.chunk();
      if (chunk.paired) {
        for (std::size_t i = 0; i < reader_.pairs(); ++i) {
          Span span = chunk.pieces[i].span;
          span.end = chunk.pieces[std::min(i + 1, chunk.count - 1)].span.end;
          spellings(reader_.folded_pair(i), span);
          ++position_;
        }
        continue;
      }
      if (name && chunk.count > 1 && chunk.whole) spellings(reader_.folded_whole(), chunk.span());
      for (std::size_t i = 0; i < chunk.count; ++i) {
        const Piece piece = chunk.pieces[i];
        word(piece.span, piece.ascii, piece.letters_only);
        if (piece.apostrophe) {
          const Span tail = tail_of_elision(reader_.text(), piece.span);
          if (tail.end != 0) word(tail, piece.ascii, piece.letters_only);
        }
        if (name) parts(piece);
        ++position_;
      }
    }
  }

 private:
  void term(std::string_view text, Span span) {
    if (!text.empty())
      out_.push_back({std::string(text), position_, span.begin, span.end});
  }

  void spellings(const Folded& folded, Span span) {
    term(folded.exact, span);
    if (folded.plain != folded.exact) term(folded.plain, span);
  }

  void word(Span span, bool ascii, bool stemmed) {
    const Folded& folded = reader_.folded(span, ascii);
    spellings(folded, span);
    if (!stemmed) return;
    const std::string_view root = stem(folded.plain, folded.script);
    if (root == folded.plain || root.size() == word_bytes_max) return;  // no place for the mark
    out_.push_back({{}, position_, span.begin, span.end});
    out_.back().text.reserve(root.size() + 1);
    (out_.back().text += stem_mark) += root;
  }

  void parts(const Piece& piece) {
    if (piece.mixed) {
      std::array<Span, piece_parts_max> found;
      const std::size_t count = parts_of(reader_.text(), piece.span, found);
      for (std::size_t i = 0; count > 1 && i < count; ++i) {
        const Span part = found[i];
        const char first = reader_.text()[part.begin];
        const bool digit = first >= '0' && first <= '9';
        if (part.end - part.begin == 1 && !digit) continue;
        word(part, piece.ascii, !digit);
        if (digit) whole_number(part);
      }
    }
    if (!piece.letters_only) whole_number(piece.span);
  }

  /// "4" of "4.0", "v4" of "v4.0".
  void whole_number(Span span) {
    const std::string_view text = cut_out(reader_.text(), span);
    const std::size_t dot = text.find('.');
    if (dot == text.npos) return;
    span.end = span.begin + static_cast<std::uint32_t>(dot);
    spellings(reader_.folded(span, false), span);
  }

  Reader reader_;
  std::vector<Term>& out_;
  std::uint32_t position_ = 0;
};

class Asker {
 public:
  explicit Asker(std::string_view text) : reader_(text) {}

  void ask(std::vector<QueryWord>& out) {
    while (out.size() < query_words_max && reader_.next()) {
      const Chunk& chunk = reader_.chunk();
      QueryWord word{chunk.span().begin, chunk.span().end, {}};
      if (chunk.paired) {
        add(word, pairs());
      } else {
        if (chunk.count > 1 && chunk.whole) {
          Forms whole;
          spellings(reader_.folded_whole(), whole);
          if (!whole.empty()) word.readings.push_back({std::move(whole)});
        }
        add(word, words(false));
        if (std::any_of(chunk.pieces.begin(), chunk.pieces.begin() + chunk.count,
                        [](const Piece& piece) { return piece.mixed; }))
          add(word, words(true));
      }
      if (!word.readings.empty()) out.push_back(std::move(word));
    }
  }

 private:
  static void add(QueryWord& word, std::vector<Forms> reading) {
    std::erase_if(reading, [](const Forms& forms) { return forms.empty(); });
    const auto same = [&](const std::vector<Forms>& other) {
      return std::equal(other.begin(), other.end(), reading.begin(), reading.end(),
                        [](const Forms& a, const Forms& b) { return a[0].text == b[0].text; });
    };
    if (reading.empty() || std::any_of(word.readings.begin(), word.readings.end(), same)) return;
    word.readings.push_back(std::move(reading));
  }

  std::vector<Forms> pairs() {
    std::vector<Forms> reading;
    for (std::size_t i = 0; i < reader_.pairs(); ++i)
      spellings(reader_.folded_pair(i), reading.emplace_back());
    return reading;
  }

  std::vector<Forms> words(bool in_parts) {
    std::vector<Forms> reading;
    for (std::size_t i = 0; i < reader_.chunk().count; ++i) {
      const Piece piece = reader_.chunk().pieces[i];
      std::array<Span, piece_parts_max> found;
      const std::size_t count =
          in_parts && piece.mixed ? parts_of(reader_.text(), piece.span, found) : 0;
      if (count < 2) {
        forms(piece.span, piece, reading.emplace_back());
        continue;
      }
      for (std::size_t k = 0; k < count; ++k) forms(found[k], piece, reading.emplace_back());
    }
    return reading;
  }

  static void form(std::string text, bool exact, Forms& out) {
    const auto known = [&](const Form& other) { return other.text == text; };
    if (!text.empty() && std::none_of(out.begin(), out.end(), known))
      out.push_back({std::move(text), exact});
  }

  static void spellings(const Folded& folded, Forms& out) {
    form(folded.exact, true, out);
    form(folded.plain, false, out);
  }

  void forms(Span span, const Piece& piece, Forms& out) {
    const Folded& folded = reader_.folded(span, piece.ascii);
    spellings(folded, out);
    const char first = reader_.text()[span.begin];
    if (!(first >= '0' && first <= '9') && (piece.letters_only || piece.span.end != span.end ||
                                            piece.span.begin != span.begin)) {
      const std::string root(stem(folded.plain, folded.script));
      form(root, false, out);
      if (root.size() < word_bytes_max) form(stem_mark + root, false, out);
    }
    if (piece.apostrophe) {
      const Span tail = tail_of_elision(reader_.text(), span);
      if (tail.end != 0) form(reader_.folded(tail, piece.ascii).plain, false, out);
    }
  }

  Reader reader_;
};

}  // namespace

void analyse(std::string_view utf8, ports::search::Analysis analysis, std::vector<Term>& out) {
  out.clear();
  Writer(utf8, out).write(analysis == ports::search::Analysis::name);
}

void analyse_query(std::string_view utf8, std::vector<QueryWord>& out) {
  out.clear();
  Asker(utf8).ask(out);
}

std::string fold_word(std::string_view word) {
  std::vector<QueryWord> words;
  analyse_query(word, words);
  return words.size() == 1 ? words[0].readings[0][0][0].text : std::string();
}

}  // namespace atelier::engines::native_search
