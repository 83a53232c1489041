// bench_thumbnails THREADS FOLDER FILE…: for each line "MEDIUM WIDTH QUALITY" on standard input
// makes that variant of every file once, as FOLDER/ours-<number>.<medium>, and says "done".
#include <fcntl.h>

#include <atomic>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

#include "base/check.hpp"
#include "engines/vips/decode.hpp"
#include "engines/vips/imaging.hpp"

namespace atelier {
namespace {

ports::Medium medium_named(const std::string& name) {
  using enum ports::Medium;
  for (const ports::Medium medium : {png, jpeg, webp, avif})
    if (ports::extension(medium) == name) return medium;
  CHECK(false && "png, jpeg, webp or avif");
  return webp;
}

void make(ports::Imaging& imaging, const char* path, const ports::VariantWish& wish,
          const std::string& target) {
  const FileHandle file(::open(path, O_RDONLY | O_CLOEXEC));
  const auto made = imaging.variants(file, std::span(&wish, 1));
  CHECK(made.has_value());
  std::ofstream(target, std::ios::binary) << made->front().bytes;
}

int bench(int count, char** words) {
  CHECK(count > 3);
  const int threads = std::stoi(words[1]);
  const std::string folder = words[2];
  const std::vector<const char*> files(words + 3, words + count);
  const auto imaging = vips::make_imaging({.processes = threads});
  std::string medium;
  ports::VariantWish wish;
  while (std::cin >> medium >> wish.width >> wish.quality) {
    wish.medium = medium_named(medium);
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&] {
        for (std::size_t n = next++; n < files.size(); n = next++)
          make(*imaging, files[n], wish, folder + "/ours-" + std::to_string(n) + "." + medium);
      });
    all.clear();
    std::cout << "done" << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace atelier

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == atelier::vips::decode_word)
    atelier::vips::decode_pictures();
  return atelier::bench(count, words);
}
