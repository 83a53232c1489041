#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "engines/comfyui/graph_check.hpp"
#include "engines/comfyui/workflow_fixture.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

// Workflows that people made, against what ComfyUI itself exports of them.
namespace atelier::engines::comfyui {
namespace {

namespace fs = std::filesystem;

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
  /// Nodes of groups that the editor calls by the ids that they had before they were grouped: until
  /// it reads the file again. They are those that the same inputs are linked to.
  std::map<std::string, std::string> renamed = {};

  void add(const std::string& where, std::string_view ours, std::string_view theirs) {
    differences.push_back(where + ": " + std::string(ours.substr(0, 80)) + " ≠ " +
                          std::string(theirs.substr(0, 80)));
  }

  void graphs(const JsonNode& ours, const JsonNode& theirs) {
    std::set<std::string> ids(ours.names().begin(), ours.names().end());
    ids.insert(theirs.names().begin(), theirs.names().end());
    for (const std::string& id : ids) find_renamed(id, ours, theirs);
    for (const auto& [one, other] : renamed) ids.erase(other);
    for (const std::string& id : ids) {
      const auto other_id = renamed.find(id);
      const JsonNode* const one = ours.find(id);
      const JsonNode* const other =
          theirs.find(other_id == renamed.end() ? id : other_id->second);
      if (one != nullptr && other != nullptr) nodes(id, *one, *other);
      else add(id, one ? one->json() : "absent", other ? other->json() : "absent");
    }
  }

  /// From a node that both have, and on from those that are found.
  void find_renamed(const std::string& id, const JsonNode& ours, const JsonNode& theirs) {
    const auto known = renamed.find(id);
    const JsonNode* const one = ours.find(id);
    const JsonNode* const other = theirs.find(known == renamed.end() ? id : known->second);
    const JsonNode* const inputs = one == nullptr ? nullptr : one->find("inputs");
    const JsonNode* const others = other == nullptr ? nullptr : other->find("inputs");
    if (inputs == nullptr || others == nullptr) return;
    for (std::size_t i = 0; i < inputs->names().size(); ++i) {
      const auto here = origin(&inputs->items()[i]);
      const auto there = origin(others->find(inputs->names()[i]));
      if (!here || !there || ours.find(*there) || theirs.find(*here)) continue;
      if (here->find(':') != here->npos && renamed.emplace(*here, *there).second)
        find_renamed(*here, ours, theirs);
    }
  }
  static std::optional<std::string> origin(const JsonNode* link) {
    return link != nullptr && link->is_list() && link->items().size() == 2 ? link->items()[0].text()
                                                                           : std::nullopt;
  }
  bool same_link(const JsonNode& ours, const JsonNode& theirs) const {
    const auto here = origin(&ours);
    const auto known = here ? renamed.find(*here) : renamed.end();
    return known != renamed.end() && origin(&theirs) == known->second &&
           same(ours.items()[1], theirs.items()[1]);
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
    if (ours != nullptr && theirs != nullptr && (same(*ours, *theirs) || same_link(*ours, *theirs)))
      return true;
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
  int groups = 0;  ///< with group nodes, some of whose links today's editor leaves out
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
    const std::string text = bytes_of_file(path);
    const auto read = read_workflow(text, *types);
    if (!read || !read->saved) {
      out.wrong.push_back(name + ": " + (read ? "is no saved workflow" : read.error().detail));
      continue;
    }
    ++out.read;
    const bool group = text.find("\"type\":\"workflow") != text.npos ||
                       text.find("\"type\": \"workflow") != text.npos;
    out.groups += group;
    const auto ours = JsonTree::parse(read->graph);
    for (const char* const pair : {".export", ".prompt"}) {
      if (group && pair == std::string_view(".export")) continue;
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
  EXPECT_GE(outcome.groups, 3);
  EXPECT_TRUE(outcome.wrong.empty()) << told(outcome);
}

/// Breaks one input of a node, in the way that fits its type. `broken` is called with each
/// damaged graph and the codes that may tell of it.
template <class Broken>
void break_input(const std::string& graph, const std::string& at, const InputType& input,
                 const JsonNode& given, bool known_origin, Broken&& broken) {
  const auto place = schema::find_json(graph, at);
  ASSERT_TRUE(place) << at;
  const auto with = [&](const std::string& json) {
    return schema::replace_json(graph, {{*place, json}});
  };
  if (given.is_list()) {
    broken(with("[\"nobody\",0]"), "bad_link");
    if (known_origin)
      broken(with('[' + std::string(given.items()[0].json()) + ",99]"), "bad_link");
    if (input.type != "*") broken(with("[\"stranger\",0]"), "type_mismatch");
  } else if (input.type == "INT" || input.type == "FLOAT") {
    broken(with("\"many\""), "wrong_kind");
    if (input.most) broken(with("1e300"), "out_of_range");
    if (input.least) broken(with("-1e300"), "out_of_range");
  } else if (!input.choices.empty() && !input.uploads) {
    broken(with("\"no such choice\""), "unknown_choice");
  } else if (input.type == "STRING") {
    broken(with("{}"), "wrong_kind");
  }
}

TEST(RealWorkflows, EveryBrokenInputIsToldWithItsNode) {
  const fs::path folder = ATELIER_SOURCE_DIR "/tests/support/real_workflows";
  // Beside a node whose output nothing takes.
  const auto types = NodeTypes::parse(bytes_of_file(folder / "object_info.json").insert(
      1, R"("Stranger":{"input":{},"output":["STRANGER"],"output_node":false},)"));
  ASSERT_TRUE(types);
  int tried = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json" || entry.path().stem() == "object_info") continue;
    const auto read = read_workflow(bytes_of_file(entry.path()), *types);
    ASSERT_TRUE(read) << entry.path();
    std::string graph = read->graph;
    graph.insert(1, R"("stranger":{"class_type":"Stranger","inputs":{}},)");
    const auto tree = JsonTree::parse(graph);
    ASSERT_TRUE(tree);
    for (std::size_t i = 0; i < tree->root().names().size(); ++i) {
      const std::string& id = tree->root().names()[i];
      const JsonNode& node = tree->root().items()[i];
      const NodeType* const type = types->find(*node.text("class_type"));
      const JsonNode* const inputs = node.find("inputs");
      if (type == nullptr || inputs == nullptr) continue;
      for (const auto& [name, input] : type->inputs) {
        const JsonNode* const given = inputs->find(name);
        if (given == nullptr || !input.grown.empty()) continue;
        const JsonNode* const origin =
            given->is_list() ? tree->root().find(given->items()[0].text().value_or("")) : nullptr;
        const bool known_origin =
            origin != nullptr && types->has(origin->text("class_type").value_or(""));
        break_input(graph, '/' + schema::pointer_token(id) + "/inputs/" + name, input, *given,
                    known_origin, [&](const std::string& broken, std::string_view code) {
          ++tried;
          const auto faults = check_graph(broken, *types);
          EXPECT_TRUE(std::ranges::any_of(faults, [&](const ports::GraphFault& fault) {
            return fault.node == id && fault.input == name && fault.code == code;
          })) << entry.path() << ' ' << id << '.' << name << ' ' << code;
        });
      }
    }
  }
  EXPECT_GT(tried, 3000);
}

TEST(RealWorkflows, OfAFolder) {
  const char* const folder = std::getenv("ATELIER_COMFY_WORKFLOWS");
  if (folder == nullptr)
    GTEST_SKIP() << "ATELIER_COMFY_WORKFLOWS names no folder of workflows: none of the large "
                    "collection was tried";
  const Outcome outcome = try_all(folder);
  std::cout << outcome.read << " workflows, " << outcome.equal << " of " << outcome.pairs
            << " pairs equal; " << outcome.groups << " with group nodes\n";
  EXPECT_GE(outcome.read, 30);
  EXPECT_TRUE(outcome.wrong.empty()) << told(outcome);
}

}  // namespace
}  // namespace atelier::engines::comfyui
