#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engines/elasticsearch/server.hpp"
#include "ports/search.hpp"

/// How a schema is kept by the server:
///
///     id, version   long
///     t.<field>     terms of a text field, as `written_terms` writes them
///     s.<field>     the texts themselves, for snippets; not indexed
///     k.<field>     keyword
///     n.<field>     long, of numbers and of bits
///     b.<field>     keyword: the places of the bits that are set, "0" to "63"
///     w             keyword: the words of all texts, for suggestions
///     v             the vector
///
/// The schema itself stands in `_meta`, so that every node reads an index as it was made.
namespace atelier::engines::elasticsearch {

inline std::string text_path(std::string_view field) { return "t." + std::string(field); }
inline std::string keyword_path(std::string_view field) { return "k." + std::string(field); }
inline std::string number_path(std::string_view field) { return "n." + std::string(field); }
inline std::string bits_path(std::string_view field) { return "b." + std::string(field); }

/// Between the spellings of one word in a written text; no word has it.
constexpr char spelling_mark = '\2';
/// Stands where a word has no spelling, so that the places of the others stay.
constexpr char no_word = '\3';

/// The body of `PUT /<index>`; `alias` will lead to it.
std::string index_body(const ports::search::Schema& schema, const Dialect& dialect,
                       std::string_view alias);
/// The body of `PUT /<index>` for the index of marks.
std::string marks_body();
/// The schema of an index from its mapping; nothing if it is none of ours.
std::optional<ports::search::Schema> kept_schema(std::string_view index,
                                                 const schema::Document& mapping);

}  // namespace atelier::engines::elasticsearch
