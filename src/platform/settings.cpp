#include "platform/settings.hpp"

#include "platform/events.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

const sql::Statement list_settings("settings.list", "SELECT name, value FROM settings");
const sql::Statement find_setting("settings.find", "SELECT value FROM settings WHERE name = ?1");
const sql::Statement save_setting("settings.save", R"(
  INSERT INTO settings (name, value, changed_at, changed_by) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by)");

}  // namespace

Result<void> Settings::load() {
  const auto rows =
      TRY(sql::ask(*services_.database, [](sql::Tx& tx) { return tx.run(list_settings); }));
  std::map<std::string, std::string, std::less<>> loaded;
  for (const sql::Row row : rows) loaded[row.string(0)] = row.string(1);
  const std::lock_guard lock(mutex_);
  values_ = std::move(loaded);
  return {};
}

std::string Settings::stored(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

Result<void> Settings::store(sql::Tx& tx, std::string_view name, std::string json, UserId by) {
  TRY(tx.run(save_setting, {name, json, services_.clock->now(), by}));
  TRY(publish(services_, tx, "settings", "changed", 0, by));
  tx.after_commit([this, name = std::string(name), json = std::move(json)] {
    const std::lock_guard lock(mutex_);
    values_[name] = json;
  });
  return {};
}

Result<const Settings::Group*> Settings::declared(std::string_view name) const {
  for (const Group& group : groups_)
    if (group.name == name) return &group;
  return fail(Fault::missing, "no_such_settings", "there is no group of settings by this name");
}

Result<std::string> Settings::shown(std::string_view name) const {
  const Group* group = TRY(declared(name));
  const std::shared_ptr<void> value = group->make();
  const std::string text = stored(name);
  if (!text.empty())
    TRY(schema::read_json(text, *group->type, value.get(), schema::Members::tolerant));
  std::string json;
  schema::write_json(json, *group->type, value.get());
  return json;
}

Result<std::string> Settings::change(sql::Tx& tx, std::string_view name, std::string_view changes,
                                     UserId by) {
  const Group* group = TRY(declared(name));
  const std::shared_ptr<void> value = group->make();
  const sql::Rows rows = TRY(tx.run(find_setting, {name}));
  if (!rows.empty())
    TRY(schema::read_json(rows.front().text(0), *group->type, value.get(),
                          schema::Members::tolerant));
  TRY(schema::read_json(changes, *group->type, value.get(), schema::Members::changes));
  std::string json;
  schema::write_json(json, *group->type, value.get());
  TRY(store(tx, name, json, by));
  return json;
}

}  // namespace atelier::platform
