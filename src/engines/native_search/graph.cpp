#include "engines/native_search/graph.hpp"

// hnswlib prefetches what stands one number behind a full list of links. That is within what malloc
// gives for the list, and is only a hint, but not for the sanitizer.
#ifdef __SANITIZE_ADDRESS__
#define NO_MANUAL_VECTORIZATION
#endif
#include <hnswlib/hnswlib.h>

#include <cstring>

#include "base/check.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t links = 16, links_looked_at = 200;
constexpr std::size_t first_capacity = 1024;

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

 private:
  RowShape shape_;
};

}  // namespace

struct Graph::Parts {
  Space space;
  hnswlib::HierarchicalNSW<float> world;
  Parts(const RowShape& shape, std::size_t capacity)
      : space(shape), world(&space, capacity, links, links_looked_at) {
    world.setEf(1);  // `nearest` says how far it wants to look
  }
};

Graph::Graph(const RowShape& shape)
    : parts_(std::make_unique<Parts>(shape, first_capacity)) {}

Graph::~Graph() = default;

void Graph::add(const std::byte* row) {
  auto& world = parts_->world;
  if (world.cur_element_count == world.max_elements_)
    world.resizeIndex(world.max_elements_ * 3 / 2);
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
  auto queue = parts_->world.searchKnn(row, count);
  std::vector<std::pair<float, std::uint32_t>> found;
  found.reserve(queue.size());
  for (; !queue.empty(); queue.pop())
    found.emplace_back(1 - queue.top().first, static_cast<std::uint32_t>(queue.top().second));
  return found;
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
