#include <array>

#include "base/text.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/models/store.hpp"
#include "features/models/visibility.hpp"

// Lists of models: filters, sorts and keyset cursors composed into one query.
namespace atelier::models {

namespace store {

Millis period_ms(Period period) {
  constexpr Millis day = 86'400'000;
  constexpr std::array<Millis, 5> lengths = {0, 365 * day, 30 * day, 7 * day, day};
  return lengths[static_cast<std::size_t>(period)];
}

namespace {

/// The columns a sort runs over, all in one direction, `m.id` last.
struct Order {
  const char* first;
  const char* second;  ///< "" = none
  bool descending = true;
};

Order order_of(Sort sort) {
  switch (sort) {
    case Sort::oldest: return {"m.last_version_at", "", false};
    case Sort::mostDownloaded: return {"m.download_count", "m.thumbs_up_count"};
    case Sort::highestRated:
    case Sort::mostLiked: return {"m.thumbs_up_count", "m.download_count"};
    case Sort::mostDiscussed: return {"m.comment_count", "m.thumbs_up_count"};
    case Sort::mostCollected: return {"m.collected_count", "m.thumbs_up_count"};
    case Sort::mostImages: return {"m.image_count", "m.thumbs_up_count"};
    case Sort::newest: break;
  }
  return {"m.last_version_at", ""};
}

class Composer {
 public:
  explicit Composer(sql::Query& query) : query_(query) {}

  std::string value(sql::Cell cell) {
    query_.values.push_back(std::move(cell));
    return "?" + std::to_string(query_.values.size());
  }
  void also(const std::string& condition) { query_.text += " AND " + condition; }
  template <class T>
  void among(const std::string& column, const std::vector<T>& values) {
    if (values.empty()) return;
    query_.text += " AND " + column + " IN ";
    add_list(query_, values);
  }
  void flag(const char* column, const std::optional<bool>& wanted) {
    if (wanted) also(std::string(column) + " = " + value(*wanted));
  }
  /// " AND EXISTS (SELECT 1 FROM model_versions … <more>)", versions that the viewer sees.
  void with_version(const std::string& join, const std::string& column,
                    const std::vector<std::string>& values, const Viewer& viewer) {
    if (values.empty()) return;
    query_.text += " AND EXISTS (SELECT 1 FROM model_versions v" + join +
                   " WHERE v.model_id = m.id";
    add_visible_version(query_, viewer);
    query_.text += " AND " + column + " IN ";
    add_list(query_, values);
    query_.text += ")";
  }

 private:
  sql::Query& query_;
};

template <class E>
std::vector<std::string> labels(const std::vector<E>& values) {
  std::vector<std::string> out;
  for (const E value : values) out.emplace_back(schema::label_of(value));
  return out;
}

void add_standing(Composer& compose, const Filter& filter) {
  compose.also(filter.deleted ? "m.deleted_at IS NOT NULL" : "m.deleted_at IS NULL");
  if (filter.status) compose.also("m.status = " + compose.value(schema::label_of(*filter.status)));
  else if (!filter.owner) compose.also("m.status = 'Published'");
  if (filter.archived)
    compose.also(*filter.archived ? "m.mode = 'Archived'"
                                  : "(m.mode IS NULL OR m.mode <> 'Archived')");
}

}  // namespace

void add_conditions(sql::Query& query, const Filter& filter, const Viewer& viewer, Millis now) {
  Composer compose(query);
  add_visible(query, viewer);
  add_standing(compose, filter);
  if (filter.levels)
    compose.also("(m.nsfw_level & " + compose.value(*filter.levels) + ") <> 0");
  if (!filter.query.empty())
    compose.also("m.name_key LIKE " + compose.value(like_pattern(filter.query)) + " ESCAPE '\\'");
  compose.among("m.id", filter.ids);
  compose.among("m.type", labels(filter.types));
  if (filter.followed) follows::add_followed(query, viewer, "m.owner_id");
  if (filter.collection) collections::add_within(query, *filter.collection, "m.id");
  if (filter.owner) compose.also("m.owner_id = " + compose.value(*filter.owner));
  if (filter.checkpoint_type)
    compose.also("m.checkpoint_type = " +
                 compose.value(schema::label_of(*filter.checkpoint_type)));
  compose.flag("m.allow_no_credit", filter.allow_no_credit);
  compose.flag("m.allow_derivatives", filter.allow_derivatives);
  compose.flag("m.allow_different_license", filter.allow_different_license);
  std::string uses;
  for (const CommercialUse use : filter.allow_commercial_use)
    uses += (uses.empty() ? "" : " OR ") +
            ("',' || m.allow_commercial_use || ',' LIKE " +
             compose.value("%," + std::string(schema::label_of(use)) + ",%"));
  if (!uses.empty()) compose.also("(" + uses + ")");
  if (!filter.tag.empty())
    compose.also("EXISTS (SELECT 1 FROM model_tags t JOIN tags g ON g.id = t.tag_id"
                 " WHERE t.model_id = m.id AND g.name = " +
                 compose.value(lower_ascii(filter.tag)) + ")");
  compose.with_version("", "v.base_model", filter.base_models, viewer);
  compose.with_version(" JOIN version_files f ON f.version_id = v.id", "f.format", filter.formats,
                       viewer);
  if (!filter.version_ids.empty()) {
    query.text += " AND m.id IN (SELECT v.model_id FROM model_versions v WHERE v.id IN ";
    add_list(query, filter.version_ids);
    query.text += ")";
  }
  if (filter.period != Period::AllTime)
    compose.also("m.last_version_at >= " + compose.value(now - period_ms(filter.period)));
}

namespace {

/// "a|b|id" or "a|id", base64url.
Result<void> add_cursor(sql::Query& query, const std::string& cursor, const Order& order) {
  if (cursor.empty()) return {};
  Composer compose(query);
  const bool two = *order.second != '\0';
  const auto bad = fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  const auto text = from_base64url(cursor);
  if (!text) return bad;
  const auto parts = split(*text, '|');
  if (parts.size() != (two ? 3u : 2u)) return bad;
  std::string places;
  for (const std::string_view part : parts) {
    const auto number = parse_whole(part);
    if (!number) return bad;
    places += (places.empty() ? "" : ", ") + compose.value(*number);
  }
  const std::string columns =
      std::string(order.first) + (two ? std::string(", ") + order.second : "") + ", m.id";
  compose.also("(" + columns + ")" + (order.descending ? " < " : " > ") + "(" + places + ")");
  return {};
}

std::string cursor_after(const Model& model, Sort sort) {
  const Counts& counts = model.counts;
  std::string keys;
  switch (sort) {
    case Sort::newest:
    case Sort::oldest: keys = std::to_string(model.last_version_at); break;
    case Sort::mostDownloaded:
      keys = std::to_string(counts.downloads) + "|" + std::to_string(counts.thumbs_up);
      break;
    case Sort::highestRated:
    case Sort::mostLiked:
      keys = std::to_string(counts.thumbs_up) + "|" + std::to_string(counts.downloads);
      break;
    case Sort::mostDiscussed:
      keys = std::to_string(counts.comments) + "|" + std::to_string(counts.thumbs_up);
      break;
    case Sort::mostCollected:
      keys = std::to_string(counts.collected) + "|" + std::to_string(counts.thumbs_up);
      break;
    case Sort::mostImages:
      keys = std::to_string(counts.images) + "|" + std::to_string(counts.thumbs_up);
      break;
  }
  return base64url(bytes_of(keys + "|" + std::to_string(model.id.value)));
}

}  // namespace

Result<std::vector<Model>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                                std::string& next_cursor) {
  const Order order = order_of(filter.sort);
  sql::Query query{"models.page",
                   "SELECT " + model_columns(filter.with_text) +
                       " FROM models m JOIN users u ON u.id = m.owner_id WHERE 1 = 1",
                   {}};
  add_conditions(query, filter, viewer, now);
  TRY(add_cursor(query, filter.cursor, order));
  const std::string way = order.descending ? " DESC" : " ASC";
  query.text += std::string(" ORDER BY ") + order.first + way;
  if (*order.second != '\0') query.text += std::string(", ") + order.second + way;
  Composer compose(query);
  query.text += ", m.id" + way + " LIMIT " + compose.value(filter.limit + 1);
  if (filter.offset > 0) query.text += " OFFSET " + compose.value(filter.offset);
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<Model> models;
  const std::size_t wanted = static_cast<std::size_t>(filter.limit);
  for (const sql::Row row : rows)
    if (models.size() < wanted) models.push_back(read_model(row));
  // Never a cursor behind an empty page: clients take that for "no results".
  next_cursor = rows.size() > wanted && wanted > 0 ? cursor_after(models.back(), filter.sort) : "";
  return models;
}

Result<std::int64_t> count(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now) {
  sql::Query query{"models.count", "SELECT count(*) FROM models m WHERE 1 = 1", {}};
  add_conditions(query, filter, viewer, now);
  return TRY(tx.run(query)).front().whole(0);
}

}  // namespace store
}  // namespace atelier::models
