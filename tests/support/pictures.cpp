#include "tests/support/pictures.hpp"

#include <zlib.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/check.hpp"

namespace atelier::test {
namespace {

std::string number(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 255);
  return out;
}

std::string zeros_deflated(std::uint64_t count) {
  z_stream stream{};
  CHECK(::deflateInit(&stream, 1) == Z_OK);
  std::vector<unsigned char> in(1u << 20), out(1u << 16);
  std::string packed;
  for (bool more = true; more;) {
    const std::uint64_t piece = std::min<std::uint64_t>(count, in.size());
    count -= piece;
    stream.next_in = in.data();
    stream.avail_in = static_cast<unsigned>(piece);
    do {
      stream.next_out = out.data();
      stream.avail_out = static_cast<unsigned>(out.size());
      ::deflate(&stream, count == 0 ? Z_FINISH : Z_NO_FLUSH);
      packed.append(reinterpret_cast<const char*>(out.data()), out.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    more = count > 0;
  }
  ::deflateEnd(&stream);
  return packed;
}

/// How many bytes of pixels an RGBA picture has, filter bytes and Adam7 passes included.
std::uint64_t raw_bytes(std::uint64_t width, std::uint64_t height, bool interlaced) {
  if (!interlaced) return height * (width * 4 + 1);
  constexpr unsigned passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  std::uint64_t total = 0;
  for (const auto& pass : passes) {
    const std::uint64_t across = (width - pass[0] + pass[2] - 1) / pass[2];
    const std::uint64_t down = (height - pass[1] + pass[3] - 1) / pass[3];
    total += down * (across * 4 + 1);
  }
  return total;
}

std::string header(std::uint32_t width, std::uint32_t height, bool interlaced) {
  return number(width, 4) + number(height, 4) + std::string("\x08\x06\0\0", 4) +
         (interlaced ? '\1' : '\0');
}

const std::string png_mark = "\x89PNG\r\n\x1a\n";

}  // namespace

std::string picture(const std::string& name) {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/pictures/" + name, std::ios::binary);
  CHECK(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string png_chunk(const std::string& kind, const std::string& content) {
  const std::string checked = kind + content;
  const auto crc = ::crc32(0, reinterpret_cast<const unsigned char*>(checked.data()),
                           static_cast<unsigned>(checked.size()));
  return number(content.size(), 4) + checked + number(crc, 4);
}

std::string black_png(std::uint32_t width, std::uint32_t height, bool interlaced,
                      const std::string& extra) {
  return png_mark + png_chunk("IHDR", header(width, height, interlaced)) + extra +
         png_chunk("IDAT", zeros_deflated(raw_bytes(width, height, interlaced))) +
         png_chunk("IEND", "");
}

std::string vast_png(std::uint32_t width, std::uint32_t height) {
  return png_mark + png_chunk("IHDR", header(width, height, false)) +
         png_chunk("IDAT", zeros_deflated(1000)) + png_chunk("IEND", "");
}

std::string packed_profile(std::uint64_t size) {
  return png_chunk("iCCP", std::string("bomb\0\0", 6) + zeros_deflated(size));
}

std::string packed_text(std::uint64_t size) {
  return png_chunk("zTXt", std::string("bomb\0\0", 6) + zeros_deflated(size));
}

std::string gif_of_frames(int frames) {
  const std::string frame("\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0", 15);
  std::string gif("GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff", 19);
  for (int i = 0; i < frames; ++i) gif += frame;
  return gif + ';';
}

std::string jpeg_of_scans(int side, int scans) {
  const auto segment = [](int marker, const std::string& content) {
    return std::string{'\xff', static_cast<char>(marker)} + number(content.size() + 2, 2) + content;
  };
  std::string jpeg = "\xff\xd8";
  jpeg += segment(0xdb, '\0' + std::string(64, '\1'));
  jpeg += segment(0xc2, '\x08' + number(unsigned(side), 2) + number(unsigned(side), 2) +
                            std::string("\1\1\x11\0", 4));
  // One code of one bit: a run of 2^14 and more empty blocks (EOB14).
  jpeg += segment(0xc4, '\x10' + std::string("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) + '\xe0');
  std::string bits;
  const int blocks = (side / 8) * (side / 8);
  for (int done = 0; done < blocks; done += 16384) bits += std::string(15, '0');
  while (bits.size() % 8 != 0) bits += '1';
  std::string body;
  for (std::size_t at = 0; at < bits.size(); at += 8) {
    body += static_cast<char>(std::stoi(bits.substr(at, 8), nullptr, 2));
    if (body.back() == '\xff') body += '\0';
  }
  const std::string scan = segment(0xda, std::string("\1\1\0\1\x3f\0", 6)) + body;
  for (int i = 0; i < scans; ++i) jpeg += scan;
  return jpeg + "\xff\xd9";
}

}  // namespace atelier::test
