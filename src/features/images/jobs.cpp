#include <sys/mman.h>

#include <set>

#include "base/text.hpp"
#include "features/images/derived.hpp"
#include "features/images/functions.hpp"
#include "features/images/settings.hpp"
#include "platform/events.hpp"
#include "platform/jobs.hpp"
#include "platform/screening.hpp"
#include "platform/settings.hpp"
#include "ports/blobs.hpp"
#include "ports/imaging.hpp"

// What happens to images by itself: they are read, galleries follow them, bins are emptied.
namespace atelier::images {

struct ReadPicture {
  ports::Probe probe;
  std::optional<ports::Appearance> appearance;
  recipes::Reading reading;
  std::string problem;  ///< why it cannot be shown; "" = it can
};

namespace {

struct ReadImage {
  ImageId image;
};
BOOST_DESCRIBE_STRUCT(ReadImage, (), (image))
struct TidyImages {};
BOOST_DESCRIBE_STRUCT(TidyImages, (), ())

constexpr Millis day_ms = 86'400'000;
constexpr int grid_width = 450;  ///< made at once, because every list asks for it

/// A file's bytes without a copy of them; the store never changes what it holds.
class Mapped {
 public:
  explicit Mapped(const ports::Blob& blob) : size_(static_cast<std::size_t>(blob.size)) {
    void* const at = size_ == 0 ? MAP_FAILED
                                : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE,
                                         blob.file->descriptor(), 0);
    if (at != MAP_FAILED) at_ = at;
  }
  Mapped(const Mapped&) = delete;
  ~Mapped() {
    if (at_ != nullptr) ::munmap(at_, size_);
  }
  std::span<const std::byte> bytes() const {
    return {static_cast<const std::byte*>(at_), at_ == nullptr ? 0 : size_};
  }

 private:
  void* at_ = nullptr;
  std::size_t size_;
};

bool is_its_fault(const Error& error) { return error.fault == Fault::invalid; }

/// What it says of itself; with its look it is decoded as well.
Result<ReadPicture> read_picture(Services& services, const ports::Source& source,
                                 std::span<const std::byte> bytes, bool look) {
  ReadPicture out;
  auto probe = services.imaging->probe(source);
  if (!probe && is_its_fault(probe.error())) {
    out.problem = probe.error().detail;
    return out;
  }
  out.probe = TRY(std::move(probe));
  const auto limits = services.settings->get<ImagesSettings>("images");
  if (ports::is_film(out.probe.medium)) return out;
  if (out.probe.size > limits.imageBytesMax.value) {
    out.problem = "A picture may have " +
                  std::to_string(limits.imageBytesMax.value / 1'000'000) + " MB at most.";
    return out;
  }
  if (look) {
    auto appearance = services.imaging->describe(source);
    if (!appearance && is_its_fault(appearance.error())) {
      out.problem = appearance.error().detail;
      return out;
    }
    out.appearance = TRY(std::move(appearance));
  }
  out.reading = recipes::read(bytes);
  return out;
}

void describe(Image& image, const ReadPicture& read) {
  const ports::Probe& probe = read.probe;
  image.state = ImageState::ready;
  image.problem.clear();
  image.type = ports::is_film(probe.medium) ? ImageType::video : ImageType::image;
  image.mime = ports::media_type(probe.medium);
  image.width = probe.width;
  image.height = probe.height;
  image.duration_ms = probe.duration_ms;
  if (!image.duration_ms && probe.frames > 1) image.duration_ms = 0;
  if (read.appearance) {
    image.thumb_hash = base64(bytes_of(read.appearance->thumb_hash));
    image.perceptual_hash = static_cast<std::int64_t>(read.appearance->perceptual_hash);
    image.colour = read.appearance->dominant_colour;
  }
  const recipes::Recipe& recipe = read.reading.recipe;
  image.has_meta = recipes::tells(recipe);
  image.has_prompt = !recipe.prompt.empty();
  image.tool = recipe.tool == recipes::RecipeTool::unknown ? "" : schema::label_of(recipe.tool);
}

Result<void> put_recipe(sql::Tx& tx, ImageId image, const recipes::Reading& reading) {
  if (reading.raw.empty() && !recipes::tells(reading.recipe)) return {};
  std::vector<CarriedTextRow> raw;
  for (const recipes::CarriedText& text : reading.raw) raw.push_back({text.place, text.text});
  TRY(store::put_recipe(tx, image, {schema::to_json(reading.recipe), schema::to_json(raw),
                                    reading.graph, reading.workflow}));
  return put_resources(tx, image, reading.recipe);
}

/// Of the first resource that is a checkpoint known here; else of the gallery.
Result<std::string> base_model_of(sql::Tx& tx, const Image& image) {
  const Viewer anybody{.user = UserId{-1}, .role = Role::moderator};
  std::string base;
  for (const store::Resource& resource : TRY(store::resources(tx, image.id))) {
    if (!resource.version) continue;
    const auto model = TRY(models::find(tx, *resource.version, anybody));
    if (!model || model->versions.empty()) continue;
    const bool main = model->type == models::ModelType::Checkpoint;
    if (main || base.empty()) base = model->versions.front().base_model;
    if (main) break;
  }
  return base;
}

/// Blocked content stays as a row that says so, and none of it is shown.
Result<void> screen(Services& services, sql::Tx& tx, const std::string& sha256, Image& image) {
  if (services.screening == nullptr) return {};
  std::optional<std::uint64_t> perceptual;
  if (image.perceptual_hash) perceptual = static_cast<std::uint64_t>(*image.perceptual_hash);
  const auto screened = services.screening->content(tx, sha256, perceptual);
  if (screened) return services.screening->review(services, tx, subject_of(image), *screened);
  if (screened.error().code != "hash_blocked") return std::unexpected(screened.error());
  image.state = ImageState::blocked;
  image.problem = screened.error().detail;
  return {};
}

/// Everything that follows from the picture, into its row and beside it.
Result<void> keep(Services& services, sql::Tx& tx, Image& image, const std::string& sha256,
                  const ReadPicture& read) {
  if (read.problem.empty()) {
    describe(image, read);
    TRY(put_recipe(tx, image.id, read.reading));
    TRY(put_gallery_resource(tx, image));
    image.base_model = TRY(base_model_of(tx, image));
    TRY(screen(services, tx, sha256, image));
  } else {
    image.state = ImageState::failed;
    image.problem = read.problem;
  }
  return save(services, tx, image, {}, "read");
}

Result<ReadPicture> read_blob(Services& services, const std::string& sha256) {
  const auto blob = services.blobs->open(sha256);
  ReadPicture read;
  if (!blob && blob.error().fault == Fault::missing) {
    read.problem = "The file is not where it was.";
    return read;
  }
  if (!blob) return std::unexpected(blob.error());
  read = TRY(read_picture(services, *blob->file, Mapped(*blob).bytes(), true));
  // A failure here is met again, and told, when somebody asks for it.
  if (read.problem.empty() && !ports::is_film(read.probe.medium))
    (void)derived(services).get(*services.imaging, *blob, sha256, {grid_width, false});
  return read;
}

Result<void> read_image(platform::JobRun& run, const ReadImage& in) {
  Services& services = run.services();
  const auto file = TRY(sql::ask(
      *services.database, [&](sql::Tx& tx) -> Result<std::optional<files::File>> {
        const auto image = TRY(store::image(tx, in.image));
        if (!image || !image->file) return std::optional<files::File>{};
        return files::find(tx, *image->file);
      }));
  if (!file) return {};
  if (file->hashes.sha256.empty())
    return fail(Fault::unavailable, "file_pending", "The file is still being hashed.");
  const std::string sha256 = lower_ascii(file->hashes.sha256);
  const ReadPicture read = TRY(read_blob(services, sha256));
  return run.finish_with([&](sql::Tx& tx) -> Result<void> {
    std::optional<Image> image = TRY(store::image(tx, in.image));
    if (!image || image->state == ImageState::blocked) return {};
    return keep(services, tx, *image, sha256, read);
  });
}

Result<void> erase_bin(Services& services) {
  const auto days = services.settings->get<ImagesSettings>("images").binDays.value;
  const Millis before = services.clock->now() - days * day_ms;
  const auto ids =
      TRY(sql::ask(*services.database, [&](sql::Tx& tx) { return store::bin(tx, before); }));
  for (const ImageId id : ids)
    TRY(services.database->write_now(sql::Lane::jobs,
                                     [&](sql::Tx& tx) { return erase(services, tx, id); }));
  return {};
}

Result<void> tidy(platform::JobRun& run, const TidyImages&) {
  Services& services = run.services();
  TRY(erase_bin(services));
  return derived(services).shrink(
      services.settings->get<ImagesSettings>("images").derivedBytesMax.value);
}

/// Galleries that changed are counted anew, once however many events say so; the numbers follow
/// from the images alone, so that a repeated event changes nothing.
Result<void> hear(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  std::set<VersionId> galleries;
  for (const platform::Event& event : events) {
    if (event.noun == "galleries") galleries.insert(VersionId{event.subject});
    else if (event.noun == "models" && event.verb == "published")
      TRY(link_again(services, tx, ModelId{event.subject}));
    else if (event.noun == "files" && event.verb == "removed")
      for (const ImageId id : TRY(store::with_file_of(tx, FileId{event.subject})))
        TRY(platform::publish(services, tx, "images", "changed", id.value));
  }
  for (const VersionId version : galleries) {
    const store::Gallery gallery = TRY(store::gallery(tx, version));
    TRY(models::set_gallery(services, tx, version, gallery.creator_levels, gallery.images));
  }
  return {};
}

}  // namespace

Result<void> enqueue_reading(sql::Tx& tx, Millis now, ImageId image, UserId owner) {
  platform::JobOptions options;
  options.owner = owner;
  options.priority = 5;
  options.unique_key = "image:" + std::to_string(image.value);
  TRY(platform::enqueue(tx, now, "images.read", ReadImage{image}, options));
  return {};
}

Result<std::shared_ptr<const ReadPicture>> read_ahead(Services& services,
                                                      std::span<const std::byte> bytes) {
  ReadPicture read = TRY(read_picture(services, bytes, bytes, false));
  if (!read.problem.empty()) return fail(Fault::invalid, "image_unreadable", read.problem);
  return std::make_shared<const ReadPicture>(std::move(read));
}

Result<ImageId> add_read(Services& services, sql::Tx& tx, const NewImage& wanted,
                         const ReadPicture& read) {
  Image image = TRY(insert_new(services, tx, wanted));
  const auto file = TRY(files::find(tx, wanted.file));
  TRY(keep(services, tx, image, lower_ascii(file->hashes.sha256), read));
  TRY(enqueue_reading(tx, image.created_at, image.id, image.owner));
  return image.id;
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = "images.read", .attempts_max = 8, .lease_s = 30, .concurrency = 2,
            .keep_completed_s = 3600},
           read_image);
  jobs.add<TidyImages>({.name = "images.tidy", .concurrency = 1, .cron = "41 * * * *"}, tidy);
}

void events(Services& services) {
  models::showcase_by(add_showcase);
  services.events->consumer(
      "images.galleries", [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return hear(services, tx, events);
      });
}

}  // namespace atelier::images
