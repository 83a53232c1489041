#include <algorithm>
#include <array>
#include <map>

#include "features/models/store.hpp"
#include "features/models/visibility.hpp"

// The counts beside the filters of a grid, of what this viewer sees: one scan for what stands in a
// model's own row, one for each of base models and formats.
namespace atelier::models::store {
namespace {

struct Asked {
  const Viewer& viewer;
  Millis now;
  const Viewer* personal;
};

/// Appends " AND …": only models that this viewer may see otherwise than any member who browses the
/// same levels: their own, and what they have hidden or blocked (features/visibility).
void add_personal(sql::Query& query, const Viewer& viewer) {
  query.values.push_back(viewer.user);
  const std::string who = "?" + std::to_string(query.values.size());
  const std::string hidden = " FROM hidden h WHERE h.user_id = " + who + " AND h.kind = ";
  query.text += " AND m.id IN (SELECT o.id FROM models o WHERE o.owner_id = " + who +
                " UNION ALL SELECT o.id FROM models o WHERE o.owner_id IN (SELECT h.subject_id" +
                hidden + "'user') UNION ALL SELECT h.subject_id" + hidden +
                "'model' UNION ALL SELECT t.model_id FROM model_tags t WHERE t.tag_id IN"
                " (SELECT h.subject_id" + hidden + "'tag'))";
}

void add_asked(sql::Query& query, const Filter& filter, const Asked& asked) {
  add_conditions(query, filter, asked.viewer, asked.now);
  if (asked.personal != nullptr) add_personal(query, *asked.personal);
}

Facets::Counts sorted(const std::map<std::string, std::int64_t>& counts) {
  Facets::Counts out;
  for (const auto& [value, models] : counts)
    if (models > 0) out.emplace_back(value, models);
  std::ranges::stable_sort(out, std::greater{}, &std::pair<std::string, std::int64_t>::second);
  return out;
}

/// Periods that a model falls into, the shortest first: each lies in the next.
constexpr std::array spans = {Period::Day, Period::Week, Period::Month, Period::Year,
                              Period::AllTime};

/// Models alike in all that is chosen from their own rows.
struct Cell {
  std::string type, checkpoint;
  std::size_t span = 0;  ///< the first of `spans` that holds them
  std::int64_t models = 0;
};

Result<std::vector<Cell>> cells(sql::Tx& tx, Filter rest, const Asked& asked) {
  rest.types = {};
  rest.checkpoint_type = {};
  rest.period = Period::AllTime;
  sql::Query query{"models.facet_cells", "", {}};
  std::string span = "CASE";
  for (std::size_t i = 0; i + 1 < spans.size(); ++i) {
    query.values.emplace_back(asked.now - period_ms(spans[i]));
    span += " WHEN m.last_version_at >= ?" + std::to_string(query.values.size()) + " THEN " +
            std::to_string(i);
  }
  query.text = "SELECT m.type, m.checkpoint_type, " + span + " ELSE " +
               std::to_string(spans.size() - 1) + " END, count(*) FROM models m WHERE 1 = 1";
  add_asked(query, rest, asked);
  query.text += " GROUP BY 1, 2, 3";
  std::vector<Cell> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows)
    all.push_back({row.string(0), row.null(1) ? "" : row.string(1),
                   static_cast<std::size_t>(row.whole(2)), row.whole(3)});
  return all;
}

/// A facet's own choice does not narrow it: its values are alternatives.
void count_cells(const std::vector<Cell>& all, const Filter& filter, Facets& out) {
  std::map<std::string, std::int64_t> types, checkpoints, periods;
  const auto wanted = static_cast<std::size_t>(std::ranges::find(spans, filter.period) -
                                               spans.begin());
  for (const Cell& cell : all) {
    const bool type = filter.types.empty() ||
                      std::ranges::any_of(filter.types, [&](ModelType each) {
                        return cell.type == schema::label_of(each);
                      });
    const bool checkpoint = !filter.checkpoint_type ||
                            cell.checkpoint == schema::label_of(*filter.checkpoint_type);
    const bool period = cell.span <= wanted;
    if (type && checkpoint && period) out.total += cell.models;
    if (checkpoint && period) types[cell.type] += cell.models;
    if (type && period && !cell.checkpoint.empty()) checkpoints[cell.checkpoint] += cell.models;
    if (type && checkpoint)
      for (std::size_t i = cell.span; i + 1 < spans.size(); ++i)
        periods[schema::label_of(spans[i])] += cell.models;
  }
  out.types = sorted(types);
  out.checkpoint_types = sorted(checkpoints);
  for (const Period period : {Period::Year, Period::Month, Period::Week, Period::Day})
    if (const auto found = periods.find(schema::label_of(period)); found != periods.end())
      out.periods.emplace_back(*found);
}

/// Values of `column` in the versions; a model has several and counts once for a value.
Result<Facets::Counts> of_versions(sql::Tx& tx, const char* name, const std::string& column,
                                   const std::string& more, const Filter& rest,
                                   const Asked& asked) {
  sql::Query query{name,
                   "SELECT " + column + ", count(DISTINCT m.id) FROM models m JOIN model_versions v"
                   " ON v.model_id = m.id" + more + " WHERE " + column + " IS NOT NULL",
                   {}};
  add_asked(query, rest, asked);
  add_visible_version(query, asked.viewer);
  query.text += " GROUP BY 1 ORDER BY 2 DESC, 1";
  Facets::Counts found;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) found.emplace_back(row.string(0), row.whole(1));
  return found;
}

}  // namespace

Result<Facets> facets(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now,
                      const Viewer* personal) {
  const Asked asked{viewer, now, personal};
  Facets out;
  count_cells(TRY(cells(tx, filter, asked)), filter, out);
  Filter rest = filter;
  rest.base_models = {};
  out.base_models = TRY(of_versions(tx, "models.facet_bases", "v.base_model", "", rest, asked));
  rest = filter;
  rest.formats = {};
  out.formats = TRY(of_versions(tx, "models.facet_formats", "f.format",
                                " JOIN version_files f ON f.version_id = v.id", rest, asked));
  return out;
}

Result<bool> has_personal(sql::Tx& tx, const Viewer& viewer) {
  sql::Query query{"models.has_personal", "SELECT 1 FROM models m WHERE 1 = 1", {}};
  add_personal(query, viewer);
  query.text += " LIMIT 1";
  return !TRY(tx.run(query)).empty();
}

}  // namespace atelier::models::store
