#pragma once
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "engines/comfyui/workflow_reading.hpp"
#include "schema/document.hpp"
#include "schema/json_text.hpp"

namespace atelier::fuzz {

/// Any bytes as a workflow. What holds for each that is taken: its graph is JSON, every suggestion
/// leads somewhere in it, and read again it stays as it is.
inline void read_workflow_bytes(std::string_view bytes, const engines::comfyui::NodeTypes& types) {
  const auto workflow = engines::comfyui::read_workflow(bytes, types);
  if (!workflow) return;
  CHECK(schema::Document::parse(workflow->graph));
  for (const auto& parameter : workflow->parameters)
    for (const std::string& pointer : parameter.pointers)
      CHECK(schema::find_json(workflow->graph, pointer));
  const auto again = engines::comfyui::read_workflow(workflow->graph, types);
  CHECK(!again || again->saved || again->graph == workflow->graph);
}

}  // namespace atelier::fuzz
