#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "engines/native_search/shape.hpp"

/// What reader and writer of `columns_file.hpp` have to agree on.
namespace atelier::engines::native_search {

constexpr std::array<char, 8> columns_magic{'a', 't', 'c', 'o', 'l', 's', '0', '1'};

struct ColumnsHeader {
  std::array<char, 8> magic{};
  std::uint32_t documents = 0, sections = 0;
  std::uint64_t size = 0;
};
static_assert(sizeof(ColumnsHeader) == 24);

struct Section {
  std::uint64_t offset = 0, size = 0;
};

/// How many sections the columns of this shape have.
std::uint32_t columns_sections(const Shape& shape);
/// What the first section says.
std::string columns_names(const Shape& shape);

}  // namespace atelier::engines::native_search
