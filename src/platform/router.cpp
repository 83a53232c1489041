#include "platform/router.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace atelier::platform {

struct Router::Node {
  struct Leaf {
    std::array<int, methods> rows;
    std::array<std::vector<std::string>, methods> names;
    Leaf() { rows.fill(none); }
    bool empty() const { return std::ranges::all_of(rows, [](int row) { return row == none; }); }
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> words;
  std::unique_ptr<Node> any;
  Leaf here;
  Leaf rest;  // of `{name...}`

  // The leaf for the segments of `left` (without its first slash), static words first.
  const Leaf* find(std::string_view left, std::vector<std::string_view>& values) const;
};

namespace {

bool is_name(std::string_view segment) { return segment.starts_with('{'); }
bool is_rest(std::string_view segment) { return segment.ends_with("...}"); }

std::string_view bare(std::string_view segment) {
  return segment.substr(1, segment.size() - (is_rest(segment) ? 5 : 2));
}

}  // namespace

std::vector<std::string_view> path_names(std::string_view path) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : split(path, '/'))
    if (is_name(segment)) names.push_back(bare(segment));
  return names;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

Result<void> Router::add(http::Method method, std::string_view path, int row) {
  const auto at = static_cast<std::size_t>(method);
  Node* node = root_.get();
  Node::Leaf* leaf = nullptr;
  std::vector<std::string> names;
  std::vector<std::string_view> segments = split(path.substr(1), '/');
  if (path == "/") segments.clear();
  for (const std::string_view segment : segments) {
    if (leaf != nullptr || segment.empty() || segment == "{}")
      return fail(Fault::internal, "bad_route", "the path has a wrong segment");
    if (!is_name(segment)) {
      auto& next = node->words[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
      continue;
    }
    names.emplace_back(bare(segment));
    if (is_rest(segment)) {
      leaf = &node->rest;
      continue;
    }
    if (!node->any) node->any = std::make_unique<Node>();
    node = node->any.get();
  }
  if (leaf == nullptr) leaf = &node->here;
  if (leaf->rows[at] != none) return fail(Fault::internal, "bad_route", "the path stands twice");
  leaf->rows[at] = row;
  leaf->names[at] = std::move(names);
  return {};
}

const Router::Node::Leaf* Router::Node::find(std::string_view left,
                                             std::vector<std::string_view>& values) const {
  const std::size_t slash = left.find('/');
  const std::string_view segment = left.substr(0, slash);
  const bool last = slash == left.npos;
  const auto descend = [&](const Node& next) -> const Leaf* {
    if (last) return next.here.empty() ? nullptr : &next.here;
    return next.find(left.substr(slash + 1), values);
  };
  const std::size_t depth = values.size();
  if (const auto word = words.find(segment); word != words.end())
    if (const Leaf* leaf = descend(*word->second)) return leaf;
  values.resize(depth);
  if (any && !segment.empty()) {
    values.push_back(segment);
    if (const Leaf* leaf = descend(*any)) return leaf;
  }
  values.resize(depth);
  if (rest.empty() || left.empty()) return nullptr;
  values.push_back(left);
  return &rest;
}

Router::Match Router::match(http::Method method, std::string_view path) const {
  Match match;
  match.rows.fill(none);
  if (!path.starts_with('/')) return match;
  std::vector<std::string_view> values;
  const Node::Leaf* leaf = path == "/" ? &root_->here : root_->find(path.substr(1), values);
  if (leaf == nullptr) return match;
  match.rows = leaf->rows;
  auto at = static_cast<std::size_t>(method);
  if (method == http::Method::head && leaf->rows[at] == none)
    at = static_cast<std::size_t>(http::Method::get);
  match.row = leaf->rows[at];
  if (match.row == none) return match;
  for (std::size_t i = 0; i < values.size(); ++i)
    match.names.emplace_back(leaf->names[at][i], values[i]);
  return match;
}

bool Router::Match::found() const {
  return std::ranges::any_of(rows, [](int each) { return each != none; });
}

std::string Router::allow(const Match& match) {
  const auto has = [&](http::Method method) {
    return match.rows[static_cast<std::size_t>(method)] != none;
  };
  std::string text;
  for (std::size_t i = 0; i < methods; ++i) {
    const auto method = static_cast<http::Method>(i);
    const bool head = method == http::Method::head && has(http::Method::get);
    if (!has(method) && !head && method != http::Method::options) continue;
    if (!text.empty()) text += ", ";
    text += http::name_of(method);
  }
  return text;
}

}  // namespace atelier::platform
