#include <fcntl.h>
#include <stdio.h>

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "engines/disk/file.hpp"
#include "engines/native_search/index.hpp"
#include "engines/native_search/native_search.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

/// An index that is being filled to take another's place has its name and this.
constexpr char beside = '+';

std::unexpected<Error> absent() {
  return fail(Fault::unavailable, "search_unavailable", "Search is unavailable at the moment.");
}

/// What a folder's indexes are called, and which of them takes whose place. The indexes themselves
/// are reached through a lock that is held for one look into the map.
class NativeSearch final : public search::Engine {
 public:
  explicit NativeSearch(Options options) : options_(std::move(options)) {}

  Result<void> open(const search::Schema& schema) override {
    const auto shape = TRY(Shape::of(schema));
    const std::unique_lock lock(changing_);
    std::error_code failed;
    std::filesystem::create_directories(options_.folder, failed);
    if (failed) return fail(Fault::unavailable, "storage_failed", "The folder cannot be made.");
    if (!find(schema.index + beside)) remove(schema.index + beside);
    if (const auto old = find(schema.index)) {  // one at a time has the folder
      (void)old->flush();  // what is not kept comes again
      old->close();
    }
    set(schema.index, nullptr);
    set(schema.index, TRY(open_folder(schema.index, schema)));
    return {};
  }

  Result<search::Standing> standing(std::string_view index) override {
    const auto filled = find(std::string(index) + beside);
    const auto found = find(index);
    if (!found) return search::Standing{filled ? search::State::building : search::State::absent};
    auto standing = found->standing();
    if (filled && standing.state == search::State::damaged)
      standing.state = search::State::building;
    return standing;
  }

  Result<std::vector<search::Refusal>> apply(std::string_view index,
                                             std::span<const search::Change> changes) override {
    const auto found = find(index);
    if (!found) return absent();
    return found->apply(changes);
  }

  Result<void> mark(std::string_view index, std::string_view origin,
                    std::int64_t position) override {
    const auto found = find(index);
    if (!found) return absent();
    found->mark(origin, position);
    return {};
  }

  Result<void> flush(std::string_view index) override {
    const auto found = find(index);
    if (!found) return absent();
    return found->flush();
  }

  Result<void> begin_rebuild(const search::Schema& schema) override {
    const auto shape = TRY(Shape::of(schema));
    const std::unique_lock lock(changing_);
    const auto name = schema.index + beside;
    set(name, nullptr);
    remove(name);
    set(name, TRY(open_folder(name, schema)));
    return {};
  }

  Result<void> finish_rebuild(std::string_view index, std::string_view origin,
                              std::int64_t position) override {
    const std::unique_lock lock(changing_);
    const std::string name(index), fresh_name = name + beside;
    const auto fresh = find(fresh_name);
    if (!fresh) return fail(Fault::conflict, "search_rebuild", "No rebuild is under way.");
    fresh->mark(origin, position);
    TRY(fresh->flush());
    TRY(exchange(options_.folder / fresh_name, options_.folder / name));
    const auto old = find(name);
    {
      const std::unique_lock map_lock(map_);
      indexes_[name] = fresh;
      indexes_.erase(fresh_name);
    }
    if (old) old->close();
    remove(fresh_name);
    return {};
  }

  Result<void> abandon_rebuild(std::string_view index) override {
    const std::unique_lock lock(changing_);
    const auto name = std::string(index) + beside;
    if (const auto found = find(name)) found->close();
    set(name, nullptr);
    remove(name);
    return {};
  }

  Result<search::Answer> search(const search::Query& query) override {
    for (auto found = find(query.index); found;) {
      auto answer = found->search(query);
      if (answer) return answer;
      auto now = find(query.index);  // a rebuild may have taken its place, and closed it, meanwhile
      if (now == found) return answer;
      found = std::move(now);
    }
    return absent();
  }

  Result<std::vector<std::string>> suggest(std::string_view index, std::string_view text,
                                           int limit) override {
    const auto found = find(index);
    if (!found) return absent();
    return found->suggest(text, limit);
  }

  Result<std::vector<float>> vector(std::string_view index, std::int64_t id) override {
    const auto found = find(index);
    if (!found) return absent();
    return found->vector(id);
  }

  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::string_view index,
                                                                  std::int64_t after,
                                                                  int limit) override {
    const auto found = find(index);
    if (!found) return absent();
    return found->scan(after, limit);
  }

  Result<void> synonyms(std::vector<std::vector<std::string>> groups) override {
    auto read = std::make_shared<const Synonyms>(groups);
    const std::unique_lock lock(map_);
    synonyms_ = read;
    for (const auto& [name, index] : indexes_) index->synonyms(read);
    return {};
  }

 private:
  Result<std::shared_ptr<Index>> open_folder(const std::string& name,
                                             const search::Schema& schema) const {
    return Index::open(options_.folder / name, schema, options_.flush_every_ms);
  }

  std::shared_ptr<Index> find(std::string_view index) {
    const std::shared_lock lock(map_);
    const auto found = indexes_.find(index);
    return found == indexes_.end() ? nullptr : found->second;
  }

  void set(const std::string& name, std::shared_ptr<Index> index) {
    const std::unique_lock lock(map_);
    if (!index) {
      indexes_.erase(name);
      return;
    }
    index->synonyms(synonyms_);
    indexes_[name] = std::move(index);
  }

  void remove(const std::string& name) {
    std::error_code ignored;  // what stays is removed at the next start
    std::filesystem::remove_all(options_.folder / name, ignored);
  }

  /// In one step for everyone who looks, also after a loss of power.
  Result<void> exchange(const std::filesystem::path& fresh, const std::filesystem::path& old) {
    const auto flags = std::filesystem::exists(old) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, old.c_str(), flags) != 0)
      return disk::failure("exchange");
    return disk::sync_folder(options_.folder);
  }

  Options options_;
  std::mutex changing_;  ///< of which indexes there are; taken before map_
  std::shared_mutex map_;
  std::map<std::string, std::shared_ptr<Index>, std::less<>> indexes_;
  std::shared_ptr<const Synonyms> synonyms_;
};

}  // namespace

std::unique_ptr<search::Engine> make_engine(Options options) {
  return std::make_unique<NativeSearch>(std::move(options));
}

}  // namespace atelier::engines::native_search
