#include "engines/vips/probe.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/text.hpp"
#include "tests/support/pictures.hpp"

namespace atelier::vips {
namespace {

using ports::Medium;

ports::Probe probed(const std::string& bytes) {
  const auto seen = probe(bytes_of(bytes), 100);
  if (seen) return *seen;
  ADD_FAILURE() << seen.error().code;
  return {};
}

TEST(ProbeTest, Films) {
  struct Known {
    const char* name;
    Medium medium;
    int width, height;
    std::optional<std::int64_t> duration_ms;
  };
  for (const Known& known : {Known{"film.mp4", Medium::mp4, 64, 36, 500},
                             Known{"fragments.mp4", Medium::mp4, 64, 36, {}},
                             Known{"turned.mp4", Medium::mp4, 36, 64, 500},
                             Known{"film.webm", Medium::webm, 64, 36, 500},
                             Known{"live.webm", Medium::webm, 64, 36, {}}}) {
    SCOPED_TRACE(known.name);
    const ports::Probe seen = probed(test::picture(known.name));
    EXPECT_EQ(seen.medium, known.medium);
    EXPECT_EQ(seen.width, known.width);
    EXPECT_EQ(seen.height, known.height);
    EXPECT_EQ(seen.duration_ms, known.duration_ms);
    EXPECT_EQ(seen.frames, 1);
  }
}

TEST(ProbeTest, FilesAndMemoryReadAlike) {
  for (const char* name : {"plain.png", "moving.gif", "turned6.jpg", "film.mp4", "film.webm"}) {
    const std::string path = ATELIER_SOURCE_DIR "/tests/support/pictures/" + std::string(name);
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto from_file = probe(file, 100);
    const ports::Probe from_memory = probed(test::picture(name));
    ASSERT_TRUE(from_file) << name;
    EXPECT_EQ(from_file->size, from_memory.size);
    EXPECT_EQ(from_file->width, from_memory.width);
    EXPECT_EQ(from_file->frames, from_memory.frames);
    EXPECT_EQ(from_file->duration_ms, from_memory.duration_ms);
  }
}

TEST(ProbeTest, FramesAreCountedUpToALimit) {
  EXPECT_EQ(probed(test::gif_of_frames(7)).frames, 7);
  EXPECT_EQ(probed(test::gif_of_frames(70'000)).frames, 100);
  EXPECT_EQ(probed(test::picture("moving.webp")).frames, 4);
  EXPECT_EQ(probed(test::picture("moving.png")).frames, 4);
}

}  // namespace
}  // namespace atelier::vips
