#pragma once
#include "features/models/endpoints.hpp"

/// The counts beside the filters of a grid: what their endpoint takes and gives.
namespace atelier::models {

struct CountModels {  ///< the filters of ListModels
  std::optional<schema::Text<0, 200>> query;
  std::optional<schema::List<ModelType, 30>> type;
  std::optional<schema::List<schema::Text<1, 60>, 100>> baseModel;
  std::optional<schema::List<schema::Text<1, 20>, 10>> format;
  std::optional<TagName> tag;
  std::optional<schema::Text<3, 30>> username;
  std::optional<CheckpointType> checkpointType;
  std::optional<Period> period;
};
BOOST_DESCRIBE_STRUCT(CountModels, (),
                      (query, type, baseModel, format, tag, username, checkpointType, period))

struct ModelFacetCount {
  std::string value;
  std::int64_t models = 0;
};
BOOST_DESCRIBE_STRUCT(ModelFacetCount, (), (value, models))
struct ModelFacets {  ///< values without models are left out
  std::int64_t total = 0;
  std::vector<ModelFacetCount> type, baseModel, format, checkpointType, period;
};
BOOST_DESCRIBE_STRUCT(ModelFacets, (), (total, type, baseModel, format, checkpointType, period))

Result<ModelFacets> count_models(Context& context, const CountModels& in);

/// Exact, of what `viewer` sees.
Result<Facets> facets_for(Services& services, sql::Tx& tx, const Filter& filter,
                          const Viewer& viewer, Millis now);

}  // namespace atelier::models
