#include "features/models/store.hpp"
#include "features/models/visibility.hpp"

// The counts beside the filters of a grid: exact, of what this viewer sees, one scan a facet.
namespace atelier::models::store {
namespace {

/// One facet's question: values of `column` over `from`, and what else must hold of the row.
struct Question {
  const char* name;
  const char* column;
  const char* from;
  bool of_versions = false;  ///< a model may have several rows, and counts once a value
};

constexpr Question by_type{"models.facet_types", "m.type", "models m"};
constexpr Question by_checkpoint{"models.facet_checkpoints", "m.checkpoint_type", "models m"};
constexpr Question by_base{"models.facet_bases", "v.base_model",
                           "models m JOIN model_versions v ON v.model_id = m.id", true};
constexpr Question by_format{"models.facet_formats", "f.format",
                             "models m JOIN model_versions v ON v.model_id = m.id"
                             " JOIN version_files f ON f.version_id = v.id",
                             true};

struct Asked {
  const Filter& filter;
  const Viewer& viewer;
  Millis now;
};

Result<Facets::Counts> counts(sql::Tx& tx, const Question& question, const Asked& asked) {
  const std::string column = question.column;
  sql::Query query{question.name,
                   "SELECT " + column +
                       ", count(" + (question.of_versions ? "DISTINCT m.id" : "*") + ") FROM " +
                       question.from + " WHERE " + column + " IS NOT NULL",
                   {}};
  add_conditions(query, asked.filter, asked.viewer, asked.now);
  if (question.of_versions) add_visible_version(query, asked.viewer);
  query.text += " GROUP BY " + column + " ORDER BY 2 DESC, 1";
  Facets::Counts found;
  for (const sql::Row row : TRY(tx.run(query))) found.emplace_back(row.string(0), row.whole(1));
  return found;
}

/// Periods lie in one another, so they are counted beside each other in one scan.
Result<Facets::Counts> periods(sql::Tx& tx, const Asked& asked) {
  constexpr Period all[] = {Period::Year, Period::Month, Period::Week, Period::Day};
  sql::Query query{"models.facet_periods", "SELECT ", {}};
  for (const Period period : all) {
    query.values.emplace_back(asked.now - period_ms(period));
    query.text += std::string(query.values.size() > 1 ? ", " : "") +
                  "count(CASE WHEN m.last_version_at >= ?" +
                  std::to_string(query.values.size()) + " THEN 1 END)";
  }
  query.text += " FROM models m WHERE 1 = 1";
  add_conditions(query, asked.filter, asked.viewer, asked.now);
  const sql::Rows rows = TRY(tx.run(query));
  Facets::Counts found;
  for (std::size_t i = 0; i < std::size(all); ++i)
    if (const std::int64_t models = rows.front().whole(static_cast<int>(i)); models > 0)
      found.emplace_back(schema::label_of(all[i]), models);
  return found;
}

}  // namespace

Result<Facets> facets(sql::Tx& tx, const Filter& filter, const Viewer& viewer, Millis now) {
  // A facet's own choice does not narrow it: its values are alternatives.
  const auto without = [&](auto member) {
    Filter rest = filter;
    rest.*member = {};
    return rest;
  };
  const auto ask = [&](const Question& question, const Filter& rest) {
    return counts(tx, question, {rest, viewer, now});
  };
  Facets out;
  out.total = TRY(store::count(tx, filter, viewer, now));
  out.types = TRY(ask(by_type, without(&Filter::types)));
  out.base_models = TRY(ask(by_base, without(&Filter::base_models)));
  out.formats = TRY(ask(by_format, without(&Filter::formats)));
  out.checkpoint_types = TRY(ask(by_checkpoint, without(&Filter::checkpoint_type)));
  out.periods = TRY(periods(tx, {without(&Filter::period), viewer, now}));
  return out;
}

}  // namespace atelier::models::store
