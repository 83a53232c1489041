#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/elasticsearch/server.hpp"
#include "ports/search.hpp"

/// Which indexes the server has for us. The port's index "models" is the alias "<prefix>-models",
/// which leads to one of "<prefix>-models-1", "-2" …; the alias "<prefix>-models-next" leads to
/// the one that is being built ("models+"). Marks are documents of "<prefix>-marks", one for each
/// index under its own name, so that a rebuild brings its own.
namespace atelier::engines::elasticsearch {

constexpr char beside = '+';  ///< the port's name of what is being built ends with it

struct Mark {
  std::string origin;
  std::int64_t position = 0;
};

/// An index, as the server has it.
struct Found {
  std::string name;  ///< its own, not the alias
  ports::search::Schema schema;
};

/// Thread-safe.
class Indexes {
 public:
  explicit Indexes(Server& server) : server_(server) {}

  /// `index` may end with '+'.
  std::string alias(std::string_view index) const;
  /// What the alias leads to; nothing if it is not there. `unavailable` if it is none of ours.
  Result<std::optional<Found>> find(std::string_view index);
  /// Makes the first one; that another node was faster is fine.
  Result<void> create_first(const ports::search::Schema& schema);
  /// Removes what was begun before, and makes the next one.
  Result<void> create_next(const ports::search::Schema& schema);
  /// In one step for everyone who asks.
  Result<void> take_place(std::string_view index, const std::string& next, const Mark& with);
  /// Everything of that name that the alias does not lead to.
  Result<void> remove_next(std::string_view index);

  Result<Mark> mark(const std::string& name);
  Result<void> set_mark(const std::string& name, const Mark& mark);

  Result<std::int64_t> documents(const std::string& alias);
  Result<std::int64_t> bytes(const std::string& alias);
  /// Whether every part of it is there.
  Result<bool> whole(const std::string& alias);

 private:
  struct Own {
    std::string name;
    std::vector<std::string> aliases;
  };
  Result<std::vector<Own>> list(std::string_view index);
  Result<void> create(const std::string& name, const std::string& body);
  Result<void> remove(const std::string& name);
  std::string marks() const { return server_.account().prefix + "-marks"; }

  Server& server_;
  std::atomic<bool> marks_made_ = false;
};

}  // namespace atelier::engines::elasticsearch
