#include "engines/native_search/graph.hpp"

// hnswlib prefetches what stands one number behind a full list of links. That is within what malloc
// gives for the list, and is only a hint, but not for the sanitizer.
#ifdef __SANITIZE_ADDRESS__
#define NO_MANUAL_VECTORIZATION
#endif
#include <hnswlib/hnswlib.h>

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "base/check.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t links = 16, links_looked_at = 200;
constexpr std::size_t first_capacity = 1024;
constexpr std::size_t cache_line = 64, huge_page = 2 << 20;
constexpr std::size_t nodes_at_once = 4, compared_max = nodes_at_once * 2 * links;
constexpr std::uint32_t no_number = 0xffffffff;

float distance(const void* a, const void* b, const void* shape) {
  return 1 - similarity(*static_cast<const RowShape*>(shape), static_cast<const std::byte*>(a),
                        static_cast<const std::byte*>(b));
}

class Space final : public hnswlib::SpaceInterface<float> {
 public:
  explicit Space(const RowShape& shape) : shape_(shape) {}
  std::size_t get_data_size() override { return shape_.bytes; }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void* get_dist_func_param() override { return &shape_; }
  const RowShape& shape() const { return shape_; }

 private:
  RowShape shape_;
};

using World = hnswlib::HierarchicalNSW<float>;

std::span<const std::uint32_t> links_of(const hnswlib::linklistsizeint* list) {
  return {list + 1, *reinterpret_cast<const std::uint16_t*>(list)};
}

void prefetch(const void* from, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += cache_line)
    __builtin_prefetch(static_cast<const char*>(from) + i);
}

/// A search goes all over rows and links: with small pages the processor has to look up time and
/// again where each is. Only a hint to the system.
void move_to_huge_pages(World& world) {
  const std::size_t bytes = world.max_elements_ * world.size_data_per_element_;
  if (bytes < 4 * huge_page) return;
  const std::size_t whole = (bytes + huge_page - 1) / huge_page * huge_page;
  auto* const place = static_cast<char*>(std::aligned_alloc(huge_page, whole));
  CHECK(place != nullptr);
  ::madvise(place, whole, MADV_HUGEPAGE);
  std::memcpy(place, world.data_level0_memory_,
              world.cur_element_count * world.size_data_per_element_);
  std::free(std::exchange(world.data_level0_memory_, place));
}

/// The nearest of those compared so far, the nearest first, and which of them were left.
class Pool {
 public:
  explicit Pool(std::size_t most) : most_(most) { kept_.reserve(most); }

  void offer(float near, std::uint32_t number) {
    if (kept_.size() == most_) {
      if (near <= kept_.back().near) return;
      kept_.pop_back();
    }
    const std::size_t place = behind(near);
    kept_.insert(kept_.begin() + std::ptrdiff_t(place), {near, number << 1});
    first_ = std::min(first_, place);
  }
  /// The nearest from which nobody has gone on yet.
  std::optional<std::uint32_t> next() {
    while (first_ < kept_.size() && (kept_[first_].number & 1) != 0) ++first_;
    if (first_ == kept_.size()) return std::nullopt;
    kept_[first_].number |= 1;
    return kept_[first_].number >> 1;
  }
  std::vector<std::pair<float, std::uint32_t>> found() const {
    std::vector<std::pair<float, std::uint32_t>> out;
    out.reserve(kept_.size());
    for (const Kept& kept : kept_) out.emplace_back(kept.near, kept.number >> 1);
    return out;
  }

 private:
  struct Kept {
    float near;
    std::uint32_t number;  ///< twice; and 1 once it was gone on from
  };
  /// Without a branch on what is compared: no processor foresees it.
  std::size_t behind(float near) const {
    std::size_t place = 0;
    for (std::size_t left = kept_.size(); left > 0;) {
      const std::size_t half = (left + 1) / 2;
      place += kept_[place + half - 1].near >= near ? half : 0;
      left -= half;
    }
    return place;
  }

  std::size_t most_, first_ = 0;  ///< all before the first were gone on from
  std::vector<Kept> kept_;
};

/// One search, as hnswlib's own is, but that it asks the memory for the neighbours of several nodes
/// before it compares the first: what it mostly does is wait, and so it waits for many at once.
class Walk {
 public:
  Walk(const World& world, const RowShape& shape, const std::byte* row, std::size_t count)
      : world_(world), shape_(shape), row_(row), pool_(count), visited_(of_this_thread()) {
    visited_.assign((world.cur_element_count + 63) / 64, 0);
  }

  std::vector<std::pair<float, std::uint32_t>> run() {
    go_to(descended());
    offer();
    for (bool more = true; more;) {
      more = false;
      for (std::size_t i = 0; i < nodes_at_once; ++i)
        if (const auto number = pool_.next()) {
          for (const std::uint32_t other : links_of(world_.get_linklist0(*number))) go_to(other);
          more = true;
        }
      offer();
    }
    return pool_.found();
  }

 private:
  static std::vector<std::uint64_t>& of_this_thread() {
    thread_local std::vector<std::uint64_t> bits;
    return bits;
  }

  void add(std::uint32_t number) {
    const char* row = world_.getDataByInternalId(number);
    prefetch(row, shape_.bytes);
    rows_[count_] = reinterpret_cast<const std::byte*>(row);
    numbers_[count_++] = number;
  }
  void go_to(std::uint32_t number) {
    std::uint64_t& word = visited_[number / 64];
    const std::uint64_t bit = std::uint64_t{1} << number % 64;
    if ((word & bit) != 0) return;
    word |= bit;
    add(number);
  }
  std::span<const float> compared() {
    similarities(shape_, row_, std::span(rows_).first(count_), near_.data());
    return std::span(near_).first(std::exchange(count_, 0));
  }
  void offer() {
    const auto near = compared();
    for (std::size_t i = 0; i < near.size(); ++i) pool_.offer(near[i], numbers_[i]);
  }

  /// Where the levels above the lowest lead.
  std::uint32_t descended() {
    std::uint32_t best = world_.enterpoint_node_;
    add(best);
    float nearest = compared()[0];
    for (int level = world_.maxlevel_; level > 0; --level)
      for (std::uint32_t from = no_number; from != best;) {
        from = best;
        for (const std::uint32_t other : links_of(world_.get_linklist(from, level))) add(other);
        const auto near = compared();
        for (std::size_t i = 0; i < near.size(); ++i)
          if (near[i] > nearest) {
            nearest = near[i];
            best = numbers_[i];
          }
      }
    return best;
  }

  const World& world_;
  const RowShape& shape_;
  const std::byte* row_;
  Pool pool_;
  std::vector<std::uint64_t>& visited_;  ///< a bit each
  std::size_t count_ = 0;
  std::array<const std::byte*, compared_max> rows_;
  std::array<std::uint32_t, compared_max> numbers_;
  std::array<float, compared_max> near_;
};

}  // namespace

struct Graph::Parts {
  Space space;
  World world;
  Parts(const RowShape& shape, std::size_t capacity)
      : space(shape), world(&space, capacity, links, links_looked_at) {
    move_to_huge_pages(world);
  }
};

Graph::Graph(const RowShape& shape)
    : parts_(std::make_unique<Parts>(shape, first_capacity)) {}

Graph::~Graph() = default;

void Graph::add(const std::byte* row) {
  auto& world = parts_->world;
  if (world.cur_element_count == world.max_elements_) {
    world.resizeIndex(world.max_elements_ * 3 / 2);
    move_to_huge_pages(world);
  }
  world.addPoint(row, world.cur_element_count);
  world.label_lookup_.clear();  // labels are the numbers, and never come again
}

std::uint32_t Graph::size() const {
  return static_cast<std::uint32_t>(parts_->world.cur_element_count);
}

const std::byte* Graph::row(std::uint32_t number) const {
  return reinterpret_cast<const std::byte*>(parts_->world.getDataByInternalId(number));
}

std::vector<std::pair<float, std::uint32_t>> Graph::nearest(const std::byte* row,
                                                            std::size_t count) const {
  if (size() == 0 || count == 0) return {};
  return Walk(parts_->world, parts_->space.shape(), row, count).run();
}

std::size_t Graph::bytes() const {
  const auto& world = parts_->world;
  // Beside rows and links: a mutex, a level and a pointer for each, and the upper levels' links.
  return world.max_elements_ * (world.size_data_per_element_ + sizeof(std::mutex) + 12) +
         world.cur_element_count / links * world.size_links_per_element_;
}

void Graph::save(disk::CheckedWriter& out) const {
  const auto& world = parts_->world;
  const std::uint64_t count = world.cur_element_count;
  out.put(count);
  out.put(std::uint32_t{world.enterpoint_node_});
  out.put(std::int32_t{world.maxlevel_});
  out.put_all(std::span<const char>(world.data_level0_memory_,
                                    count * world.size_data_per_element_));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::int32_t level = world.element_levels_[i];
    out.put(level);
    if (level > 0)
      out.put_all(std::span<const char>(
          world.linkLists_[i], static_cast<std::size_t>(level) * world.size_links_per_element_));
  }
}

namespace {

bool sound(const hnswlib::linklistsizeint* list, std::size_t most, std::uint64_t count) {
  const std::size_t size = *reinterpret_cast<const std::uint16_t*>(list);
  if (size > most) return false;
  for (std::size_t i = 1; i <= size; ++i)
    if (list[i] >= count) return false;
  return true;
}

}  // namespace

std::unique_ptr<Graph> Graph::load(const RowShape& shape, disk::CheckedReader& in) {
  std::uint64_t count = 0;
  std::uint32_t entry = 0;
  std::int32_t top = -1;
  if (!in.get(count) || !in.get(entry) || !in.get(top)) return nullptr;
  auto graph = std::make_unique<Graph>(shape);
  if (count == 0) return graph;
  if (count > in.left() / shape.bytes || entry >= count || top < 0) return nullptr;
  graph->parts_ = std::make_unique<Parts>(shape, count + first_capacity);
  auto& world = graph->parts_->world;
  if (!in.get_all(std::span(world.data_level0_memory_, count * world.size_data_per_element_)))
    return nullptr;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::int32_t level = 0;
    if (!in.get(level) || level < 0 || level > top) return nullptr;
    if (level > 0) {
      const std::size_t size = static_cast<std::size_t>(level) * world.size_links_per_element_;
      const auto taken = in.take(size);
      if (!taken) return nullptr;
      world.linkLists_[i] = static_cast<char*>(std::malloc(size + 1));
      CHECK(world.linkLists_[i] != nullptr);
      std::memcpy(world.linkLists_[i], taken->data(), size);
    }
    world.element_levels_[i] = level;
    world.cur_element_count = i + 1;  // what the destructor frees
    if (!sound(world.get_linklist0(i), world.maxM0_, count)) return nullptr;
    for (std::int32_t k = 1; k <= level; ++k)
      if (!sound(world.get_linklist(i, k), world.maxM_, count)) return nullptr;
  }
  if (world.element_levels_[entry] != top) return nullptr;
  world.enterpoint_node_ = entry;
  world.maxlevel_ = top;
  return graph;
}

}  // namespace atelier::engines::native_search
