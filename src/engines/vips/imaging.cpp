#include "engines/vips/imaging.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <thread>

#include "engines/vips/child.hpp"
#include "engines/vips/probe.hpp"
#include "engines/vips/sandbox.hpp"
#include "platform/lender.hpp"
#include "platform/log.hpp"

namespace atelier::vips {
namespace {

constexpr int processes_most = 4;
constexpr int animated_frames_max = 500;
constexpr double animated_pixels_max = 200'000'000;  ///< made, over all frames
constexpr std::uint32_t extra_avif_ms = 15'000, extra_animated_ms = 25'000;
constexpr std::int64_t size_max = std::int64_t{1} << 30;
constexpr std::int64_t pixels_out_max = 4096 * 4096;  ///< 64 MB

std::unexpected<Error> too_large(std::string_view what) {
  return fail(Fault::invalid, "image_too_large", what);
}
std::unexpected<Error> broken() {
  return fail(Fault::invalid, "image_broken", "The picture is damaged or incomplete.");
}
std::unexpected<Error> failed() {
  return fail(Fault::unavailable, "imaging_failed", "Pictures cannot be decoded at the moment.");
}

/// The wish as a box that is never larger than the picture.
WishWire boxed(const ports::VariantWish& wish, const ports::Probe& probe) {
  using enum ports::Medium;
  WishWire wire;
  wire.medium = static_cast<std::uint32_t>(wish.medium);
  wire.quality = wish.quality;
  double scale = 1;
  if (wish.width > 0) scale = std::min(scale, double(wish.width) / probe.width);
  if (wish.height > 0) scale = std::min(scale, double(wish.height) / probe.height);
  // The tighter side comes out whole; rounding the other one up keeps it from deciding.
  wire.width = std::clamp(static_cast<int>(std::ceil(probe.width * scale - 1e-6)), 1, probe.width);
  wire.height =
      std::clamp(static_cast<int>(std::ceil(probe.height * scale - 1e-6)), 1, probe.height);
  const double pixels = double(wire.width) * wire.height * probe.frames;
  wire.animated = wish.animated && (probe.medium == gif || probe.medium == webp) &&
                  probe.frames > 1 && probe.frames <= animated_frames_max &&
                  pixels <= animated_pixels_max;
  return wire;
}

Result<void> check_wish(const ports::VariantWish& wish, const WishWire& wire) {
  using enum ports::Medium;
  const bool medium = wish.medium == webp || wish.medium == avif || wish.medium == jpeg ||
                      wish.medium == png;
  if (!medium || wish.width < 0 || wish.height < 0 || wish.quality < 1 || wish.quality > 100 ||
      (wish.animated && wish.medium != webp))
    return fail(Fault::invalid, "image_wish", "Such a variant cannot be made.");
  const int most = wish.medium == webp ? 16'383 : wish.medium == jpeg ? 65'500 : 32'768;
  if (std::max(wire.width, wire.height) > most)
    return fail(Fault::invalid, "image_wish", "The picture is too large for this format.");
  return {};
}

class VipsImaging final : public ports::Imaging {
 public:
  explicit VipsImaging(Options options)
      : options_(std::move(options)),
        children_(count(options_.processes), std::chrono::milliseconds(options_.patience_ms),
                  [this] { return Child::start(options_.program); }) {
    options_.deadline_ms *= patience_factor;
  }

  Result<ports::Probe> probe(const ports::Source& source) override {
    return vips::probe(source, options_.frames_max + 1);
  }

  Result<ports::Appearance> describe(const ports::Source& source) override {
    const ports::Probe probe = TRY(picture(source));
    Request request;
    request.medium = static_cast<std::uint32_t>(probe.medium);
    request.deadline_ms = static_cast<std::uint32_t>(options_.deadline_ms);
    const std::vector<std::string> pieces = TRY(observed("describe", source, request));
    AppearanceWire look;
    if (pieces.size() != 1 || pieces[0].size() != sizeof look) return failed();
    std::memcpy(&look, pieces[0].data(), sizeof look);
    if (look.thumb_hash_size > look.thumb_hash.size()) return failed();
    return ports::Appearance{std::string(look.thumb_hash.data(), look.thumb_hash_size),
                             look.perceptual_hash, look.dominant_colour & 0xffffff};
  }

  Result<std::vector<ports::Variant>> variants(
      const ports::Source& source, std::span<const ports::VariantWish> wishes) override {
    const ports::Probe probe = TRY(picture(source));
    if (wishes.empty() || wishes.size() > wishes_max)
      return fail(Fault::invalid, "image_wish", "There may be one to eight variants.");
    Request request;
    request.task = Task::variants;
    request.medium = static_cast<std::uint32_t>(probe.medium);
    request.wishes = static_cast<std::uint32_t>(wishes.size());
    request.deadline_ms = static_cast<std::uint32_t>(options_.deadline_ms);
    for (std::size_t i = 0; i < wishes.size(); ++i) {
      request.wish[i] = boxed(wishes[i], probe);
      TRY(check_wish(wishes[i], request.wish[i]));
      if (wishes[i].medium == ports::Medium::avif) request.deadline_ms += extra_avif_ms;
      if (request.wish[i].animated != 0) request.deadline_ms += extra_animated_ms;
    }
    std::vector<std::string> pieces = TRY(observed("variants", source, request));
    return checked(std::move(pieces), request);
  }

  Result<ports::Pixels> pixels(const ports::Source& source, int width, int height) override {
    const ports::Probe probe = TRY(picture(source));
    if (width == 0 && height == 0) width = probe.width, height = probe.height;
    if (width < 1 || height < 1)
      return fail(Fault::invalid, "image_wish", "A picture has a width and a height.");
    if (std::int64_t{width} * height > pixels_out_max) return too_large("Too many pixels at once.");
    Request request;
    request.task = Task::pixels;
    request.medium = static_cast<std::uint32_t>(probe.medium);
    request.wishes = 1;
    request.wish[0].width = width;
    request.wish[0].height = height;
    request.deadline_ms = static_cast<std::uint32_t>(options_.deadline_ms);
    if (probe.medium == ports::Medium::avif) request.deadline_ms += extra_avif_ms;
    std::vector<std::string> pieces = TRY(observed("pixels", source, request));
    if (pieces.size() != 1 ||
        pieces[0].size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4)
      return failed();
    return ports::Pixels{width, height, std::move(pieces[0])};
  }

 private:
  static int count(int wanted) {
    if (wanted > 0) return wanted;
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, processes_most);
  }

  /// The probe of something that may be decoded.
  Result<ports::Probe> picture(const ports::Source& source) {
    ports::Probe probe = TRY(this->probe(source));
    if (ports::is_film(probe.medium))
      return fail(Fault::invalid, "image_film", "Films are served as they are.");
    if (probe.size > size_max) return too_large("The file is too large.");
    if (std::max(probe.width, probe.height) > options_.side_max ||
        std::int64_t{probe.width} * probe.height > options_.pixels_max)
      return too_large("The picture has too many pixels.");
    if (probe.frames > options_.frames_max) return too_large("The animation has too many frames.");
    return probe;
  }

  Result<std::vector<std::string>> observed(std::string_view task, const ports::Source& source,
                                            Request& request) {
    const auto start = std::chrono::steady_clock::now();
    auto result = decoded(source, request);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (options_.observe)
      options_.observe(task, result ? "made" : std::string_view(result.error().code),
                       taken.count());
    return result;
  }

  Result<std::vector<std::string>> decoded(const ports::Source& source, Request& request) {
    if (source.descriptor() >= 0) return asked(source.descriptor(), request);
    const FileHandle memory(::memfd_create("picture", MFD_CLOEXEC));
    const auto bytes = source.bytes();
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t wrote = ::write(memory.descriptor(), bytes.data() + at, bytes.size() - at);
      if (wrote <= 0) return failed();
      at += static_cast<std::size_t>(wrote);
    }
    return asked(memory.descriptor(), request);
  }

  Result<std::vector<std::string>> asked(int descriptor, Request& request) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || status.st_size <= 0) return broken();
    request.size = status.st_size;
    // Each waiting child may have retired at this very moment; a fresh one has not.
    for (int tries = 0; tries < processes_most + 1; ++tries) {
      auto child = children_.borrow();
      if (!child) return unborrowed(child.error());
      Answer answer;
      switch ((*child)->ask(request, descriptor, answer)) {
        case Silence::retired: continue;
        case Silence::slow:
          return fail(Fault::invalid, "image_too_slow", "The picture takes too long to decode.");
        case Silence::died:
          log::warning("imaging.died", {{"process", std::to_string((*child)->pid())}});
          return broken();
        case Silence::none: return judged(std::move(answer));
      }
    }
    return failed();
  }

  static std::unexpected<Error> unborrowed(const Error& error) {
    if (error.code == "busy")
      return fail(Fault::unavailable, "imaging_busy", "Too many pictures at once; try again.");
    log::error("imaging.unavailable", {{"detail", error.detail}});
    return failed();
  }

  static Result<std::vector<std::string>> judged(Answer answer) {
    if (answer.outcome == Outcome::made) return std::move(answer.pieces);
    log::info("imaging.refused", {{"words", answer.words}});
    if (answer.outcome == Outcome::memory) return too_large("The picture needs too much memory.");
    return broken();
  }

  /// What a child made counts only if it is what was wished for.
  Result<std::vector<ports::Variant>> checked(std::vector<std::string> pieces,
                                              const Request& request) {
    std::vector<ports::Variant> made;
    if (pieces.size() != request.wishes) return failed();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto bytes = std::as_bytes(std::span(pieces[i]));
      const auto seen = this->probe(bytes);
      if (!seen || static_cast<std::uint32_t>(seen->medium) != request.wish[i].medium ||
          seen->width > request.wish[i].width || seen->height > request.wish[i].height)
        return failed();
      made.push_back({std::move(pieces[i]), seen->width, seen->height, seen->frames});
    }
    return made;
  }

  Options options_;
  platform::Lender<Child> children_;
};

}  // namespace

std::unique_ptr<ports::Imaging> make_imaging(Options options) {
  return std::make_unique<VipsImaging>(std::move(options));
}

}  // namespace atelier::vips
