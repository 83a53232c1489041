#pragma once
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "engines/comfyui/workflow_reading.hpp"
#include "schema/document.hpp"
#include "schema/json_text.hpp"

namespace atelier::fuzz {

/// The node classes that workflows are read against.
inline const engines::comfyui::NodeTypes& recorded_nodes() {
  static const engines::comfyui::NodeTypes types = [] {
    std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/real_workflows/object_info.json");
    auto read = engines::comfyui::NodeTypes::parse({std::istreambuf_iterator<char>(file), {}});
    CHECK(read && read->has("KSampler"));
    return std::move(*read);
  }();
  return types;
}

/// Any bytes as a workflow. What holds for each that is taken: its graph is JSON, every suggestion
/// leads somewhere in it, and read again it stays as it is.
inline void read_workflow_bytes(std::string_view bytes) {
  const auto workflow = engines::comfyui::read_workflow(bytes, recorded_nodes());
  if (!workflow) return;
  CHECK(schema::Document::parse(workflow->graph));
  for (const auto& parameter : workflow->parameters)
    for (const std::string& pointer : parameter.pointers)
      CHECK(schema::find_json(workflow->graph, pointer));
  const auto again = engines::comfyui::read_workflow(workflow->graph, recorded_nodes());
  CHECK(!again || again->saved || again->graph == workflow->graph);
}

}  // namespace atelier::fuzz
