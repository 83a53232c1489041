#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "engines/comfyui/json_tree.hpp"
#include "engines/comfyui/workflow_reading.hpp"

// Workflows that people made, against what ComfyUI itself exports of them.
namespace atelier::engines::comfyui {
namespace {

namespace fs = std::filesystem;

std::string bytes_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Equal as JSON is; numbers as doubles, which is all that a browser knows.
bool same(const JsonNode& ours, const JsonNode& theirs) {
  if (ours.real() && theirs.real()) return *ours.real() == *theirs.real();
  if (ours.text() && theirs.text()) return *ours.text() == *theirs.text();
  if (ours.kind() != theirs.kind() || ours.items().size() != theirs.items().size()) return false;
  if (ours.is_list()) {
    for (std::size_t i = 0; i < ours.items().size(); ++i)
      if (!same(ours.items()[i], theirs.items()[i])) return false;
    return true;
  }
  if (!ours.is_object()) return ours.json() == theirs.json();
  for (std::size_t i = 0; i < ours.names().size(); ++i) {
    const JsonNode* const other = theirs.find(ours.names()[i]);
    if (other == nullptr || !same(ours.items()[i], *other)) return false;
  }
  return true;
}

/// What may differ, and why. `old`: the pair was exported by an editor of its time, not by the one
/// that knows these node classes.
struct Comparing {
  const NodeTypes& types;
  bool old = false;
  std::vector<std::string> differences = {};

  void add(const std::string& where, std::string_view ours, std::string_view theirs) {
    differences.push_back(where + ": " + std::string(ours.substr(0, 80)) + " ≠ " +
                          std::string(theirs.substr(0, 80)));
  }

  void graphs(const JsonNode& ours, const JsonNode& theirs) {
    std::set<std::string> ids(ours.names().begin(), ours.names().end());
    ids.insert(theirs.names().begin(), theirs.names().end());
    for (const std::string& id : ids) {
      const JsonNode* const one = ours.find(id);
      const JsonNode* const other = theirs.find(id);
      if (one != nullptr && other != nullptr) nodes(id, *one, *other);
      else add(id, one ? one->json() : "absent", other ? other->json() : "absent");
    }
  }

  void nodes(const std::string& id, const JsonNode& ours, const JsonNode& theirs) {
    const std::string type = ours.text("class_type").value_or("");
    // The editor has no class for a node that it does not know.
    if (theirs.text("class_type") && type != theirs.text("class_type"))
      return add(id, type, *theirs.text("class_type"));
    const JsonNode none;
    const JsonNode& one = ours.find("inputs") ? *ours.find("inputs") : none;
    const JsonNode& other = theirs.find("inputs") ? *theirs.find("inputs") : none;
    std::set<std::string> names(one.names().begin(), one.names().end());
    names.insert(other.names().begin(), other.names().end());
    for (const std::string& name : names)
      if (!explained(type, name, one.find(name), other.find(name)))
        add(id + ' ' + type + '.' + name, one.find(name) ? one.find(name)->json() : "absent",
            other.find(name) ? other.find(name)->json() : "absent");
  }

  bool explained(const std::string& type, const std::string& name, const JsonNode* ours,
                 const JsonNode* theirs) const {
    if (ours != nullptr && theirs != nullptr && same(*ours, *theirs)) return true;
    const NodeType* const node = types.find(type);
    const InputType* const input = node == nullptr ? nullptr : node->find(name);
    // Widgets that the editor adds for itself (upload buttons, players); the server ignores them.
    if (node != nullptr && input == nullptr && ours == nullptr) return true;
    // What the editor calls the values of a class that it does not know.
    if (node == nullptr && name == "UNKNOWN" && ours == nullptr) return true;
    // A recording, which the editor makes when the work is sent.
    if (input != nullptr && input->type == "AUDIO_RECORD" && ours == nullptr) return true;
    // Names of files: the editor puts in the date.
    if (name == "filename_prefix" && ours != nullptr && ours->json().find('%') != ours->json().npos)
      return true;
    // The class got this input since, and the file has no value for it.
    return old && input != nullptr && theirs == nullptr && !ours->is_list();
  }
};

struct Outcome {
  int read = 0, pairs = 0, equal = 0;
  int refused = 0;  ///< for group nodes, which today's editor does not export rightly either
  std::vector<std::string> wrong;
};

/// `folder` holds object_info.json, NAME.json as the editor saves them, and, where there is one,
/// NAME.prompt (exported by the editor that saved it) or NAME.export (by the editor of that
/// object_info).
Outcome try_all(const fs::path& folder) {
  Outcome out;
  const auto types = NodeTypes::parse(bytes_of_file(folder / "object_info.json"));
  EXPECT_TRUE(types) << folder;
  if (!types) return out;
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".json" && entry.path().filename() != "object_info.json")
      files.insert(entry.path());
  for (const fs::path& path : files) {
    const std::string name = path.lexically_relative(folder).string();
    const auto read = read_workflow(bytes_of_file(path), *types);
    if (!read || !read->saved) {
      out.wrong.push_back(name + ": " + (read ? "is no saved workflow" : read.error().detail));
      continue;
    }
    if (std::ranges::find(read->faults, "group_node", &ports::GraphFault::code) !=
        read->faults.end()) {
      ++out.refused;
      continue;
    }
    ++out.read;
    const auto ours = JsonTree::parse(read->graph);
    for (const char* const pair : {".export", ".prompt"}) {
      fs::path other = path;
      other.replace_extension(pair);
      if (!fs::exists(other)) continue;
      const auto theirs = JsonTree::parse(bytes_of_file(other));
      if (!ours || !theirs) {
        out.wrong.push_back(name + ": no JSON");
        continue;
      }
      Comparing comparing{*types, pair == std::string_view(".prompt")};
      comparing.graphs(ours->root(), theirs->root());
      ++out.pairs;
      out.equal += comparing.differences.empty();
      for (const std::string& one : comparing.differences)
        out.wrong.push_back(name + pair + ": " + one);
    }
  }
  return out;
}

std::string told(const Outcome& outcome) {
  std::string out;
  for (const std::string& one : outcome.wrong) out += one + '\n';
  return out;
}

TEST(RealWorkflows, OfTheRepository) {
  const Outcome outcome = try_all(ATELIER_SOURCE_DIR "/tests/support/real_workflows");
  EXPECT_GE(outcome.read, 30);
  EXPECT_GE(outcome.pairs, 30);
  EXPECT_TRUE(outcome.wrong.empty()) << told(outcome);
}

TEST(RealWorkflows, OfAFolder) {
  const char* const folder = std::getenv("ATELIER_COMFY_WORKFLOWS");
  if (folder == nullptr)
    GTEST_SKIP() << "ATELIER_COMFY_WORKFLOWS names no folder of workflows: none of the large "
                    "collection was tried";
  const Outcome outcome = try_all(folder);
  std::cout << outcome.read << " workflows, " << outcome.equal << " of " << outcome.pairs
            << " pairs equal; " << outcome.refused << " with group nodes refused\n";
  EXPECT_GE(outcome.read, 30);
  EXPECT_TRUE(outcome.wrong.empty()) << told(outcome);
}

}  // namespace
}  // namespace atelier::engines::comfyui
