#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engines/native_search/shape.hpp"
#include "engines/native_search/synonyms.hpp"

namespace atelier::engines::native_search {

/// One index in one folder. Thread-safe.
class Index {
 public:
  /// Reads what is there, or begins anew where nothing is. A folder that cannot be read whole gives
  /// an index that is damaged and only says so. `schema` replaces the weights of the stored one
  /// where both have the same version; another version is left to `begin_rebuild`.
  static Result<std::shared_ptr<Index>> open(std::filesystem::path folder,
                                             ports::search::Schema schema);
  virtual ~Index() = default;

  virtual ports::search::Standing standing() = 0;
  virtual Result<std::vector<ports::search::Refusal>> apply(
      std::span<const ports::search::Change> changes) = 0;
  virtual void mark(std::string_view origin, std::int64_t position) = 0;
  virtual Result<void> flush() = 0;
  virtual Result<ports::search::Answer> search(const ports::search::Query& query) = 0;
  virtual Result<std::vector<std::string>> suggest(std::string_view text, int limit) = 0;
  virtual Result<std::vector<float>> vector(std::int64_t id) = 0;
  virtual Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::int64_t after,
                                                                          int limit) = 0;
  virtual void synonyms(std::shared_ptr<const Synonyms> words) = 0;
  /// Its folder has another name now.
  virtual void moved(std::filesystem::path folder) = 0;
  /// Nothing is written from here on. Whoever still searches it may go on.
  virtual void close() = 0;
};

/// Version, weights and the rest in the form that files keep.
std::string written(const ports::search::Schema& schema);
/// Nothing if the bytes are no schema.
std::optional<ports::search::Schema> read_schema(std::string_view bytes);

}  // namespace atelier::engines::native_search
