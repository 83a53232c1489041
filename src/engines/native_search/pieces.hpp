#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace atelier::engines::native_search {

/// A part of a text, by its bytes.
struct Span {
  std::uint32_t begin = 0, end = 0;
};

/// One word, or one letter of a script that is read in pairs.
struct Piece {
  Span span;
  bool ascii = true;
  bool letters_only = true;  ///< no digit: it has a stem
  bool mixed = false;        ///< capitals inside, or letters and digits: it has parts
  bool apostrophe = false;
};

constexpr std::size_t chunk_pieces_max = 16;
constexpr std::size_t piece_parts_max = 8;  ///< with more it is a hash, not a name

/// Words that only `_`, `-` or `.` keep apart, or a run of letters that are read in pairs.
struct Chunk {
  std::array<Piece, chunk_pieces_max> pieces;
  std::size_t count = 0;
  bool paired = false;  ///< Chinese, Japanese …: each piece is one letter with its marks; a run
                        ///< that is longer goes on in the next chunk, with the last letter again
  bool whole = true;    ///< false: only a part of what is joined
  Span span() const { return {pieces[0].span.begin, pieces[count - 1].span.end}; }
};

/// Walks over a text of at most 4 GiB; bytes that are not UTF-8 part words.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(text) {}
  /// The next chunk; false at the end.
  bool next(Chunk& chunk);

 private:
  bool find_word(Chunk& chunk);
  void read_pair_run(Chunk& chunk);
  void read_words(Chunk& chunk);
  void read_piece(Piece& piece);

  std::string_view text_;
  std::size_t at_ = 0;
  bool within_ = false;  ///< the last chunk ended only because it was full
};

/// "DreamShaperXL" → Dream, Shaper, XL; "v4.0" → v, 4.0. Returns how many; 0 = too many.
std::size_t parts_of(std::string_view text, Span piece,
                     std::array<Span, piece_parts_max>& parts);

}  // namespace atelier::engines::native_search
