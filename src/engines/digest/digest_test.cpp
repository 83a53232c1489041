#include <gtest/gtest.h>
#include <sys/wait.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "base/text.hpp"
#include "engines/digest/blake3_kernel.hpp"
#include "engines/digest/crc.hpp"
#include "engines/digest/digests.hpp"

namespace atelier::digest {
namespace {

using ports::Hashes;

std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = char(i % 251);
  return out;
}

std::string noise(std::size_t size, unsigned seed) {
  std::string out(size, '\0');
  std::mt19937_64 random(seed);
  for (auto& byte : out) byte = char(random());
  return out;
}

Hashes hashes_of(std::string_view bytes, bool second_lane = false) {
  const auto digests = make_digests(second_lane);
  const auto digest = digests->start();
  digest->update(bytes_of(bytes));
  return digest->hashes();
}

/// What another program says about the bytes: its first word.
std::string told_by(const std::string& command, std::string_view bytes) {
  char name[] = "/tmp/atelier-digest-XXXXXX";
  const int file = mkstemp(name);
  EXPECT_EQ(ssize_t(bytes.size()), write(file, bytes.data(), bytes.size()));
  close(file);
  std::string out;
  FILE* pipe = popen((command + " < " + name).c_str(), "r");
  std::array<char, 512> piece;
  while (pipe && std::fgets(piece.data(), piece.size(), pipe)) out += piece.data();
  if (pipe) pclose(pipe);
  std::remove(name);
  return out.substr(0, out.find_first_of(" \n"));
}

bool has_program(const char* name) {
  return std::system(("command -v " + std::string(name) + " >/dev/null").c_str()) == 0;
}

std::string tensor_file(std::size_t header, std::size_t body) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[std::size_t(i)] = char(header >> (8 * i));
  out += '{' + std::string(header - 2, ' ') + '}';
  return out + noise(body, 7);
}

// https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors/test_vectors.json
TEST(Blake3, GivesTheOfficialVectors) {
  EXPECT_EQ(hashes_of("").blake3,
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  EXPECT_EQ(hashes_of(pattern(1)).blake3,
            "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
  EXPECT_EQ(hashes_of(pattern(1024)).blake3,
            "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7");
  EXPECT_EQ(hashes_of(pattern(1025)).blake3,
            "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444");
}

TEST(Blake3, AgreesWithB3sumAtEveryLengthOfTheVectors) {
  if (!has_program("b3sum")) GTEST_SKIP() << "b3sum is not installed";
  for (const std::size_t size :
       {0,    1,    2,    3,    4,    5,    6,    7,     8,     63,    64,    65,
        127,  128,  129,  1023, 1024, 1025, 2048, 2049,  3072,  3073,  4096,  4097,
        5120, 5121, 6144, 6145, 7168, 7169, 8192, 8193,  16384, 31744, 65536, 102400,
        262144, 262145, 300000, 1048576, 1048577}) {
    const auto bytes = pattern(size);
    EXPECT_EQ(hashes_of(bytes).blake3, told_by("b3sum --no-names", bytes)) << size;
  }
}

TEST(Blake3, EveryKernelAgreesWithTheSingleBlock) {
  const auto bytes = noise(40 * 1024, 3);
  std::array<const std::uint8_t*, 40> inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    inputs[i] = reinterpret_cast<const std::uint8_t*>(bytes.data()) + i * 1024;
  const std::uint64_t counter = 0xffffffff - 5;  // the carry into the counter's high word
  std::array<std::uint32_t, 8 * 40> expected, got;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::uint32_t* out = expected.data() + 8 * i;
    std::copy_n(blake3_start, 8, out);
    for (std::size_t block = 0; block < 16; ++block)
      blake3_compress(out, inputs[i] + 64 * block, 64, counter + i,
                      (block == 0 ? chunk_start : 0) | (block == 15 ? chunk_end : 0));
  }
  const auto check = [&](Blake3Kernel kernel, std::size_t count) {
    got.fill(0);
    kernel({inputs.data(), count, 16, counter, true, 0, chunk_start, chunk_end, got.data()});
    EXPECT_TRUE(std::equal(got.begin(), got.begin() + long(8 * count), expected.begin()));
    EXPECT_TRUE(std::all_of(got.begin() + long(8 * count), got.end(), [](auto x) { return !x; }));
  };
  for (const std::size_t count : {1, 3, 4, 5, 8, 9, 16, 17, 31, 40}) {
    if (__builtin_cpu_supports("sse4.1")) check(blake3_batch_4, count);
    if (__builtin_cpu_supports("avx2")) check(blake3_batch_8, count);
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
      check(blake3_batch_16, count);
  }
}

TEST(Crc, GivesTheCheckValues) {
  EXPECT_EQ(crc32(0, bytes_of("123456789")), 0xcbf43926u);
  EXPECT_EQ(crc32c(0, bytes_of("123456789")), 0xe3069283u);
  // RFC 3720 B.4: 32 bytes of zeros, printed there least significant byte first.
  EXPECT_EQ(crc32c(0, bytes_of(std::string(32, '\0'))), 0x8a9136aau);
}

TEST(Crc, AgreesWithZlibAndWithItsTables) {
  const auto bytes = noise(5000, 11);
  for (std::size_t size = 0; size < 400; ++size) {
    for (const std::size_t from : {0, 1, 7, 4000}) {
      const auto piece = std::string_view(bytes).substr(from, size);
      const auto zlib =
          ::crc32(77, reinterpret_cast<const Bytef*>(piece.data()), uInt(piece.size()));
      EXPECT_EQ(crc32(77, bytes_of(piece)), zlib) << size;
      EXPECT_EQ(crc32_by_table(77, bytes_of(piece)), zlib) << size;
      EXPECT_EQ(crc32c(77, bytes_of(piece)), crc32c_by_table(77, bytes_of(piece))) << size;
    }
  }
}

// The scanner that Civitai publishes has this pair in its own test.
TEST(Digest, GivesTheHashesThatCivitaiPublishes) {
  const auto hashes = hashes_of("hello world");
  EXPECT_EQ(hashes.crc32, "85114a0d");
  EXPECT_EQ(hashes.sha256, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
  EXPECT_EQ(hashes.autov2(), "b94d27b993");
  EXPECT_EQ(hashes.blake3, "d74981efa70a0c880b8d8c1985d075dbcbf679b99a5f9914e5aaf96b831a9e24");
  EXPECT_EQ(hashes.autov1, std::nullopt);
  EXPECT_EQ(hashes.autov3, std::nullopt);
}

TEST(Digest, Sha256AgreesWithOpenssl) {
  for (const std::size_t size : {0, 1, 55, 56, 63, 64, 65, 100000, 2000001}) {
    const auto bytes = noise(size, 5);
    EXPECT_EQ(hashes_of(bytes).sha256, told_by("openssl dgst -r -sha256", bytes)) << size;
  }
}

TEST(Digest, AutoV1NeedsItsWholeWindow) {
  const auto bytes = noise(0x110001, 13);
  const auto window = told_by("openssl dgst -r -sha256", bytes.substr(0x100000, 0x10000));
  EXPECT_EQ(hashes_of(bytes).autov1, window.substr(0, 8));
  EXPECT_EQ(hashes_of(bytes.substr(0, 0x110000)).autov1, window.substr(0, 8));
  EXPECT_EQ(hashes_of(bytes.substr(0, 0x10ffff)).autov1, std::nullopt);
}

TEST(Digest, AutoV3IsTheTensorsOfASafetensorsFile) {
  const auto file = tensor_file(1000, 500000);
  EXPECT_EQ(hashes_of(file).autov3, told_by("openssl dgst -r -sha256", file.substr(1008)));
  EXPECT_EQ(hashes_of(file.substr(0, 1008)).autov3,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hashes_of(file.substr(0, 1007)).autov3, std::nullopt);
  auto other = file;
  other[8] = '[';
  EXPECT_EQ(hashes_of(other).autov3, std::nullopt);
  other = file;
  other[7] = 1;  // a header of 2^56 bytes
  EXPECT_EQ(hashes_of(other).autov3, std::nullopt);
}

TEST(Digest, AnyCutGivesTheSame) {
  const auto bytes = tensor_file(300, 1'300'000);
  const auto expected = hashes_of(bytes);
  const auto digests = make_digests(true);
  std::mt19937 random(17);
  for (const std::size_t step_max : {3u, 1000u, 70'000u, 400'000u}) {
    const auto digest = digests->start();
    for (std::size_t at = 0; at < bytes.size();) {
      // Single bytes for all of it would take long and show nothing more.
      const std::size_t limit = step_max == 3 && at > 5000 ? 100'000 : step_max;
      const std::size_t step = std::min<std::size_t>(1 + random() % limit, bytes.size() - at);
      digest->update(bytes_of(std::string_view(bytes).substr(at, step)));
      at += step;
    }
    EXPECT_EQ(digest->hashes(), expected);
    EXPECT_EQ(digest->size(), bytes.size());
  }
}

TEST(Digest, GoesOnFromASavedState) {
  const auto bytes = tensor_file(300, 1'300'000);
  const auto expected = hashes_of(bytes);
  const auto digests = make_digests(false);
  for (const std::size_t cut : {0ul, 1ul, 8ul, 9ul, 100ul, 308ul, 1024ul, 1025ul, 65536ul,
                                0x100000ul, 0x100001ul, 0x110000ul, bytes.size()}) {
    auto digest = digests->start();
    digest->update(bytes_of(std::string_view(bytes).substr(0, cut)));
    const auto state = digest->save();
    auto resumed = digests->resume(state);
    ASSERT_TRUE(resumed) << cut;
    EXPECT_EQ((*resumed)->size(), cut);
    EXPECT_EQ((*resumed)->save(), state);
    (*resumed)->update(bytes_of(std::string_view(bytes).substr(cut)));
    EXPECT_EQ((*resumed)->hashes(), expected) << cut;
  }
}

TEST(Digest, RefusesAStateThatIsNotWhole) {
  const auto digests = make_digests(false);
  auto digest = digests->start();
  digest->update(bytes_of(noise(5000, 1)));
  const auto state = digest->save();
  for (std::size_t size = 0; size < state.size(); ++size)
    EXPECT_FALSE(digests->resume(state.substr(0, size)));
  for (std::size_t i = 0; i < state.size(); ++i) {
    auto broken = state;
    broken[i] ^= 16;
    EXPECT_FALSE(digests->resume(broken)) << i;
  }
  EXPECT_FALSE(digests->resume(state + "x"));
}

TEST(Digest, StreamsOnSeveralThreadsShareTheLane) {
  const auto digests = make_digests(true);
  const auto bytes = noise(3'000'000, 23);
  const auto expected = hashes_of(bytes);
  std::vector<std::thread> threads;
  std::array<Hashes, 6> got;
  for (auto& hashes : got)
    threads.emplace_back([&] {
      const auto digest = digests->start();
      for (std::size_t at = 0; at < bytes.size(); at += 100'000)
        digest->update(bytes_of(std::string_view(bytes).substr(at, 100'000)));
      hashes = digest->hashes();
    });
  for (auto& thread : threads) thread.join();
  for (const auto& hashes : got) EXPECT_EQ(hashes, expected);
}

TEST(Checksum, KnowsTheTwoThatTusClientsSend) {
  const auto digests = make_digests(false);
  for (const auto& [name, size] : {std::pair{"sha1", 20}, {"sha256", 32}}) {
    auto checksum = digests->checksum(name);
    ASSERT_TRUE(checksum);
    checksum->update(bytes_of("hello "));
    checksum->update(bytes_of("world"));
    const auto raw = checksum->finish();
    EXPECT_EQ(raw.size(), std::size_t(size));
    EXPECT_EQ(hex(bytes_of(raw)),
              told_by("openssl dgst -r -" + std::string(name), "hello world"));
  }
  EXPECT_EQ(digests->checksum("md5"), nullptr);
}

}  // namespace
}  // namespace atelier::digest
