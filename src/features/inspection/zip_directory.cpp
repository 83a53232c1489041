#include "features/inspection/zip_directory.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"

namespace atelier::inspection {

namespace {

constexpr std::uint64_t max_entries = 100'000;
constexpr std::uint64_t max_directory = 64 * 1024 * 1024;
constexpr std::uint64_t end_size = 22;      // end of central directory record
constexpr std::uint64_t locator_size = 20;  // zip64 end of central directory locator
constexpr std::uint64_t end64_size = 56;
constexpr std::uint64_t max_descriptor = 24;
constexpr std::uint32_t sentinel32 = 0xFFFFFFFF;

std::uint64_t number(std::string_view bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = width; i-- > 0;)
    value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

Result<std::string> bytes_at(const Source& source, std::uint64_t offset, std::uint64_t size) {
  std::string bytes(size, '\0');
  TRY(source.read(offset, std::as_writable_bytes(std::span(bytes))));
  return bytes;
}

/// Where the central directory lies and how much it holds.
struct Extent {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
  std::uint64_t end = 0;  ///< where the records after it begin
};

class DirectoryReader {
 public:
  DirectoryReader(const Source& source, Inspection& out) : source_(source), out_(out) {}
  Result<bool> read(std::vector<ZipEntry>& entries);

 private:
  bool malformed(std::string_view code, std::string text) {
    worsen(out_, Verdict::malformed, code, std::move(text));
    return false;
  }
  Result<bool> find_extent(Extent& extent);
  Result<bool> read_end64(std::uint64_t end_at, Extent& extent);
  bool read_central(std::string_view directory, std::size_t& at, ZipEntry& entry);
  bool read_extra(std::string_view extra, ZipEntry& entry);
  bool check_name(const std::string& name);
  Result<bool> read_local(ZipEntry& entry, std::uint64_t limit);
  bool check_layout(const std::vector<ZipEntry>& entries, std::uint64_t directory);

  const Source& source_;
  Inspection& out_;
  std::unordered_set<std::string> names_;
};

Result<bool> DirectoryReader::find_extent(Extent& extent) {
  const std::uint64_t size = source_.size();
  if (size < end_size) return malformed("zip_truncated", "The archive ends too early.");
  const std::uint64_t tail_size = std::min<std::uint64_t>(size, end_size + 65'535);
  const std::string tail = TRY(bytes_at(source_, size - tail_size, tail_size));
  std::size_t found = std::string::npos;
  int matches = 0;
  constexpr std::string_view mark = "PK\5\6";
  for (std::size_t at = tail.find(mark); at != std::string::npos; at = tail.find(mark, at + 1)) {
    if (at + end_size > tail.size() || number(tail, at + 20, 2) != tail.size() - at - end_size)
      continue;
    found = at;
    ++matches;
  }
  if (matches != 1)
    return malformed("zip_end", matches == 0 ? "The archive has no directory."
                                             : "The archive has several directories.");
  const std::uint64_t end_at = size - tail_size + found;
  extent = {number(tail, found + 10, 2), number(tail, found + 12, 4), number(tail, found + 16, 4),
            end_at};
  if (number(tail, found + 4, 4) != 0 || number(tail, found + 8, 2) != extent.entries)
    return malformed("zip_disks", "The archive spans several disks.");
  if (!TRY(read_end64(end_at, extent))) return false;
  if (extent.entries > max_entries || extent.size > max_directory)
    return malformed("zip_too_many_entries", "The archive has too many entries.");
  if (extent.offset > extent.end || extent.size != extent.end - extent.offset)
    return malformed("zip_directory", "The archive's directory is not where it should be.");
  return true;
}

Result<bool> DirectoryReader::read_end64(std::uint64_t end_at, Extent& extent) {
  const bool needed = extent.entries == 0xFFFF || extent.size == sentinel32 ||
                      extent.offset == sentinel32;
  const std::uint64_t records = locator_size + end64_size;
  std::string bytes;
  if (end_at >= records) bytes = TRY(bytes_at(source_, end_at - records, records));
  if (bytes.empty() || !bytes.substr(end64_size).starts_with("PK\6\7")) {
    if (needed) return malformed("zip_directory", "The archive's zip64 record is missing.");
    return true;
  }
  const std::uint64_t at = number(bytes, end64_size + 8, 8);
  if (!bytes.starts_with("PK\6\6") || at != end_at - records || number(bytes, 4, 8) != 44)
    return malformed("zip_directory", "The archive's zip64 record is broken.");
  const Extent wide{number(bytes, 32, 8), number(bytes, 40, 8), number(bytes, 48, 8), at};
  const bool agree = (extent.entries == 0xFFFF || extent.entries == wide.entries) &&
                     (extent.size == sentinel32 || extent.size == wide.size) &&
                     (extent.offset == sentinel32 || extent.offset == wide.offset) &&
                     number(bytes, 24, 8) == wide.entries && number(bytes, 16, 8) == 0;
  if (!agree) return malformed("zip_directory", "The archive has two different directories.");
  extent = wide;
  return true;
}

bool DirectoryReader::check_name(const std::string& name) {
  if (name.empty() || !is_text(name))
    return malformed("zip_name", "An entry's name is empty or not text.");
  const bool plain = name.find('\\') == std::string::npos && name.find(':') == std::string::npos &&
                     !name.starts_with('/') && ("/" + name + "/").find("/../") == std::string::npos;
  if (!plain) return malformed("zip_name", "The entry '" + quoted(name) + "' leads elsewhere.");
  if (!names_.insert(name).second)
    return malformed("zip_duplicate", "The archive has '" + quoted(name) + "' twice.");
  return true;
}

/// The zip64 extra field holds, in this order, what the header's 32 bits could not.
bool DirectoryReader::read_extra(std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const std::size_t size = number(extra, 2, 2);
    if (size > extra.size() - 4) break;
    if (number(extra, 0, 2) == 1) {
      std::size_t at = 4;
      for (std::uint64_t* field : {&entry.size, &entry.packed, &entry.header_offset}) {
        if (*field != sentinel32) continue;
        if (at + 8 > 4 + size)
          return malformed("zip_extra", "An entry's zip64 field is too short.");
        *field = number(extra, at, 8);
        at += 8;
      }
    }
    extra.remove_prefix(4 + size);
  }
  return extra.empty() || malformed("zip_extra", "An entry's extra field is broken.");
}

bool DirectoryReader::read_central(std::string_view directory, std::size_t& at, ZipEntry& entry) {
  constexpr std::size_t fixed = 46;
  if (directory.size() - at < fixed || directory.substr(at, 4) != "PK\1\2")
    return malformed("zip_directory", "The archive's directory is broken.");
  const std::size_t name = number(directory, at + 28, 2);
  const std::size_t extra = number(directory, at + 30, 2);
  const std::size_t comment = number(directory, at + 32, 2);
  if (directory.size() - at - fixed < name + extra + comment)
    return malformed("zip_directory", "The archive's directory is broken.");
  entry.flags = static_cast<std::uint16_t>(number(directory, at + 8, 2));
  entry.method = static_cast<std::uint16_t>(number(directory, at + 10, 2));
  entry.crc = static_cast<std::uint32_t>(number(directory, at + 16, 4));
  entry.packed = number(directory, at + 20, 4);
  entry.size = number(directory, at + 24, 4);
  entry.header_offset = number(directory, at + 42, 4);
  entry.name = directory.substr(at + fixed, name);
  if (number(directory, at + 34, 2) != 0)
    return malformed("zip_disks", "The archive spans several disks.");
  if (entry.flags & 0x2041)
    return malformed("zip_encrypted", "The entry '" + quoted(entry.name) + "' is encrypted.");
  if (entry.method != 0 && entry.method != 8)
    return malformed("zip_method", "The entry '" + quoted(entry.name) +
                                       "' is compressed in an unusual way.");
  if (!check_name(entry.name)) return false;
  if (!read_extra(directory.substr(at + fixed + name, extra), entry)) return false;
  at += fixed + name + extra + comment;
  return entry.method != 0 || entry.packed == entry.size ||
         malformed("zip_sizes", "The entry '" + quoted(entry.name) + "' has two sizes.");
}

Result<bool> DirectoryReader::read_local(ZipEntry& entry, std::uint64_t limit) {
  constexpr std::uint64_t fixed = 30;
  const std::string name = "'" + quoted(entry.name) + "'";
  const auto mismatch = [&] {
    return malformed("zip_mismatch", "The two headers of the entry " + name + " differ.");
  };
  if (entry.header_offset > limit || limit - entry.header_offset < fixed)
    return malformed("zip_offset", "The entry " + name + " lies outside of the archive.");
  const std::string head = TRY(bytes_at(source_, entry.header_offset, fixed));
  const std::uint64_t name_size = number(head, 26, 2);
  const std::uint64_t extra_size = number(head, 28, 2);
  if (!head.starts_with("PK\3\4")) return mismatch();
  if (limit - entry.header_offset - fixed < name_size + extra_size)
    return malformed("zip_offset", "The entry " + name + " lies outside of the archive.");
  const std::string rest =
      TRY(bytes_at(source_, entry.header_offset + fixed, name_size + extra_size));
  if (std::string_view(rest).substr(0, name_size) != entry.name) return mismatch();
  if (number(head, 8, 2) != entry.method || (number(head, 6, 2) & 0x2041)) return mismatch();
  ZipEntry local;
  local.packed = number(head, 18, 4);
  local.size = number(head, 22, 4);
  if (!read_extra(std::string_view(rest).substr(name_size), local)) return false;
  const std::uint64_t crc = number(head, 14, 4);
  // With a data descriptor behind the data the local header may leave these at 0.
  const bool later = (entry.flags & 8) != 0 && crc == 0;
  const auto fits = [&](std::uint64_t here, std::uint64_t central) {
    return here == central || (later && (here == 0 || here == sentinel32));
  };
  if (!fits(crc, entry.crc) || !fits(local.packed, entry.packed) || !fits(local.size, entry.size))
    return mismatch();
  entry.data_offset = entry.header_offset + fixed + name_size + extra_size;
  if (entry.packed > limit - entry.data_offset)
    return malformed("zip_offset", "The entry " + name + " lies outside of the archive.");
  return true;
}

bool DirectoryReader::check_layout(const std::vector<ZipEntry>& entries, std::uint64_t directory) {
  std::uint64_t end = 0;
  bool described = false;
  const auto room = [&](std::uint64_t next) {
    if (next < end) return malformed("zip_overlap", "Entries of the archive overlap.");
    if (next - end > (described ? max_descriptor : 0))
      return malformed("zip_gap", "The archive has bytes that belong to no entry.");
    return true;
  };
  for (const ZipEntry& entry : entries) {
    if (!room(entry.header_offset)) return false;
    end = entry.data_offset + entry.packed;
    described = (entry.flags & 8) != 0;
  }
  return room(directory);
}

Result<bool> DirectoryReader::read(std::vector<ZipEntry>& entries) {
  Extent extent;
  if (!TRY(find_extent(extent))) return false;
  const std::string directory = TRY(bytes_at(source_, extent.offset, extent.size));
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < extent.entries; ++i) {
    ZipEntry entry;
    if (!read_central(directory, at, entry)) return false;
    entries.push_back(std::move(entry));
  }
  if (at != directory.size())
    return malformed("zip_directory", "The archive's directory holds more than its entries.");
  std::sort(entries.begin(), entries.end(), [](const ZipEntry& a, const ZipEntry& b) {
    return a.header_offset < b.header_offset;
  });
  for (ZipEntry& entry : entries)
    if (!TRY(read_local(entry, extent.offset))) return false;
  return check_layout(entries, extent.offset);
}

}  // namespace

Result<ZipDirectory> read_zip_directory(const Source& source, Inspection& out) {
  ZipDirectory directory;
  directory.read = TRY(DirectoryReader(source, out).read(directory.entries));
  return directory;
}

}  // namespace atelier::inspection
