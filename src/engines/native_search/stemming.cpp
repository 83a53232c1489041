#include "engines/native_search/stemming.hpp"

#include <libstemmer.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t stem_bytes_max = 40;

/// English repeats itself: nine words of ten are in here.
struct Known {
  static constexpr std::size_t bytes_max = 22;
  std::array<char, bytes_max> word;
  std::array<char, bytes_max> stem;
  std::uint8_t word_size = 0, stem_size = 0;
};
constexpr std::size_t known_count = 1 << 14;

struct Release {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

struct Stemmers {
  std::array<std::unique_ptr<sb_stemmer, Release>, 8> by_script;
  std::vector<Known> known{known_count};
};

const char* language(Script script) {
  switch (script) {
    case Script::latin: return "english";
    case Script::cyrillic: return "russian";
    case Script::greek: return "greek";
    case Script::arabic: return "arabic";
    case Script::armenian: return "armenian";
    case Script::devanagari: return "hindi";
    case Script::tamil: return "tamil";
    case Script::other: break;
  }
  return nullptr;
}

std::uint64_t hash(std::string_view word) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : word) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value ^ value >> 29;
}

std::string_view ask(Stemmers& stemmers, std::string_view word, Script script) {
  auto& stemmer = stemmers.by_script[static_cast<std::size_t>(script)];
  if (!stemmer) stemmer.reset(sb_stemmer_new(language(script), nullptr));
  if (!stemmer) return word;
  const auto* made =
      sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()),
                      static_cast<int>(word.size()));
  const int size = sb_stemmer_length(stemmer.get());
  if (made == nullptr || size <= 0 || static_cast<std::size_t>(size) > stem_bytes_max) return word;
  return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

}  // namespace

std::string_view stem(std::string_view plain, Script script) {
  if (script == Script::other || plain.size() < 3 || plain.size() > stem_bytes_max) return plain;
  thread_local Stemmers stemmers;
  if (script != Script::latin || plain.size() > Known::bytes_max)
    return ask(stemmers, plain, script);
  Known& known = stemmers.known[hash(plain) % known_count];
  if (known.word_size != plain.size() ||
      std::memcmp(known.word.data(), plain.data(), plain.size()) != 0) {
    const std::string_view made = ask(stemmers, plain, script);
    if (made.size() > Known::bytes_max) return made;
    std::memcpy(known.word.data(), plain.data(), plain.size());
    std::memcpy(known.stem.data(), made.data(), made.size());
    known.word_size = static_cast<std::uint8_t>(plain.size());
    known.stem_size = static_cast<std::uint8_t>(made.size());
  }
  return {known.stem.data(), known.stem_size};
}

}  // namespace atelier::engines::native_search
