#include "features/metrics/store.hpp"

#include "schema/describe.hpp"

namespace atelier::metrics::store {
namespace {

const sql::Statement add_hour{
    "metrics.add_hour",
    "INSERT INTO metric_hours (kind, subject_id, metric, hour, amount) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (kind, subject_id, metric, hour)"
    " DO UPDATE SET amount = metric_hours.amount + excluded.amount"};
const sql::Statement add_day{
    "metrics.add_day",
    "INSERT INTO metric_days (kind, subject_id, metric, day, amount, windows)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, subject_id, metric, day)"
    " DO UPDATE SET amount = metric_days.amount + excluded.amount RETURNING windows"};
const sql::Statement add_tally{
    "metrics.add_tally",
    "INSERT INTO metric_tallies (kind, subject_id, metric, day_amount, week_amount, month_amount,"
    " year_amount, all_amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    " ON CONFLICT (kind, subject_id, metric) DO UPDATE SET"
    " day_amount = metric_tallies.day_amount + excluded.day_amount,"
    " week_amount = metric_tallies.week_amount + excluded.week_amount,"
    " month_amount = metric_tallies.month_amount + excluded.month_amount,"
    " year_amount = metric_tallies.year_amount + excluded.year_amount,"
    " all_amount = metric_tallies.all_amount + excluded.all_amount"};
const sql::Statement leave_day{
    "metrics.leave_day",
    "DELETE FROM metric_hours WHERE (kind, subject_id, metric, hour) IN (SELECT kind, subject_id,"
    " metric, hour FROM metric_hours WHERE hour <= ?1 ORDER BY hour LIMIT ?2)"
    " RETURNING kind, subject_id, metric, amount"};
const sql::Statement leave_window{
    "metrics.leave_window",
    "UPDATE metric_days SET windows = ?3 WHERE (kind, subject_id, metric, day) IN (SELECT kind,"
    " subject_id, metric, day FROM metric_days WHERE windows = ?2 AND windows > 0 AND day <= ?1"
    " ORDER BY day LIMIT ?4) RETURNING kind, subject_id, metric, amount"};
const sql::Statement list_days{
    "metrics.days",
    "SELECT metric, day, amount FROM metric_days WHERE kind = ?1 AND subject_id = ?2 AND day >= ?3"
    " ORDER BY metric, day"};

const sql::Statement highest_tally{
    "metrics.last_tally", "SELECT max(subject_id) FROM metric_tallies WHERE kind = ?1"};
#define OF_METRIC " WHERE kind = ?1 AND metric = ?2 AND subject_id BETWEEN ?3 AND ?4"
const sql::Statement clear_hours{"metrics.clear_hours", "DELETE FROM metric_hours" OF_METRIC};
const sql::Statement clear_days{"metrics.clear_days", "DELETE FROM metric_days" OF_METRIC};
const sql::Statement clear_tallies{
    "metrics.clear_tallies", "DELETE FROM metric_tallies" OF_METRIC " RETURNING subject_id"};

constexpr std::int64_t day_hours = 24, week_days = 7, month_days = 30, year_days = 365;

template <class E>
E label(const sql::Row& row, std::size_t column) {
  return schema::from_label<E>(row.text(column)).value_or(E{});
}

Result<void> add_amounts(sql::Tx& tx, SubjectKind kind, std::int64_t id, Metric metric,
                         const Amounts& by) {
  TRY(tx.run(add_tally, {schema::label_of(kind), id, schema::label_of(metric), by[0], by[1], by[2],
                         by[3], by[4]}));
  return {};
}

}  // namespace

Result<void> add(sql::Tx& tx, const Happened& happened, Millis now) {
  const char* kind = schema::label_of(happened.kind);
  const char* metric = schema::label_of(happened.metric);
  const std::int64_t amount = happened.amount, today = now / day_ms;
  const std::int64_t day = happened.hour * hour_ms / day_ms;
  const bool of_last_day = happened.hour > now / hour_ms - day_hours;
  if (of_last_day)
    TRY(tx.run(add_hour, {kind, happened.id, metric, happened.hour, amount}));
  const int fresh = (day > today - week_days ? week_bit : 0) |
                    (day > today - month_days ? month_bit : 0) |
                    (day > today - year_days ? year_bit : 0);
  // A row that is there knows which windows it still counts in.
  const std::int64_t windows =
      TRY(tx.run(add_day, {kind, happened.id, metric, day, amount, fresh})).front().whole(0);
  const auto within = [&](int bit) { return (windows & bit) != 0 ? amount : 0; };
  return add_amounts(tx, happened.kind, happened.id, happened.metric,
                     {of_last_day ? amount : 0, within(week_bit), within(month_bit),
                      within(year_bit), amount});
}

Result<std::vector<TallyRow>> tallies(sql::Tx& tx, SubjectKind kind,
                                      std::span<const std::int64_t> ids) {
  std::vector<TallyRow> found;
  if (ids.empty()) return found;
  sql::Query query{"metrics.tallies",
                   "SELECT subject_id, metric, day_amount, week_amount, month_amount, year_amount,"
                   " all_amount FROM metric_tallies WHERE kind = ?1 AND subject_id IN (",
                   {schema::label_of(kind)}};
  for (const std::int64_t id : ids) {
    query.values.emplace_back(id);
    query.text += (query.values.size() == 2 ? "?" : ", ?") + std::to_string(query.values.size());
  }
  query.text += ")";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) {
    TallyRow tally{row.whole(0), label<Metric>(row, 1), {}};
    for (std::size_t i = 0; i < tally.amounts.size(); ++i) tally.amounts[i] = row.whole(2 + i);
    found.push_back(tally);
  }
  return found;
}

Result<std::vector<Left>> leave(sql::Tx& tx, Timeframe timeframe, Millis now, int limit) {
  const auto out_of = [&](std::int64_t days, int bits, int left) {
    return tx.run(leave_window, {now / day_ms - days, bits, left, limit});
  };
  Result<sql::Rows> rows =
      timeframe == Timeframe::Day
          ? tx.run(leave_day, {now / hour_ms - day_hours, limit})
      : timeframe == Timeframe::Week
          ? out_of(week_days, week_bit | month_bit | year_bit, month_bit | year_bit)
      : timeframe == Timeframe::Month ? out_of(month_days, month_bit | year_bit, year_bit)
                                      : out_of(year_days, year_bit, 0);
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<Left> all;
  for (const sql::Row& row : *rows) {
    const Left left{label<SubjectKind>(row, 0), row.whole(1), timeframe};
    Amounts by{};
    by[std::size_t(timeframe)] = -row.whole(3);
    TRY(add_amounts(tx, left.kind, left.id, label<Metric>(row, 2), by));
    all.push_back(left);
  }
  return all;
}

Result<std::vector<Happened>> standing(sql::Tx& tx, std::string_view rows, SubjectKind kind,
                                       std::int64_t first, std::int64_t last) {
  // Integers divide towards zero on both engines, and times are after 1970.
  const sql::Query query{
      "metrics.standing",
      "SELECT d.subject_id, d.metric, d.at / 3600000, count(*) FROM (" + std::string(rows) +
          ") d WHERE d.kind = ?1 AND d.subject_id BETWEEN ?2 AND ?3 GROUP BY 1, 2, 3",
      {schema::label_of(kind), first, last}};
  std::vector<Happened> all;
  const sql::Rows found = TRY(tx.run(query));
  for (const sql::Row& row : found)
    all.push_back({kind, row.whole(0), label<Metric>(row, 1), row.whole(2), row.whole(3)});
  return all;
}

Result<std::int64_t> last_deed(sql::Tx& tx, std::string_view rows, SubjectKind kind) {
  const sql::Query query{
      "metrics.last_deed",
      "SELECT max(d.subject_id) FROM (" + std::string(rows) + ") d WHERE d.kind = ?1",
      {schema::label_of(kind)}};
  return TRY(tx.run(query)).front().whole(0);
}

Result<std::int64_t> last_tally(sql::Tx& tx, SubjectKind kind) {
  return TRY(tx.run(highest_tally, {schema::label_of(kind)})).front().whole(0);
}

Result<std::vector<std::int64_t>> clear(sql::Tx& tx, SubjectKind kind, Metric metric,
                                        std::int64_t first, std::int64_t last) {
  const std::vector<sql::Cell> which{schema::label_of(kind), schema::label_of(metric), first, last};
  TRY(tx.run(clear_hours, which));
  TRY(tx.run(clear_days, which));
  std::vector<std::int64_t> all;
  const sql::Rows rows = TRY(tx.run(clear_tallies, which));
  for (const sql::Row& row : rows) all.push_back(row.whole(0));
  return all;
}

Result<std::vector<DayRow>> days(sql::Tx& tx, SubjectKind kind, std::int64_t id,
                                 std::int64_t from) {
  std::vector<DayRow> all;
  const sql::Rows rows = TRY(tx.run(list_days, {schema::label_of(kind), id, from}));
  for (const sql::Row& row : rows)
    all.push_back({label<Metric>(row, 0), row.whole(1), row.whole(2)});
  return all;
}

}  // namespace atelier::metrics::store
