#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "features/inspection/work.hpp"

namespace atelier::inspection {

struct ZipEntry {
  std::string name;
  std::uint16_t method = 0;  ///< 0 stored, 8 deflated
  std::uint16_t flags = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t header_offset = 0;
  std::uint64_t data_offset = 0;
};

/// Reads the directory of the zip file (APPNOTE.TXT 6.3.10, with zip64) that is the whole source.
/// Stricter than any unzip, because loaders disagree on odd archives: local and central headers
/// must agree, names be plain, relative and unique, entries neither overlap nor leave room, and
/// nothing be encrypted. `read` is false, with the reason in `out`, if a rule is broken.
struct ZipDirectory {
  bool read = false;
  std::vector<ZipEntry> entries;  ///< in file order
};
Result<ZipDirectory> read_zip_directory(const Source& source, Inspection& out);

/// Inflates or copies the entry. An empty optional, with the reason in `out`, if it is larger
/// than `most` or broken. A wrong CRC-32 is a reason too, but the content is returned.
Result<std::optional<std::string>> read_zip_entry(const Source& source, const ZipEntry& entry,
                                                  std::uint64_t most, Inspection& out);

/// Checks the CRC-32 of an entry of any size without keeping it.
Result<bool> check_zip_entry(const Source& source, const ZipEntry& entry, Inspection& out);

}  // namespace atelier::inspection
