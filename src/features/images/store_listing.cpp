#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/collections/collections.hpp"
#include "features/follows/follows.hpp"
#include "features/images/store.hpp"
#include "features/images/visibility.hpp"

// Lists of images: filters, sorts and keyset cursors composed into one query. An inner query
// finds the numbers of a page in an index alone; the rows of the page are fetched around it.
namespace atelier::images::store {
namespace {

/// What fewer images have is looked up first and then sorted; what more have is met soon enough on
/// the way through the order. Where all is in an index looking up is cheaper than by the row.
constexpr std::int64_t few_in_index = 12'000, few_looked_up = 4'000;

struct Order {
  std::string from;       ///< what stands behind FROM
  std::string key;        ///< column that is walked, `i.id` behind it
  bool descending = true;
  char mark = 'n';        ///< in cursors: which list they belong to
};

constexpr std::array<Millis, 5> period_lengths = {0, 365 * 86'400'000ll, 30 * 86'400'000ll,
                                                  7 * 86'400'000ll, 86'400'000ll};

bool by_counts(ImageSort sort) {
  return sort == ImageSort::mostReactions || sort == ImageSort::mostComments ||
         sort == ImageSort::mostCollected;
}

bool uses_ranks(const Filter& filter) {
  return by_counts(filter.sort) && filter.period != models::Period::AllTime;
}

Order order_of(const Filter& filter) {
  // Ranks carry what is asked of their images.
  const bool ranks = uses_ranks(filter);
  const std::string from = ranks ? "image_ranks i" : "images i";
  switch (filter.sort) {
    case ImageSort::oldest: return {from, "i.sort_at", false, 'o'};
    case ImageSort::mostReactions: return {from, ranks ? "i.reactions" : "i.reaction_count",
                                           true, ranks ? 'R' : 'r'};
    case ImageSort::mostComments: return {from, ranks ? "i.comments" : "i.comment_count",
                                          true, ranks ? 'C' : 'c'};
    case ImageSort::mostCollected: return {from, ranks ? "i.collected" : "i.collected_count",
                                           true, ranks ? 'L' : 'l'};
    case ImageSort::random: return {from, "i.shuffle", false, 's'};
    case ImageSort::newest: break;
  }
  return {from, "i.sort_at", true, 'n'};
}

/// Where a page begins: behind (or, going back, before) this place.
struct Place {
  bool back = false;
  std::int64_t key = 0, id = 0;
};

std::string cursor_text(const Order& order, const Place& place) {
  return base64url(bytes_of(std::string(1, order.mark) + (place.back ? "<|" : ">|") +
                            std::to_string(place.key) + "|" + std::to_string(place.id)));
}

Result<std::optional<Place>> read_cursor(const std::string& cursor, const Order& order) {
  if (cursor.empty()) return std::optional<Place>{};
  const auto bad = fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  const auto text = from_base64url(cursor);
  if (!text) return bad;
  const auto parts = split(*text, '|');
  if (parts.size() != 3 || parts[0].size() != 2 || parts[0][0] != order.mark ||
      (parts[0][1] != '<' && parts[0][1] != '>'))
    return bad;
  const auto key = parse_whole(parts[1]), id = parse_whole(parts[2]);
  if (!key || !id) return bad;
  return std::optional<Place>(Place{parts[0][1] == '<', *key, *id});
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
  template <class T>
  void same(const std::string& column, const std::optional<T>& wanted) {
    if (wanted) also(column + " = " + value(*wanted));
  }

 private:
  sql::Query& query_;
};

Result<bool> rare(sql::Tx& tx, const std::vector<TagId>& tags) {
  sql::Query query{"images.tag_size", "SELECT COALESCE(sum(image_count), 0) FROM tags WHERE id IN ",
                   {}};
  add_list(query, tags);
  // The sum of bigints is numeric on PostgreSQL.
  query.text = "SELECT CAST((" + query.text + ") AS BIGINT)";
  return TRY(tx.run(query)).front().whole(0) < few_in_index;
}

/// Whether those whom the viewer follows show few images.
Result<bool> of_few_people(sql::Tx& tx, const Viewer& viewer) {
  sql::Query query{"images.of_followed", "SELECT 1 FROM images i WHERE i.is_open", {}};
  follows::add_followed(query, viewer, "i.owner_id", true);
  query.text = "SELECT count(*) FROM (" + query.text + " LIMIT " + std::to_string(few_in_index) +
               ") f";
  return TRY(tx.run(query)).front().whole(0) < few_in_index;
}

/// Whether few images are left, which are looked up first and then sorted.
Result<bool> add_conditions(sql::Tx& tx, sql::Query& query, const Filter& filter,
                            const Viewer& viewer, Millis now) {
  Composer compose(query);
  bool looked_up = false;
  if (filter.own) {
    compose.also("i.owner_id = " + compose.value(viewer.user));
    compose.also(filter.deleted ? "i.deleted_at IS NOT NULL" : "i.deleted_at IS NULL");
  } else {
    compose.also("i.is_open");
    add_visible(query, viewer, true);
  }
  if (uses_ranks(filter)) {
    compose.also("i.timeframe = " + compose.value(schema::label_of(filter.period)));
  } else if (filter.period != models::Period::AllTime) {
    compose.also("i.sort_at >= " +
                 compose.value(now - period_lengths[static_cast<std::size_t>(filter.period)]));
  }
  if (filter.levels)
    compose.also("(i.nsfw_level & " + compose.value(*filter.levels) + ") <> 0");
  compose.among("i.id", filter.ids);
  compose.same("i.model_id", filter.model);
  compose.same("i.version_id", filter.version);
  compose.same("i.post_id", filter.post);
  compose.same("i.owner_id", filter.owner);
  compose.same("i.remix_of", filter.remix_of);
  compose.same("i.has_meta", filter.with_meta);
  compose.same("i.by_creator", filter.by_creator);
  if (filter.type) compose.also("i.type = " + compose.value(schema::label_of(*filter.type)));
  if (!filter.tool.empty()) compose.also("i.tool = " + compose.value(filter.tool));
  compose.among("i.base_model", filter.base_models);
  if (filter.followed) {
    const bool few = TRY(of_few_people(tx, viewer));
    follows::add_followed(query, viewer, "i.owner_id", few);
    // Of the indexes by owner the one that also holds what is sorted by.
    if (few) compose.also(order_of(filter).key + " >= 0");
  }
  if (filter.collection) {
    looked_up = filter.collection_items < few_looked_up;
    collections::add_within(query, *filter.collection, "i.id", looked_up);
  }
  if (filter.resource)
    compose.also("i.id IN (SELECT s.image_id FROM image_resources s WHERE s.version_id = " +
                 compose.value(*filter.resource) + ")");
  if (!filter.tags.empty()) {
    const bool first = TRY(rare(tx, filter.tags));
    looked_up = looked_up || first;
    query.text += first ? " AND i.post_id IN (SELECT t.post_id FROM post_tags t WHERE t.tag_id IN "
                        : " AND EXISTS (SELECT 1 FROM post_tags t WHERE t.post_id = i.post_id"
                          " AND t.tag_id IN ";
    add_list(query, filter.tags);
    query.text += ")";
  }
  return looked_up;
}

struct Found {
  Image image;
  std::int64_t key = 0;
};

/// In the order of the list, whichever way it was walked. One more than asked for says that there
/// is more that way.
Result<std::vector<Found>> walk(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                                const Order& order, const std::optional<Place>& place,
                                bool inclusive, int limit) {
  const bool back = place && place->back;
  const bool descending = order.descending != back;
  sql::Query query{"images.page", "", {}};
  query.text = "SELECT i.id AS id, " + order.key + " AS place FROM " + order.from + " WHERE 1 = 1";
  const bool looked_up = TRY(add_conditions(tx, query, filter, viewer, now));
  // As a sum no index has it. PostgreSQL takes "behind a count that very many share" for nothing,
  // and would walk all of those.
  const std::string key = looked_up ? "(" + order.key + " + 0)" : order.key;
  Composer compose(query);
  if (place)
    compose.also("(" + key + ", i.id) " + (descending ? "<" : ">") +
                 (inclusive ? "= (" : " (") + compose.value(place->key) + ", " +
                 compose.value(place->id) + ")");
  const std::string way = descending ? " DESC" : " ASC";
  query.text += " ORDER BY " + key + way + ", i.id" + way + " LIMIT " +
                compose.value(limit);
  if (filter.offset > 0) query.text += " OFFSET " + compose.value(filter.offset);
  query.text = "SELECT " + image_columns() + ", p.place FROM (" + query.text +
               ") p JOIN images i ON i.id = p.id JOIN users u ON u.id = i.owner_id"
               " ORDER BY p.place" + way + ", p.id" + way;
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<Found> found;
  for (const sql::Row row : rows) found.push_back({read_image(row), row.whole(45)});
  if (back) std::ranges::reverse(found);
  return found;
}

/// Where the image stands in this order; absent if the list does not hold it.
Result<std::optional<Place>> place_of(sql::Tx& tx, const Filter& filter, const Viewer& viewer,
                                      Millis now, const Order& order, ImageId id) {
  Filter only = filter;
  only.ids = {id};
  only.offset = 0;
  const std::vector<Found> found = TRY(walk(tx, only, viewer, now, order, {}, false, 1));
  if (found.empty()) return std::optional<Place>{};
  return std::optional<Place>(Place{false, found.front().key, id.value});
}

std::string place_text(const Order& order, const Found& found, bool back) {
  return cursor_text(order, {back, found.key, found.image.id.value});
}

/// A place in the shuffled order that looks random and follows from the time.
std::int64_t scattered(Millis now) {
  std::uint64_t mixed = static_cast<std::uint64_t>(now) * 0x9e3779b97f4a7c15u;
  mixed ^= mixed >> 29;
  return static_cast<std::int64_t>((mixed * 0xbf58476d1ce4e5b9u) >> 16);
}

std::vector<Image> images_of(std::vector<Found> found) {
  std::vector<Image> out;
  for (Found& each : found) out.push_back(std::move(each.image));
  return out;
}

/// Half a page before the image, and from it on the rest.
Result<std::vector<Image>> page_around(sql::Tx& tx, const Filter& filter, const Viewer& viewer,
                                       Millis now, const Order& order, std::string& next,
                                       std::string& previous) {
  const auto place = TRY(place_of(tx, filter, viewer, now, order, *filter.around));
  if (!place)
    return fail(Fault::missing, "image_missing", "This image is not in this list.");
  const auto half = static_cast<std::size_t>(filter.limit / 2);
  const auto rest = static_cast<std::size_t>(filter.limit) - half;
  Place before = *place;
  before.back = true;
  std::vector<Found> found = TRY(walk(tx, filter, viewer, now, order, before, false,
                                      static_cast<int>(half) + 1));
  const bool more_before = found.size() > half;
  if (more_before) found.erase(found.begin());
  std::vector<Found> after =
      TRY(walk(tx, filter, viewer, now, order, *place, true, static_cast<int>(rest) + 1));
  const bool more_after = after.size() > rest;
  if (more_after) after.pop_back();
  std::ranges::move(after, std::back_inserter(found));
  if (more_before) previous = place_text(order, found.front(), true);
  if (more_after) next = place_text(order, found.back(), false);
  return images_of(std::move(found));
}

}  // namespace

Result<std::vector<Image>> page(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                                std::string& next, std::string& previous) {
  next.clear();
  previous.clear();
  const Order order = order_of(filter);
  if (filter.around) return page_around(tx, filter, viewer, now, order, next, previous);
  std::optional<Place> place = TRY(read_cursor(filter.cursor, order));
  const std::size_t limit = static_cast<std::size_t>(filter.limit);
  const bool anywhere = filter.sort == ImageSort::random && !place && filter.offset == 0;
  if (anywhere) place = Place{false, scattered(now), 0};
  std::vector<Found> found =
      TRY(walk(tx, filter, viewer, now, order, place, false, filter.limit + 1));
  if (anywhere && found.size() <= limit) {  // too near the end: from the beginning
    place.reset();
    found = TRY(walk(tx, filter, viewer, now, order, place, false, filter.limit + 1));
  }
  const bool more = found.size() > limit, back = place && place->back;
  if (more) found.erase(back ? found.begin() : found.end() - 1);
  // Never a cursor behind an empty page: clients take that for "no results".
  if (!found.empty()) {
    if (back || more) next = place_text(order, found.back(), false);
    if (back ? more : place || filter.offset > 0)
      previous = place_text(order, found.front(), true);
  }
  return images_of(std::move(found));
}

namespace {

/// Rows of the best numbered first within each of a list of things.
Result<std::vector<Image>> first_of_each(sql::Tx& tx, sql::Query query, int each) {
  Composer compose(query);
  query.text = "SELECT " + image_columns() + " FROM (" + query.text +
               ") p JOIN images i ON i.id = p.id JOIN users u ON u.id = i.owner_id"
               " WHERE p.nth <= " + compose.value(each) + " ORDER BY p.nth, p.id";
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<Image> out;
  for (const sql::Row row : rows) out.push_back(read_image(row));
  return out;
}

}  // namespace

Result<std::vector<Image>> of_posts(sql::Tx& tx, const std::vector<PostId>& posts, int each,
                                    const Viewer& viewer) {
  if (posts.empty()) return std::vector<Image>{};
  sql::Query query{"images.of_posts",
                   "SELECT i.id AS id, row_number() OVER (PARTITION BY i.post_id ORDER BY"
                   " i.position, i.id) AS nth FROM images i WHERE i.deleted_at IS NULL"
                   " AND i.post_id IN ",
                   {}};
  add_list(query, posts);
  add_visible(query, viewer);
  return first_of_each(tx, std::move(query), each);
}

Result<std::vector<Image>> showcase(sql::Tx& tx, const std::vector<VersionId>& versions, int each,
                                    const Viewer& viewer, std::optional<int> levels) {
  if (versions.empty()) return std::vector<Image>{};
  sql::Query query{"images.showcase",
                   "SELECT i.id AS id, row_number() OVER (PARTITION BY i.version_id ORDER BY"
                   " i.post_id DESC, i.position, i.id) AS nth FROM images i WHERE i.is_open"
                   " AND i.by_creator AND i.version_id IN ",
                   {}};
  add_list(query, versions);
  add_visible(query, viewer);
  Composer compose(query);
  if (levels) compose.also("(i.nsfw_level & " + compose.value(*levels) + ") <> 0");
  return first_of_each(tx, std::move(query), each);
}

Result<std::optional<TagId>> tag(sql::Tx& tx, std::string_view name) {
  const sql::Query query{"images.tag", "SELECT id FROM tags WHERE name = ?1",
                         {lower_ascii(name)}};
  const sql::Rows rows = TRY(tx.run(query));
  if (rows.empty()) return std::optional<TagId>{};
  return std::optional<TagId>(rows.front().id<TagId>(0));
}

Result<std::map<ImageId, std::vector<TagName>>> tags_of(sql::Tx& tx,
                                                        const std::vector<ImageId>& images) {
  std::map<ImageId, std::vector<TagName>> out;
  if (images.empty()) return out;
  sql::Query query{"images.tags_of",
                   "SELECT i.id, g.id, g.name FROM images i JOIN post_tags t ON t.post_id ="
                   " i.post_id JOIN tags g ON g.id = t.tag_id WHERE i.id IN ",
                   {}};
  add_list(query, images);
  query.text += " ORDER BY i.id, t.position";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows)
    out[row.id<ImageId>(0)].push_back({row.id<TagId>(1), row.string(2)});
  return out;
}

Result<std::vector<std::string>> tags_of_post(sql::Tx& tx, PostId post) {
  const sql::Query query{"images.tags_of_post",
                         "SELECT g.name FROM post_tags t JOIN tags g ON g.id = t.tag_id"
                         " WHERE t.post_id = ?1 ORDER BY t.position",
                         {post}};
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<std::string> out;
  for (const sql::Row row : rows) out.push_back(row.string(0));
  return out;
}

}  // namespace atelier::images::store
