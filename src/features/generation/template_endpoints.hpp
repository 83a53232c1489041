#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/generation/templates.hpp"
#include "schema/types.hpp"

/// What the endpoints of workflow templates take and give. Members are the JSON names.
namespace atelier::generation {

struct TemplatePath {
  TemplateId id;
};
BOOST_DESCRIBE_STRUCT(TemplatePath, (), (id))

struct TemplateCard {
  TemplateId id;
  std::string name, detail;
  std::vector<TemplateParameter> parameters;
  std::vector<std::string> nodes;      ///< classes that a backend must have
  std::optional<schema::Json> graph;   ///< ComfyUI's executable form; not in lists
  bool hasWorkflow = false;
  TemplateAudience audience = TemplateAudience::members;
  schema::Time createdAt, updatedAt;
};
BOOST_DESCRIBE_STRUCT(TemplateCard, (), (id, name, detail, parameters, nodes, graph, hasWorkflow,
                                         audience, createdAt, updatedAt))
struct TemplateList {
  std::vector<TemplateCard> items;
};
BOOST_DESCRIBE_STRUCT(TemplateList, (), (items))

struct CreateTemplate {
  schema::Text<1, 100> name;
  std::optional<schema::Text<0, 2000>> detail;
  schema::Json graph;                  ///< API format
  std::optional<schema::Json> workflow;  ///< the editor's document, to be put into results
  schema::List<TemplateParameter, 100> parameters;
  std::optional<TemplateAudience> audience;  ///< members
};
BOOST_DESCRIBE_STRUCT(CreateTemplate, (), (name, detail, graph, workflow, parameters, audience))

struct UpdateTemplate {
  TemplateId id;
  std::optional<schema::Text<1, 100>> name;
  std::optional<schema::Text<0, 2000>> detail;
  std::optional<schema::Json> graph;
  std::optional<schema::Json> workflow;
  std::optional<schema::List<TemplateParameter, 100>> parameters;
  std::optional<TemplateAudience> audience;
};
BOOST_DESCRIBE_STRUCT(UpdateTemplate, (), (id, name, detail, graph, workflow, parameters,
                                           audience))

}  // namespace atelier::generation
