#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.hpp"
#include "engines/vips/imaging.hpp"
#include "engines/vips/sandbox.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/pictures.hpp"

namespace atelier::vips {
namespace {

using test::picture;

const std::vector<ports::VariantWish> half{{.width = 24}};

/// The decoding processes of this one.
std::vector<pid_t> decoders() {
  std::vector<pid_t> found;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream children(task.path() / "children");
    for (pid_t pid = 0; children >> pid;) found.push_back(pid);
  }
  return found;
}

class HostileTest : public testing::Test {
 protected:
  Options options{.program = test::decoder(), .processes = 1};
  std::unique_ptr<ports::Imaging> imaging = make_imaging(options);

  /// The error's code, "" if something was made.
  std::string code(ports::Imaging& by, const std::string& bytes) {
    const auto made = by.variants(atelier::bytes_of(bytes), half);
    return made ? std::string() : made.error().code;
  }
  std::string code(const std::string& bytes) { return code(*imaging, bytes); }
  /// Whatever came before, the next picture is made.
  void TearDown() override { EXPECT_EQ(code(picture("plain.png")), ""); }
};

TEST_F(HostileTest, SizesAreRefusedBeforeDecoding) {
  EXPECT_EQ(code(test::vast_png(60'000, 60'000)), "image_too_large");
  EXPECT_EQ(code(test::vast_png(40'000, 10)), "image_too_large");
  EXPECT_EQ(code(test::vast_png(10'001, 10'000)), "image_too_large");
  EXPECT_EQ(code(test::vast_png(0, 10)), "image_broken");
  EXPECT_EQ(code(test::vast_png(0xffffffff, 0xffffffff)), "image_broken");
  EXPECT_EQ(code(test::gif_of_frames(100'000)), "image_too_large");
  EXPECT_EQ(code(test::gif_of_frames(3'000)), "");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // with them it is not
TEST_F(HostileTest, MemoryIsLimited) {
  EXPECT_EQ(code(picture("wide.webp")), "image_too_large");
  const std::string bomb = test::black_png(9'000, 9'000, true);
  EXPECT_NE(code(bomb), "");
  EXPECT_NE(code(bomb), "imaging_failed");
}
#endif

TEST_F(HostileTest, PackedChunksDoNotUnpackWithoutBound) {
  for (const std::string& chunk :
       {test::packed_profile(400u << 20), test::packed_text(400u << 20)}) {
    const std::string outcome = code(test::black_png(64, 64, false, chunk));
    EXPECT_TRUE(outcome.empty() || outcome == "image_broken" || outcome == "image_too_large")
        << outcome;
  }
}

TEST_F(HostileTest, TimeIsLimited) {
  options.deadline_ms = std::max(500 / patience_factor, 50);
  const auto hasty = make_imaging(options);
  EXPECT_EQ(code(*hasty, test::jpeg_of_scans(8'192, 20'000)), "image_too_slow");
  EXPECT_EQ(code(*hasty, picture("plain.jpg")), "");
}

TEST_F(HostileTest, PicturesThatAreCutOffAnywhereAreBroken) {
  for (const char* name :
       {"plain.png", "palette.png", "moving.png", "turned6.png", "plain.jpg", "progressive.jpg",
        "cmyk.jpg", "turned6.jpg", "plain.gif", "moving.gif", "plain.webp", "lossless.webp",
        "moving.webp", "plain.avif", "turned6.avif"}) {
    const std::string whole = picture(name);
    ASSERT_TRUE(imaging->probe(atelier::bytes_of(whole))) << name;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string bytes = whole.substr(0, size);
      const auto probe = imaging->probe(atelier::bytes_of(bytes));
      ASSERT_FALSE(probe) << name << " cut to " << size;
      EXPECT_TRUE(probe.error().code == "image_broken" ||
                  (probe.error().code == "image_unknown" && size < 40))
          << name << " cut to " << size << ": " << probe.error().code;
    }
    EXPECT_EQ(code(whole.substr(0, whole.size() - 1)), "image_broken") << name;
  }
}

TEST_F(HostileTest, FilmsThatAreCutOffAreKnownByTheirHeadOrNotAtAll) {
  for (const char* name : {"film.mp4", "film.webm"}) {
    const std::string whole = picture(name);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto probe = imaging->probe(atelier::bytes_of(whole.substr(0, size)));
      if (!probe)
        EXPECT_TRUE(probe.error().code == "image_broken" || probe.error().code == "image_unknown");
      else
        EXPECT_EQ(probe->width, 64) << name << " cut to " << size;
    }
  }
}

TEST_F(HostileTest, OtherKindsAreNotOpened) {
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
  for (const std::string& bytes :
       {std::string(), std::string("\0", 1), svg, "<?xml version='1.0'?>" + svg,
        std::string("<!doctype html><script>alert(1)</script>"), std::string("%PDF-1.7\n"),
        std::string("II*\0\x08\0\0\0", 8), std::string("BM\x36\0\0\0", 6),
        std::string("\0\0\0\x18" "ftypheic\0\0\0\0mif1heic", 24), std::string("\xff\x0a", 2),
        std::string("push graphic-context\nurl(https://example.org)"), picture("other.mov"),
        picture("other.mkv")})
    EXPECT_EQ(code(bytes), "image_unknown") << bytes.substr(0, 20);
}

TEST_F(HostileTest, PolyglotsLoseTheirOtherHalf) {
  EXPECT_EQ(code("GIF89a=1;alert(document.domain)//"), "image_broken");
  const std::string tail = "PK\x03\x04<script>alert(1)</script>";
  for (const char* name : {"plain.png", "plain.jpg", "plain.gif", "plain.avif"}) {
    const std::string bytes = picture(name) + tail;
    const auto made = imaging->variants(atelier::bytes_of(bytes), half);
    ASSERT_TRUE(made) << name;
    EXPECT_EQ(made->front().bytes.find("script"), std::string::npos) << name;
  }
}

TEST_F(HostileTest, AKilledProcessHarmsOneCall) {
  EXPECT_EQ(code(picture("plain.png")), "");
  const std::vector<pid_t> idle = decoders();
  ASSERT_EQ(idle.size(), 1u);
  ::kill(idle.front(), SIGKILL);
  siginfo_t gone{};
  ::waitid(P_PID, static_cast<id_t>(idle.front()), &gone, WEXITED | WNOWAIT);
  EXPECT_EQ(code(picture("plain.png")), "");  // it was not working: nobody notices

  const std::vector<pid_t> before = decoders();
  std::string outcome;
  std::thread caller([&] { outcome = code(test::jpeg_of_scans(8'192, 20'000)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (const pid_t pid : before) ::kill(pid, SIGKILL);
  caller.join();
  EXPECT_TRUE(outcome == "image_broken" || outcome == "image_too_slow") << outcome;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SandboxTest, OnlyComputing) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (!close_doors()) ::_exit(1);
    if (::open("/etc/passwd", O_RDONLY) >= 0) ::_exit(2);
    if (::open("/tmp/new", O_WRONLY | O_CREAT, 0600) >= 0) ::_exit(3);
    if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) ::_exit(4);
    if (::fork() >= 0) ::_exit(5);
    char* const words[] = {nullptr};
    ::execve("/bin/true", words, words);
    if (::kill(::getppid(), 0) == 0) ::_exit(6);
    if (::unlink("/nonexistent") == 0 || errno != EPERM) ::_exit(7);
    std::thread([] {}).join();
    ::_exit(42);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status)) << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 42);
}
#endif

}  // namespace
}  // namespace atelier::vips
