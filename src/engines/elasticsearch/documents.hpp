#pragma once
#include <string>

#include "engines/native_search/shape.hpp"

/// Documents as the server keeps them (mapping.hpp). A text goes there as the terms that Atelier's
/// own analysis makes of it, words apart by spaces and spellings of one word by `spelling_mark`: so
/// a word finds the same with every engine.
namespace atelier::engines::elasticsearch {

/// The whole document. It was not refused by `shape`.
std::string document_body(const ports::search::Document& document,
                          const native_search::Shape& shape);
/// What a patch changes: numbers, and the bits that are kept beside them.
std::string patch_body(const ports::search::Document& document, const native_search::Shape& shape);

}  // namespace atelier::engines::elasticsearch
