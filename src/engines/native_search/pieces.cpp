#include "engines/native_search/pieces.hpp"

#include <utf8proc.h>

namespace atelier::engines::native_search {
namespace {

enum class Kind : unsigned char {
  other, lower, upper, digit, mark, joiner, apostrophe, paired, ignored,
};

struct Letter {
  Kind kind = Kind::other;
  std::uint8_t size = 1;
};

constexpr std::array<Kind, 128> make_ascii() {
  std::array<Kind, 128> kinds{};
  for (char c = 'a'; c <= 'z'; ++c) kinds[static_cast<std::size_t>(c)] = Kind::lower;
  for (char c = 'A'; c <= 'Z'; ++c) kinds[static_cast<std::size_t>(c)] = Kind::upper;
  for (char c = '0'; c <= '9'; ++c) kinds[static_cast<std::size_t>(c)] = Kind::digit;
  for (const char c : {'_', '-', '.'}) kinds[static_cast<std::size_t>(c)] = Kind::joiner;
  kinds['\''] = Kind::apostrophe;
  return kinds;
}
constexpr std::array<Kind, 128> ascii = make_ascii();

/// Scripts whose words no space parts: Thai to Myanmar, Khmer, Hangul, kana, Han. Hangul has
/// spaces, but its words carry their particles.
bool is_paired(utf8proc_int32_t letter) {
  struct Range { utf8proc_int32_t first, last; };
  static constexpr Range ranges[] = {
      {0x0E01, 0x0EFF}, {0x1000, 0x11FF}, {0x1780, 0x17FF}, {0x3005, 0x3007},
      {0x3031, 0x312F}, {0x3130, 0x318E}, {0x31A0, 0x31BF}, {0x31F0, 0x31FF},
      {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA960, 0xA97F}, {0xAC00, 0xD7FB},
      {0xF900, 0xFAFF}, {0xFF66, 0xFFDC}, {0x1B000, 0x1B16F}, {0x20000, 0x323AF}};
  if (letter < 0x0E01 || (letter >= 0x10A0 && letter <= 0x10FF)) return false;  // Georgian
  for (const Range& range : ranges)
    if (letter >= range.first && letter <= range.last) return true;
  return false;
}

Kind kind_of(utf8proc_int32_t letter) {
  if (letter == 0x2019 || letter == 0x02BC || letter == 0xFF07) return Kind::apostrophe;
  if (letter == 0xAD || letter == 0x200C || letter == 0x200D || letter == 0x2060 ||
      letter == 0xFEFF)
    return Kind::ignored;
  if (letter == 0xFF9E || letter == 0xFF9F) return Kind::mark;  // of half-width kana
  switch (utf8proc_category(letter)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LT: return Kind::upper;
    case UTF8PROC_CATEGORY_LL: return Kind::lower;
    case UTF8PROC_CATEGORY_LM: case UTF8PROC_CATEGORY_LO:
      return is_paired(letter) ? Kind::paired : Kind::lower;
    case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME:
      return Kind::mark;
    case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NO: return Kind::digit;
    case UTF8PROC_CATEGORY_NL: return is_paired(letter) ? Kind::paired : Kind::digit;
    default: return Kind::other;
  }
}

Letter letter_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {Kind::other, 0};
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {ascii[byte], 1};
  utf8proc_int32_t letter = 0;
  const auto size =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                       static_cast<utf8proc_ssize_t>(text.size() - at), &letter);
  if (size <= 0 || letter < 0) return {};
  return {kind_of(letter), static_cast<std::uint8_t>(size)};
}

bool begins_word(Kind kind) {
  return kind == Kind::lower || kind == Kind::upper || kind == Kind::digit;
}

bool goes_on(Kind kind) { return kind == Kind::mark || kind == Kind::ignored; }

std::uint32_t place(std::size_t at) { return static_cast<std::uint32_t>(at); }

}  // namespace

/// To the first letter of a word.
bool Pieces::find_word(Chunk& chunk) {
  while (at_ < text_.size()) {
    const Letter letter = letter_at(text_, at_);
    chunk.paired = letter.kind == Kind::paired;
    if (chunk.paired || begins_word(letter.kind)) return true;
    within_ = false;
    at_ += letter.size;
  }
  return false;
}

bool Pieces::next(Chunk& chunk) {
  if (!find_word(chunk)) return false;
  chunk.count = 0;
  chunk.whole = !within_;
  within_ = false;
  if (chunk.paired) read_pair_run(chunk);
  else read_words(chunk);
  return true;
}

void Pieces::read_pair_run(Chunk& chunk) {
  Letter letter = letter_at(text_, at_);
  while (letter.kind == Kind::paired) {
    if (chunk.count == chunk_pieces_max) {
      at_ = chunk.pieces[chunk.count - 1].span.begin;
      return;
    }
    const std::size_t begin = at_;
    do {
      at_ += letter.size;
      letter = letter_at(text_, at_);
    } while (goes_on(letter.kind));
    chunk.pieces[chunk.count++] = {{place(begin), place(at_)}, false, false, false, false};
  }
}

void Pieces::read_words(Chunk& chunk) {
  while (true) {
    chunk.pieces[chunk.count] = {};
    read_piece(chunk.pieces[chunk.count++]);
    const Letter joiner = letter_at(text_, at_);
    if (joiner.kind != Kind::joiner || !begins_word(letter_at(text_, at_ + 1).kind)) return;
    at_ += joiner.size;
    if (chunk.count == chunk_pieces_max) {
      within_ = true;
      chunk.whole = false;
      return;
    }
  }
}

/// One word: letters, digits, their marks, an apostrophe between letters, a dot between digits.
void Pieces::read_piece(Piece& piece) {
  piece.span.begin = place(at_);
  Kind before = Kind::other;
  while (true) {
    const Letter letter = letter_at(text_, at_);
    Kind kind = letter.kind;
    if (kind == Kind::apostrophe || kind == Kind::joiner) {
      const Kind after = letter_at(text_, at_ + letter.size).kind;
      const bool letters = (before == Kind::lower || before == Kind::upper) &&
                           (after == Kind::lower || after == Kind::upper);
      const bool digits = before == Kind::digit && after == Kind::digit && text_[at_] == '.';
      if (!(kind == Kind::apostrophe && letters) && !digits) break;
      piece.apostrophe |= kind == Kind::apostrophe;
      kind = before;
    } else if (goes_on(kind)) {
      kind = before;
    } else if (!begins_word(kind)) {
      break;
    }
    if (before != Kind::other) {
      piece.mixed |= (before == Kind::digit) != (kind == Kind::digit) ||
                     (before == Kind::lower && kind == Kind::upper) ||
                     (before == Kind::upper && kind == Kind::lower &&
                      at_ > piece.span.begin + 1);
    }
    piece.letters_only &= kind != Kind::digit;
    piece.ascii &= letter.size == 1;
    before = kind;
    at_ += letter.size;
  }
  piece.span.end = place(at_);
}

std::size_t parts_of(std::string_view text, Span piece,
                     std::array<Span, piece_parts_max>& parts) {
  std::size_t count = 0;
  std::size_t begin = piece.begin;
  Kind before = Kind::other;
  const auto close = [&](std::size_t end) {
    if (count == parts.size()) return false;
    parts[count++] = {place(begin), place(end)};
    begin = end;
    return true;
  };
  for (std::size_t at = piece.begin; at < piece.end;) {
    const Letter letter = letter_at(text, at);
    const bool rest = letter.kind == Kind::apostrophe || letter.kind == Kind::joiner ||
                      goes_on(letter.kind);
    const Kind kind = rest ? before : letter.kind;
    if (before != Kind::other && at > begin) {
      const Kind after = at + letter.size < piece.end
                             ? letter_at(text, at + letter.size).kind
                             : Kind::other;
      const bool turn = (before == Kind::digit) != (kind == Kind::digit) ||
                        (before == Kind::lower && kind == Kind::upper) ||
                        (before == Kind::upper && kind == Kind::upper && after == Kind::lower);
      if (turn && !close(at)) return 0;
    }
    before = kind;
    at += letter.size;
  }
  return close(piece.end) ? count : 0;
}

}  // namespace atelier::engines::native_search
