#include <zlib.h>

#include <algorithm>
#include <functional>

#include "features/inspection/zip_directory.hpp"

namespace atelier::inspection {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
using Sink = std::function<void(std::string_view)>;

/// Raw deflate (RFC 1951) of one entry; owns the zlib state.
class Inflater {
 public:
  Inflater() { good_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// False if the bytes are no deflate stream or give more than `limit`.
  bool feed(std::string& packed, std::uint64_t limit, const Sink& sink) {
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    std::string buffer(chunk_bytes, '\0');
    while (good_ && !ended_) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      const int state = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = buffer.size() - stream_.avail_out;
      produced_ += made;
      if (produced_ > limit) return false;
      sink(std::string_view(buffer.data(), made));
      ended_ = state == Z_STREAM_END;
      if (state == Z_BUF_ERROR || (state == Z_OK && stream_.avail_in == 0 && made < buffer.size()))
        return true;
      if (state != Z_OK && !ended_) return false;
    }
    return good_ && stream_.avail_in == 0;
  }
  bool ended() const { return ended_; }

 private:
  z_stream stream_{};
  bool good_ = false;
  bool ended_ = false;
  std::uint64_t produced_ = 0;
};

bool malformed(Inspection& out, std::string_view code, const ZipEntry& entry,
               std::string_view what) {
  worsen(out, Verdict::malformed, code,
         "The entry '" + quoted(entry.name) + "' " + std::string(what) + ".");
  return false;
}

/// Streams the entry's content and checks its size and CRC.
Result<bool> stream(const Source& source, const ZipEntry& entry, Inspection& out,
                    const Sink& sink) {
  uLong crc = crc32(0, nullptr, 0);
  std::uint64_t made = 0;
  const Sink counted = [&](std::string_view bytes) {
    crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    made += bytes.size();
    sink(bytes);
  };
  std::optional<Inflater> inflater;
  if (entry.method != 0) inflater.emplace();
  std::string chunk;
  for (std::uint64_t done = 0; done < entry.packed; done += chunk.size()) {
    chunk.resize(std::min<std::uint64_t>(chunk_bytes, entry.packed - done));
    TRY(source.read(entry.data_offset + done, std::as_writable_bytes(std::span(chunk))));
    if (!inflater) counted(chunk);
    else if (inflater->ended() || !inflater->feed(chunk, entry.size, counted))
      return malformed(out, "zip_deflate", entry, "does not unpack");
  }
  if (inflater && !inflater->ended())
    return malformed(out, "zip_deflate", entry, "does not unpack");
  if (made != entry.size)
    return malformed(out, "zip_sizes", entry, "has another size than it says");
  // Loaders differ in whether they care, so the content is still worth a look.
  if (crc != entry.crc) malformed(out, "zip_crc", entry, "has a wrong checksum");
  return true;
}

}  // namespace

Result<std::optional<std::string>> read_zip_entry(const Source& source, const ZipEntry& entry,
                                                  std::uint64_t most, Inspection& out) {
  std::optional<std::string> content;
  if (entry.size > most) {
    malformed(out, "zip_entry_too_large", entry, "is larger than any model's");
    return content;
  }
  content.emplace();
  const bool good = TRY(stream(source, entry, out,
                               [&](std::string_view bytes) { content->append(bytes); }));
  if (!good) content.reset();
  return content;
}

Result<bool> check_zip_entry(const Source& source, const ZipEntry& entry, Inspection& out) {
  return stream(source, entry, out, [](std::string_view) {});
}

}  // namespace atelier::inspection
