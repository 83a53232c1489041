#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/generation/templates.hpp"
#include "schema/large_json.hpp"
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
  schema::LargeJson graph;             ///< API format
  std::optional<schema::LargeJson> workflow;  ///< the editor's document, to be put into results
  schema::List<TemplateParameter, 100> parameters;
  std::optional<TemplateAudience> audience;  ///< members
};
BOOST_DESCRIBE_STRUCT(CreateTemplate, (), (name, detail, graph, workflow, parameters, audience))

struct UpdateTemplate {
  TemplateId id;
  std::optional<schema::Text<1, 100>> name;
  std::optional<schema::Text<0, 2000>> detail;
  std::optional<schema::LargeJson> graph;  ///< another one: the workflow goes, if none is given
  std::optional<schema::LargeJson> workflow;
  std::optional<schema::List<TemplateParameter, 100>> parameters;
  std::optional<TemplateAudience> audience;
};
BOOST_DESCRIBE_STRUCT(UpdateTemplate, (), (id, name, detail, graph, workflow, parameters,
                                           audience))

/// What a file of ComfyUI is: the graph that it executes, or the document that its editor saves.
enum class WorkflowFormat : unsigned char { api, save };
BOOST_DESCRIBE_ENUM(WorkflowFormat, api, save)

struct ImportWorkflow {
  schema::Text<2, 1 << 20> workflow;   ///< the file's text
  std::optional<BackendId> backend;    ///< whose nodes count; absent: whichever ComfyUI fits best
};
BOOST_DESCRIBE_STRUCT(ImportWorkflow, (), (workflow, backend))

struct WorkflowFault {
  std::string node;                    ///< id in `graph`, "12" or "12:3"; "" = the whole
  std::string nodeClass, nodeTitle;    ///< "" where there is none
  std::string input;                   ///< "" = the node itself
  std::string code, detail;
};
BOOST_DESCRIBE_STRUCT(WorkflowFault, (), (node, nodeClass, nodeTitle, input, code, detail))

/// What no backend has.
enum class MissingKind : unsigned char { node, model };
BOOST_DESCRIBE_ENUM(MissingKind, node, model)
struct WorkflowMissing {
  MissingKind kind = MissingKind::node;
  std::string name;                    ///< a node class, or a model's file
  std::vector<std::string> nodes;      ///< ids of those that want it
};
BOOST_DESCRIBE_STRUCT(WorkflowMissing, (), (kind, name, nodes))

struct ImportedWorkflow {
  WorkflowFormat format = WorkflowFormat::api;
  schema::Json graph;                  ///< for `graph` of a template, also where it has faults
  std::vector<TemplateParameter> parameters;  ///< suggested, for `parameters` of a template
  std::vector<WorkflowFault> faults;   ///< of the backend's view; it would refuse the graph
  std::vector<WorkflowMissing> missing;
  std::vector<std::string> notes;      ///< what was left out or changed, for people
  std::string backend;                 ///< name of the one whose nodes counted
};
BOOST_DESCRIBE_STRUCT(ImportedWorkflow, (),
                      (format, graph, parameters, faults, missing, notes, backend))

}  // namespace atelier::generation
