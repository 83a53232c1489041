#include <algorithm>
#include <array>
#include <map>

#include "features/metrics/endpoints.hpp"
#include "features/metrics/functions.hpp"
#include "features/metrics/store.hpp"
#include "platform/jobs.hpp"

namespace atelier::metrics {
namespace {

constexpr int rows_per_step = 1'000;
constexpr std::int64_t subjects_per_step = 500;
constexpr std::string_view recount_name = "metrics.recount";

struct EveryHour {};
BOOST_DESCRIBE_STRUCT(EveryHour, (), ())

Result<void> move_on(platform::JobRun& run, const EveryHour&) {
  Services& services = run.services();
  while (!run.should_stop()) {
    const int moved = TRY(sql::change(*services.database, sql::Lane::bulk, [&](sql::Tx& tx) {
      return move_windows(services, tx, services.clock->now(), rows_per_step);
    }));
    if (moved < rows_per_step) return {};
  }
  return {};
}

struct Everything {};
BOOST_DESCRIBE_STRUCT(Everything, (), ())

Result<void> recount_all(platform::JobRun& run, const Everything&) {
  Services& services = run.services();
  for (std::size_t i = 0; i < platform::subject_kinds; ++i) {
    const auto kind = static_cast<SubjectKind>(i);
    const std::int64_t last = TRY(sql::ask(
        *services.database, [&](sql::Tx& tx) { return last_counted(tx, kind); }));
    for (std::int64_t first = 1; first <= last; first += subjects_per_step) {
      if (run.should_stop()) return {};
      TRY(services.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) {
        return recount(services, tx, kind, first, first + subjects_per_step - 1);
      }));
      run.progress(first, last, schema::label_of(kind));
    }
  }
  return {};
}

void add_jobs(platform::Jobs& jobs) {
  jobs.add({.name = recount_name, .concurrency = 1}, recount_all);
  jobs.add({.name = "metrics.windows", .concurrency = 1, .cron = "2 * * * *"}, move_on);
}

void add_events(Services& services) {
  services.events->consumer(
      std::string(fold_name), [&services](sql::Tx& tx, const std::vector<platform::Event>& events) {
        return fold(services, tx, events);
      },
      [&services] {  // events are gone that were not folded
        return services.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
          TRY(enqueue_recount(tx, services.clock->now()));
          return {};
        });
      });
}

void add_routes(schema::Routes& routes) {
  schema::bind(routes, schema::Method::get,
               {.path = "/api/v2/metrics/{kind}/{id}", .id = "getChart",
                .summary = "How often people did something with it, per day and in all.",
                .access = schema::Access::anyone, .scope = schema::Scope::models_read,
                .cheap = true},
               get_chart);
}

}  // namespace

Result<JobId> enqueue_recount(sql::Tx& tx, Millis now) {
  return platform::enqueue(tx, now, recount_name, Everything{},
                           {.unique_key = std::string(recount_name)});
}

Result<MetricChart> get_chart(Context& context, const GetChart& in) {
  const auto subject = TRY(context.services.subjects->need(context.tx(), in.kind, in.id.value,
                                                           context.viewer));
  const std::int64_t days = in.days ? in.days->value : 30;
  const std::int64_t first = context.now / store::day_ms - days + 1;
  std::map<Metric, MetricSeries> series;
  const std::array ids = {subject.id};
  for (const store::TallyRow& row : TRY(store::tallies(context.tx(), in.kind, ids))) {
    const auto of = [&](Timeframe timeframe) {
      return std::max<std::int64_t>(0, row.amounts[std::size_t(timeframe)]);
    };
    series[row.metric] = {row.metric, of(Timeframe::Day), of(Timeframe::Week),
                          of(Timeframe::Month), of(Timeframe::Year), of(Timeframe::AllTime),
                          std::vector<std::int64_t>(std::size_t(days))};
  }
  for (const store::DayRow& row : TRY(store::days(context.tx(), in.kind, subject.id, first)))
    if (const auto found = series.find(row.metric);
        found != series.end() && row.day < first + days)
      found->second.daily[std::size_t(row.day - first)] = row.amount;
  MetricChart chart{{first * store::day_ms}, {}};
  for (auto& [metric, one] : series) chart.items.push_back(std::move(one));
  return chart;
}

platform::Feature feature() {
  return {.name = "metrics", .routes = add_routes, .jobs = add_jobs, .events = add_events};
}

}  // namespace atelier::metrics
