#include "features/generation/wildcards.hpp"

#include <map>

namespace atelier::generation {
namespace {

constexpr int depth_max = 8;  ///< choices in choices, and values that name lists

struct Part;
using Sequence = std::vector<Part>;

/// A text, or one of several sequences, or one value of a list.
struct Part {
  std::string text;
  std::vector<Sequence> choices;
  const NamedList* list = nullptr;
};

bool escapes(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() &&
         std::string_view("{}|").find(text[at + 1]) != std::string_view::npos;
}

/// One pass finds which brace closes which, so that no text takes longer than its length.
class Parser {
 public:
  Parser(std::string_view text, const std::vector<NamedList>& lists) : text_(text), lists_(lists) {
    std::vector<std::size_t> open;
    std::map<std::size_t, std::vector<std::size_t>> bars;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (escapes(text, at)) ++at;
      else if (text[at] == '{') open.push_back(at);
      else if (text[at] == '|' && !open.empty()) bars[open.back()].push_back(at);
      else if (text[at] == '}' && !open.empty()) {
        const auto found = bars.find(open.back());
        if (found != bars.end()) {
          found->second.push_back(at);
          ends_[open.back()] = std::move(found->second);
        }
        open.pop_back();
      }
    }
  }

  Sequence parse() { return parse(0, text_.size(), 0); }

 private:
  Sequence parse(std::size_t at, std::size_t end, int depth) {
    Sequence out;
    while (at < end) {
      const auto choice = ends_.find(at);
      if (choice != ends_.end() && depth < depth_max) {
        Part part;
        ++at;
        for (const std::size_t bar : choice->second) {
          part.choices.push_back(parse(at, bar, depth + 1));
          at = bar + 1;
        }
        out.push_back(std::move(part));
      } else if (const NamedList* const list = name_at(at, end)) {
        out.push_back({"", {}, list});
        at += list->name.size() + 4;
      } else {
        if (escapes(text_, at)) ++at;
        if (out.empty() || !out.back().choices.empty() || out.back().list) out.emplace_back();
        out.back().text += text_[at++];
      }
    }
    return out;
  }

  const NamedList* name_at(std::size_t at, std::size_t end) const {
    if (text_.substr(at, 2) != "__") return nullptr;
    const std::size_t close = text_.find("__", at + 2);
    if (close == std::string_view::npos || close + 2 > end) return nullptr;
    const std::string_view name = text_.substr(at + 2, close - at - 2);
    for (const NamedList& list : lists_)
      if (list.name == name && !list.values.empty()) return &list;
    return nullptr;
  }

  std::string_view text_;
  const std::vector<NamedList>& lists_;
  std::map<std::size_t, std::vector<std::size_t>> ends_;  ///< of a choice: its bars and its brace
};

/// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t x = state += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void pick(const Sequence& sequence, const std::vector<NamedList>& lists, int depth,
          std::uint64_t& state, std::string& out) {
  for (const Part& part : sequence) {
    out += part.text;
    if (!part.choices.empty())
      pick(part.choices[next(state) % part.choices.size()], lists, depth, state, out);
    if (part.list == nullptr) continue;
    const std::string& value = part.list->values[next(state) % part.list->values.size()];
    if (depth < depth_max) pick(Parser(value, lists).parse(), lists, depth + 1, state, out);
    else out += value;
  }
}

bool combine(const Sequence& sequence, const std::vector<NamedList>& lists, int depth,
             std::size_t most, std::vector<std::string>& out);

/// What can stand in this place. False when there are more than `most`.
bool spell(const Part& part, const std::vector<NamedList>& lists, int depth, std::size_t most,
           std::vector<std::string>& out) {
  const auto add = [&](const Sequence& sequence, int deeper) {
    std::vector<std::string> some;
    if (!combine(sequence, lists, deeper, most, some)) return false;
    out.insert(out.end(), some.begin(), some.end());
    return out.size() <= most;
  };
  if (!part.text.empty()) out.push_back(part.text);
  for (const Sequence& choice : part.choices)
    if (!add(choice, depth)) return false;
  if (part.list == nullptr) return true;
  for (const std::string& value : part.list->values)
    if (!add(depth < depth_max ? Parser(value, lists).parse() : Sequence{{value, {}, nullptr}},
             depth + 1))
      return false;
  return true;
}

bool combine(const Sequence& sequence, const std::vector<NamedList>& lists, int depth,
             std::size_t most, std::vector<std::string>& out) {
  out = {""};
  for (const Part& part : sequence) {
    std::vector<std::string> ends;
    if (!spell(part, lists, depth, most, ends) || out.size() * ends.size() > most) return false;
    std::vector<std::string> longer;
    for (const std::string& start : out)
      for (const std::string& end : ends) longer.push_back(start + end);
    out = std::move(longer);
  }
  return true;
}

}  // namespace

std::string expand_one(std::string_view prompt, const std::vector<NamedList>& lists,
                       std::uint64_t seed) {
  std::string out;
  pick(Parser(prompt, lists).parse(), lists, 0, seed, out);
  return out;
}

Result<std::vector<std::string>> expand_all(std::string_view prompt,
                                            const std::vector<NamedList>& lists,
                                            std::size_t most) {
  std::vector<std::string> all;
  if (combine(Parser(prompt, lists).parse(), lists, 0, most, all)) return all;
  return fail(Fault::invalid, "too_many_combinations",
              "These choices make more than " + std::to_string(most) + " prompts.");
}

}  // namespace atelier::generation
