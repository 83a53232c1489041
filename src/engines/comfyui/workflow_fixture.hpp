#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engines/comfyui/json_tree.hpp"
#include "engines/comfyui/workflow_reading.hpp"
#include "tests/support/real_workflows.hpp"

/// What tests of imported workflows share.
namespace atelier::engines::comfyui {

inline std::string bytes_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Node classes of a real ComfyUI.
inline const NodeTypes& recorded_types() {
  static const NodeTypes all = *NodeTypes::parse(test::recorded_object_info());
  return all;
}

inline ports::ReadWorkflow read(const std::string& text) {
  auto out = read_workflow(text, recorded_types());
  EXPECT_TRUE(out) << out.error().detail;
  return out ? *out : ports::ReadWorkflow{};
}

/// As texts "12.input: code", those about models that nobody has left out.
inline std::vector<std::string> faults_of(const ports::ReadWorkflow& workflow) {
  std::vector<std::string> out;
  for (const ports::GraphFault& fault : workflow.faults)
    if (fault.code != "unknown_model")
      out.push_back(fault.node + '.' + fault.input + ": " + fault.code);
  return out;
}

/// Of an input in the graph, as JSON.
inline std::string value(const ports::ReadWorkflow& workflow, const std::string& node,
                         const std::string& input) {
  const auto graph = JsonTree::parse(workflow.graph);
  const JsonNode* at = graph ? graph->root().find(node) : nullptr;
  at = at == nullptr ? nullptr : at->find("inputs");
  at = at == nullptr ? nullptr : at->find(input);
  return at == nullptr ? "absent" : std::string(at->json());
}

}  // namespace atelier::engines::comfyui
