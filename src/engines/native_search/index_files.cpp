#include <fcntl.h>

#include <algorithm>
#include <charconv>

#include "engines/disk/file.hpp"
#include "engines/native_search/index.hpp"
#include "engines/native_search/mapped_segments.hpp"
#include "engines/native_search/rows.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

std::unexpected<Error> damaged(std::string reason) {
  return fail(Fault::internal, "index_damaged", std::move(reason));
}

/// Saving all vectors is worth it when so many of them are new.
constexpr std::uint64_t vectors_behind_min = 10'000;

std::uint64_t behind_max(std::size_t vectors) {
  return std::max<std::uint64_t>(vectors_behind_min, vectors / 8);
}

}  // namespace

/// By the folder itself, so that it may get another name meanwhile.
std::filesystem::path Index::file(const std::string& name) const {
  return "/proc/self/fd/" + std::to_string(folder_->descriptor()) + "/" + name;
}

Result<std::shared_ptr<Index>> Index::open(const std::filesystem::path& folder,
                                           search::Schema schema, int flush_every_ms) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fail(Fault::unavailable, "storage_failed", "The folder cannot be made.");
  auto handle = TRY(disk::open_file(folder, O_RDONLY | O_DIRECTORY));
  auto stored = load_manifest(folder / manifest_name);
  auto shape = TRY(Shape::of(schema));
  if (stored && stored->schema.version != schema.version) {
    auto old = Shape::of(stored->schema);
    if (old) shape = std::move(*old);
  }
  std::shared_ptr<Index> index(new Index(std::move(shape), flush_every_ms));
  index->folder_ = std::move(handle);
  const auto ruin = [&](const std::string& reason) {
    index->state_ = search::State::damaged;
    index->reason_ = reason;
  };
  if (!stored && stored.error().code != "file_missing") ruin(stored.error().detail);
  else if (!stored && !std::filesystem::is_empty(folder, failed)) ruin("the manifest is gone");
  else if (!stored) TRY(store_manifest(index->file(manifest_name), index->describe({})));
  else if (const auto loaded = index->load(*stored); !loaded) ruin(loaded.error().detail);
  if (index->state_ == search::State::ready) {
    index->remove_unnamed(stored ? *stored : Manifest{});
    index->thread_ = std::jthread([raw = index.get()](std::stop_token stop) { raw->work(stop); });
  }
  return index;
}

Result<void> Index::load(const Manifest& manifest) {
  origin_ = manifest.origin;
  position_ = stored_position_ = manifest.position;
  next_file_ = manifest.next_file;
  stamp_ = manifest.stamp;
  TRY(load_parts(manifest));
  publish();
  if (vectors_) load_vectors(manifest);
  return {};
}

Result<void> Index::load_parts(const Manifest& manifest) {
  std::map<std::uint64_t, std::shared_ptr<const MappedSegments>> files;
  for (const auto& part : manifest.parts) {
    auto& mapped = files[part.file];
    if (!mapped) mapped = TRY(MappedSegments::open(file(segments_name(part.file))));
    const auto bytes = mapped->bytes();
    if (part.begin % 8 != 0 || part.begin > bytes.size() || part.size > bytes.size() - part.begin)
      return damaged("a segment is not where the manifest says");
    Held held{{}, part.file, part.begin, part.size};
    held.part.segment = TRY(Segment::open(bytes.subspan(part.begin, part.size), mapped, shape_));
    held.part.living = held.part.segment->documents();
    if (held.part.living != part.documents) return damaged("a segment has other documents");
    if (!part.dead.empty()) {
      auto live = std::make_shared<Bitset>(part.documents, true);
      live->and_not(part.dead);
      held.part.living = live->count();
      held.part.live = std::move(live);
    }
    if (!part.numbers.empty()) {
      TRY(held.part.segment->columns().set_numbers(part.numbers));
      held.patched = true;
    }
    held_.push_back(std::move(held));
  }
  for (const auto& [number, mapped] : files) mapped->forget();
  return {};
}

/// The graph is a convenience: what it was made of is in the segments. So a missing or damaged
/// file only means that it is made again.
void Index::load_vectors(const Manifest& manifest) {
  const auto dimensions = static_cast<std::size_t>(shape_.schema().dimensions);
  const RowShape row(dimensions);
  if (manifest.vectors_file != 0)
    if (auto loaded = Vectors::load(file(vectors_name(manifest.vectors_file)), dimensions)) {
      vectors_ = std::move(*loaded);
      vectors_file_ = manifest.vectors_file;
      vectors_stamp_ = manifest.vectors_stamp;
      vectors_settled_ = vectors_->settled();
    }
  const auto seen = snapshot();
  if (vectors_file_ != 0)
    for (const std::int64_t id : vectors_->ids())
      if (!find(*seen, id)) vectors_->erase(id);
  for (const Part& part : seen->parts)
    for (std::uint32_t i = 0; i < part.segment->documents(); ++i) {
      if (!part.lives(i) || part.segment->stamp(i) <= vectors_stamp_) continue;
      const auto packed = part.segment->stored(i).vector;
      const std::int64_t id = part.segment->columns().id(i);
      if (packed.empty()) vectors_->erase(id);
      else (void)vectors_->put(id, unpack(row, packed.data()));
    }
}

/// Those that are only in memory go into one new file together.
Result<void> Index::store_parts(std::vector<Held>& parts) {
  std::uint64_t number = 0;
  {
    const std::lock_guard held(writing_);
    if (std::ranges::none_of(parts, [](const Held& part) { return part.file == 0; })) return {};
    number = next_file_++;
  }
  auto writer = TRY(disk::CheckedWriter::create(file(segments_name(number))));
  std::uint64_t size = 0;
  for (Held& part : parts) {
    if (part.file != 0) continue;
    const auto bytes = part.part.segment->bytes();
    writer.write(bytes);
    part.file = number;
    part.begin = size;
    size += bytes.size();
    for (; size % 8 != 0; ++size) writer.put('\0');
  }
  TRY(writer.finish());
  const std::lock_guard held(writing_);
  for (const Held& part : parts)
    for (Held& now : held_)
      if (now.part.segment == part.part.segment) {
        now.file = part.file;
        now.begin = part.begin;
      }
  return {};
}

Manifest Index::describe(const std::vector<Held>& parts) const {
  Manifest manifest;
  manifest.schema = shape_.schema();
  for (const Held& held : parts) {
    auto& part = manifest.parts.emplace_back();
    part.file = held.file;
    part.begin = held.begin;
    part.size = held.size;
    part.documents = held.part.segment->documents();
    if (held.part.live) {
      Bitset dead = *held.part.live;
      dead.flip();
      part.dead.assign(dead.words().begin(), dead.words().end());
    }
    if (held.patched) part.numbers = held.part.segment->columns().numbers();
  }
  return manifest;
}

/// By so much that it is worth saving: a graph goes on growing for long after the last change, and
/// what the file does not have of it a start has to do again.
bool Index::vectors_grown() const {
  return vectors_ && vectors_->settled() > vectors_settled_ + behind_max(vectors_->size());
}

Result<void> Index::store_vectors(Manifest& manifest, std::uint64_t stamp) {
  const bool changed = vectors_ && stamp - vectors_stamp_ > behind_max(vectors_->size());
  if (changed || vectors_grown()) {
    std::uint64_t number = 0;
    {
      const std::lock_guard held(writing_);
      number = next_file_++;
    }
    const std::size_t settled = vectors_->settled();
    TRY(vectors_->save(file(vectors_name(number))));
    vectors_settled_ = settled;
    vectors_file_ = number;
    vectors_stamp_ = stamp;
  }
  manifest.vectors_file = vectors_file_;
  manifest.vectors_stamp = vectors_stamp_;
  return {};
}

Result<void> Index::flush() {
  const std::lock_guard storing(storing_);
  const auto began = Clock::now();
  const bool grown = vectors_grown();
  std::vector<Held> parts;
  std::string origin;
  std::int64_t position = 0;
  std::uint64_t changes = 0, stamp = 0;
  {
    const std::lock_guard held(writing_);
    if (state_ != search::State::ready)
      return fail(Fault::unavailable, "search_unavailable",
                  "Search is unavailable at the moment.");
    last_flush_ = began;
    if (changes_ == stored_changes_ && !grown) return {};
    parts = held_;
    origin = origin_;
    position = position_;
    changes = changes_;
    stamp = stamp_;
  }
  TRY(store_parts(parts));
  Manifest manifest = describe(parts);
  manifest.origin = origin;
  manifest.position = position;
  manifest.stamp = stamp;
  TRY(store_vectors(manifest, stamp));
  {
    const std::lock_guard held(writing_);
    manifest.next_file = next_file_;
  }
  TRY(store_manifest(file(manifest_name), manifest));
  {
    const std::lock_guard held(writing_);
    stored_position_ = position;
    stored_changes_ = changes;
    last_flush_took_ = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
  }
  remove_unnamed(manifest);
  return {};
}

/// Files of ours that neither the manifest names nor anybody holds or writes.
void Index::remove_unnamed(const Manifest& manifest) {
  std::set<std::string> named{manifest_name};
  for (const auto& part : manifest.parts) named.insert(segments_name(part.file));
  if (manifest.vectors_file != 0) named.insert(vectors_name(manifest.vectors_file));
  const std::lock_guard held(writing_);
  for (const Held& each : held_) named.insert(segments_name(each.file));
  for (const std::uint64_t number : being_written_) {
    named.insert(segments_name(number));
    named.insert(segments_name(number) + ".new");
  }
  std::error_code ignored;  // what stays is removed the next time
  for (const auto& entry : std::filesystem::directory_iterator(file(""), ignored))
    if (!named.contains(entry.path().filename().string()))
      std::filesystem::remove(entry.path(), ignored);
}

}  // namespace atelier::engines::native_search
