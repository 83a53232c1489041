#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ports/database.hpp"
#include "schema/json.hpp"

namespace atelier {
struct Services;
}

namespace atelier::platform {

/// What an administrator may change while the server runs. Each group is a described struct with
/// defaults, stored as JSON under its name; members added later keep their defaults.
/// Reading is a map look-up in memory. A change is published as "settings"/"changed"; app/ makes
/// every node `load` again when it hears that.
class Settings {
 public:
  explicit Settings(Services& services) : services_(services) {}
  Result<void> load();

  template <class Group>
  Group get(std::string_view name) const {
    const std::string text = stored(name);
    if (text.empty()) return Group{};
    Result<Group> group = schema::from_stored_json<Group>(text);
    return group ? *group : Group{};
  }
  template <class Group>
  Result<void> set(sql::Tx& tx, std::string_view name, const Group& group, UserId by) {
    return store(tx, name, schema::to_json(group), by);
  }

  /// Makes a group known by name to the administration pages. Before the server runs.
  template <class Group>
  void declare(std::string_view name, std::string_view title) {
    groups_.push_back({std::string(name), std::string(title), &schema::type_of<Group>(),
                       [] { return std::static_pointer_cast<void>(std::make_shared<Group>()); }});
  }
  struct Group {
    std::string name;
    std::string title;  ///< for people
    const schema::Type* type = nullptr;
    std::function<std::shared_ptr<void>()> make;
  };
  const std::vector<Group>& groups() const { return groups_; }
  /// The whole group as JSON, defaults included. `missing` if no such group was declared.
  Result<std::string> shown(std::string_view name) const;
  /// Changes the members that stand in `changes` (a JSON object) and leaves the others. Returns
  /// the whole group as it will be after the commit.
  Result<std::string> change(sql::Tx& tx, std::string_view name, std::string_view changes,
                             UserId by);

 private:
  Result<const Group*> declared(std::string_view name) const;
  std::string stored(std::string_view name) const;
  Result<void> store(sql::Tx& tx, std::string_view name, std::string json, UserId by);

  Services& services_;
  std::vector<Group> groups_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace atelier::platform
