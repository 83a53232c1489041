#include "engines/native_search/vectors.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "engines/native_search/vector_store.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::array<char, 8> magic{'a', 't', 'v', 'e', 'c', 't', '0', '1'};
constexpr std::size_t looked_at_min = 64;  ///< beside those that are wanted
constexpr std::size_t dead_min = 1024;  ///< fewer are not worth a rebuild
constexpr std::uint32_t copied_at_once = 4096;

std::unexpected<Error> no_vector() {
  return fail(Fault::invalid, "search_vector",
              "A vector has another number of dimensions, or no direction.");
}

/// Makes the thread that grows the graph wait before its next insertion.
class Patient {
 public:
  explicit Patient(std::atomic<int>& waiting) : waiting_(waiting) { ++waiting_; }
  ~Patient() { --waiting_; }
  Patient(const Patient&) = delete;

 private:
  std::atomic<int>& waiting_;
};

bool before(const Neighbour& a, const Neighbour& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.id > b.id;
}

}  // namespace

/// The nearest so far, the farthest of them on top.
struct Vectors::Best {
  std::size_t most;
  std::vector<Neighbour> heap;

  bool full() const { return heap.size() == most; }
  void offer(Neighbour one) {
    if (full()) {
      if (!before(one, heap.front())) return;
      std::ranges::pop_heap(heap, before);
      heap.back() = one;
    } else {
      heap.push_back(one);
    }
    std::ranges::push_heap(heap, before);
  }
  std::vector<Neighbour> sorted() {
    std::ranges::sort(heap, before);
    return std::move(heap);
  }
};

Vectors::Vectors(std::size_t dimensions, std::size_t few)
    : shape_(dimensions),
      few_(few),
      store_(std::make_unique<Store>(shape_)),
      thread_([this](std::stop_token stop) { work(stop); }) {}

Vectors::~Vectors() = default;

bool Vectors::wants_graph() const {
  const std::shared_lock held(lock_);
  return store_->settled() < store_->slots() &&
         (store_->settled() > 0 || store_->living() > few_);
}

bool Vectors::wants_rebuild() const {
  const std::shared_lock held(lock_);
  return store_->dead() > dead_min && std::size_t{store_->dead()} * 4 > store_->slots();
}

void Vectors::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock held(idle_lock_);
      busy_ = false;
      settled_.notify_all();
      wake_.wait(held, stop, [this] { return wants_graph() || wants_rebuild(); });
      busy_ = true;
    }
    while (!stop.stop_requested() && step()) continue;
  }
}

void Vectors::settle_in_background() {
  // Taken and dropped, so that the thread cannot miss the call between its look and its sleep.
  { const std::lock_guard held(idle_lock_); }
  wake_.notify_one();
}

/// False if there is nothing to do.
bool Vectors::step() {
  if (wants_rebuild()) {
    rebuild();
    return true;
  }
  if (!wants_graph()) return false;
  // A lock that is given back and taken again at once leaves no gap for those who wait for it.
  while (waiting_.load(std::memory_order_relaxed) > 0)
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  const std::lock_guard growing(growing_);
  const std::unique_lock held(lock_);
  store_->settle_one();
  return true;
}

/// Only this thread grows a graph or frees rows, so rows stay where they are meanwhile.
void Vectors::rebuild() {
  auto made = std::make_unique<Store>(shape_);
  std::vector<std::uint64_t> dead;
  std::uint32_t count = 0;
  {
    const std::shared_lock held(lock_);
    count = store_->slots();
    dead.assign(store_->dead_bits().begin(), store_->dead_bits().end());
  }
  for (std::uint32_t first = 0; first < count; first += copied_at_once) {
    const std::shared_lock held(lock_);
    const std::uint32_t last = std::min(count, first + copied_at_once);
    for (std::uint32_t slot = first; slot < last; ++slot)
      if ((dead[slot / 64] >> slot % 64 & 1) == 0)
        made->put(store_->id(slot), store_->row(slot));
  }
  const auto stop = thread_.get_stop_token();
  while (made->slots() > few_ && made->settled() < made->slots() && !stop.stop_requested())
    made->settle_one();
  if (stop.stop_requested()) return;
  const std::lock_guard growing(growing_);
  const std::unique_lock held(lock_);
  made->catch_up(*store_, count, dead);
  std::swap(store_, made);
}

void Vectors::settle() {
  wake_.notify_one();
  std::unique_lock held(idle_lock_);
  settled_.wait(held, [this] { return !busy_ && !wants_graph() && !wants_rebuild(); });
}

Result<void> Vectors::put(std::int64_t id, std::span<const float> vector) {
  std::vector<std::byte> row(shape_.bytes);
  if (vector.size() != shape_.dimensions || !pack(shape_, vector, row.data())) return no_vector();
  {
    const Patient waits(waiting_);
    const std::unique_lock held(lock_);
    store_->put(id, row.data());
  }
  settle_in_background();
  return {};
}

void Vectors::erase(std::int64_t id) {
  {
    const Patient waits(waiting_);
    const std::unique_lock held(lock_);
    store_->erase(id);
  }
  settle_in_background();
}

std::optional<std::vector<float>> Vectors::get(std::int64_t id) const {
  const std::shared_lock held(lock_);
  const std::uint32_t slot = store_->find(id);
  if (slot == Store::none) return {};
  return unpack(shape_, store_->row(slot));
}

std::vector<Neighbour> Vectors::compare(const std::byte* row, std::size_t count,
                                        const Passing* passing) const {
  Best best{count, {}};
  const auto offer = [&](std::uint32_t slot) {
    best.offer({store_->id(slot), similarity(shape_, row, store_->row(slot))});
  };
  if (passing) {
    passing->each([&](std::int64_t id) {
      if (const std::uint32_t slot = store_->find(id); slot != Store::none) offer(slot);
    });
  } else {
    for (std::uint32_t slot = 0; slot < store_->slots(); ++slot)
      if (store_->lives(slot)) offer(slot);
  }
  return best.sorted();
}

/// Nothing if the graph cannot tell.
std::optional<std::vector<Neighbour>> Vectors::ask_graph(const std::byte* row, std::size_t count,
                                                         const Passing* passing) const {
  const std::size_t through =
      passing ? std::min<std::size_t>(passing->count, store_->living()) : store_->living();
  const double share = static_cast<double>(through) / store_->slots();
  const std::size_t wanted = count + std::max(looked_at_min, passing ? count * 2 : count / 2);
  const auto ask = static_cast<std::size_t>(std::ceil(static_cast<double>(wanted) / share));
  if (ask > store_->settled() / 4) return {};
  Best best{count, {}};
  const auto offer = [&](std::uint32_t slot, float near) {
    const std::int64_t id = store_->id(slot);
    if (store_->lives(slot) && (!passing || passing->holds(id))) best.offer({id, near});
  };
  for (const auto& [near, slot] : store_->graph()->nearest(row, ask)) {
    if (best.full() && near < best.heap.front().similarity) break;
    offer(slot, near);
  }
  for (std::uint32_t slot = store_->settled(); slot < store_->slots(); ++slot)
    offer(slot, similarity(shape_, row, store_->row(slot)));
  if (best.heap.size() < std::min(count, through)) return {};
  return best.sorted();
}

Result<std::vector<Neighbour>> Vectors::nearest(std::span<const float> vector, std::size_t count,
                                                const Passing* passing) const {
  std::vector<std::byte> row(shape_.bytes);
  if (vector.size() != shape_.dimensions || !pack(shape_, vector, row.data())) return no_vector();
  if (count == 0) return std::vector<Neighbour>{};
  const Patient waits(waiting_);
  const std::shared_lock held(lock_);
  const std::size_t most = passing ? passing->count : store_->living();
  if (most > few_ && store_->settled() > 0)
    if (auto found = ask_graph(row.data(), count, passing)) return std::move(*found);
  return compare(row.data(), count, passing);
}

std::size_t Vectors::size() const {
  const std::shared_lock held(lock_);
  return store_->living();
}

std::size_t Vectors::settled() const {
  const std::shared_lock held(lock_);
  return store_->settled();
}

std::vector<std::int64_t> Vectors::ids() const {
  const std::shared_lock held(lock_);
  std::vector<std::int64_t> ids;
  for (std::uint32_t slot = 0; slot < store_->slots(); ++slot)
    if (store_->lives(slot)) ids.push_back(store_->id(slot));
  return ids;
}

std::size_t Vectors::bytes() const {
  const std::shared_lock held(lock_);
  return store_->bytes();
}

Result<void> Vectors::save(const std::filesystem::path& path) const {
  auto out = TRY(disk::CheckedWriter::create(path));
  const std::lock_guard growing(growing_);
  out.put(magic);
  out.put(std::uint64_t{shape_.dimensions});
  {
    const std::shared_lock held(lock_);
    store_->save_tail(out);
  }
  if (store_->graph()) store_->graph()->save(out);
  else Graph(shape_).save(out);
  return out.finish();
}

Result<std::unique_ptr<Vectors>> Vectors::load(const std::filesystem::path& path,
                                               std::size_t dimensions, std::size_t few) {
  auto in = TRY(disk::CheckedReader::open(path));
  auto vectors = std::make_unique<Vectors>(dimensions, few);
  std::array<char, 8> mark{};
  std::uint64_t stored = 0;
  auto store = std::make_unique<Store>(vectors->shape_);
  if (!in.get(mark) || mark != magic || !in.get(stored) || stored != dimensions ||
      !store->load(in))
    return fail(Fault::internal, "file_damaged", "The vectors of an index are damaged.");
  {
    const std::lock_guard growing(vectors->growing_);
    const std::unique_lock held(vectors->lock_);
    vectors->store_ = std::move(store);
  }
  vectors->settle_in_background();
  return vectors;
}

}  // namespace atelier::engines::native_search
