#pragma once
#include <vector>

#include "features/metrics/metrics.hpp"
#include "platform/context.hpp"
#include "schema/types.hpp"

/// What the endpoint of charts takes and gives.
namespace atelier::metrics {

struct GetChart {
  SubjectKind kind = SubjectKind::model;
  schema::Whole<1, 2'147'483'647> id;
  std::optional<schema::Whole<1, 366>> days;  ///< length of the series, today included; 30
};
BOOST_DESCRIBE_STRUCT(GetChart, (), (kind, id, days))

struct MetricSeries {
  Metric metric = Metric::like;
  std::int64_t day = 0, week = 0, month = 0, year = 0, allTime = 0;  ///< rolling totals
  std::vector<std::int64_t> daily;  ///< by day from `from`; below 0 when more was taken back
};
BOOST_DESCRIBE_STRUCT(MetricSeries, (), (metric, day, week, month, year, allTime, daily))

struct MetricChart {
  schema::Time from;                ///< midnight (UTC) of the first day
  std::vector<MetricSeries> items;  ///< metrics that were ever counted
};
BOOST_DESCRIBE_STRUCT(MetricChart, (), (from, items))

Result<MetricChart> get_chart(Context& context, const GetChart& in);

}  // namespace atelier::metrics
