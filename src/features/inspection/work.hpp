#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "features/inspection/inspection.hpp"

namespace atelier::inspection {

/// One inspection under way: what the readers of the formats fill and the detectors read.
struct Work {
  const Source& source;
  std::string file_name;  ///< lower case, no folder
  std::string extension;  ///< lower case, no dot
  Inspection out;
  std::map<std::string, std::string, std::less<>> metadata;  ///< whole values
};

/// Adds a reason (each code and text once) and lowers the verdict to `verdict` if it was better.
void worsen(Inspection& inspection, Verdict verdict, std::string_view code, std::string text);

/// `text` shortened to `most` bytes at a character's border, for quoting foreign words.
std::string quoted(std::string_view text, std::size_t most = 80);

// What a tensor table may hold. Real files stay far below.
inline constexpr std::size_t max_tensors = 500'000;
inline constexpr std::size_t max_rank = 64;
inline constexpr std::size_t max_metadata_entries = 100'000;

}  // namespace atelier::inspection
