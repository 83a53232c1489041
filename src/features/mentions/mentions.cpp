#include "features/mentions/mentions.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.hpp"
#include "features/accounts/accounts.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::mentions {
namespace {

constexpr std::size_t name_min = 3, name_max = 30;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_of_name(char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.'; }

/// The name that begins `text`; "" if none does. A full stop at its end ends the sentence.
std::string_view name_at(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_of_name(text[length])) ++length;
  while (length > 0 && !is_letter_or_digit(text[length - 1]) && text[length - 1] != '_') --length;
  if (length < name_min || length > name_max || !is_letter_or_digit(text[0])) return {};
  return text.substr(0, length);
}

/// The name of the element that the tag `<…>` opens or closes, in lower case.
std::string element_of(std::string_view tag) {
  std::size_t at = tag.starts_with("</") ? 2 : 1, end = at;
  while (end < tag.size() && is_letter_or_digit(tag[end])) ++end;
  return lower_ascii(tag.substr(at, end - at));
}

/// Calls `found` for each @name outside tags, links and code, and `plain` for all between.
void walk(std::string_view html, const std::function<void(std::string_view)>& plain,
          const std::function<void(std::string_view)>& found) {
  int quiet = 0;  // how many links and pieces of code we are inside of
  std::size_t done = 0, at = 0;
  const auto flush = [&](std::size_t end) {
    if (end > done) plain(html.substr(done, end - done));
    done = end;
  };
  while (at < html.size()) {
    if (html[at] == '<') {
      const std::size_t end = std::min(html.find('>', at), html.size() - 1) + 1;
      const std::string_view tag = html.substr(at, end - at);
      const std::string element = element_of(tag);
      if (element == "a" || element == "code" || element == "pre")
        quiet = std::max(0, quiet + (tag.starts_with("</") ? -1 : 1));
      at = end;
    } else if (html[at] == '@' && quiet == 0 && (at == 0 || !is_of_name(html[at - 1]))) {
      const std::string_view name = name_at(html.substr(at + 1));
      if (!name.empty()) {
        flush(at);
        found(name);
        done = at + 1 + name.size();
      }
      at += 1 + name.size();
    } else {
      ++at;
    }
  }
  flush(html.size());
}

}  // namespace

std::vector<std::string> names_in(std::string_view html) {
  std::vector<std::string> names;
  walk(html, [](std::string_view) {}, [&](std::string_view name) {
    std::string key = lower_ascii(name);
    if (std::ranges::find(names, key) == names.end()) names.push_back(std::move(key));
  });
  return names;
}

Result<Linked> link(sql::Tx& tx, std::string_view html, UserId writer) {
  Linked linked;
  std::map<std::string, std::string> known;
  std::vector<std::string> names = names_in(html);
  if (names.size() > people_max) names.resize(people_max);
  for (const std::string& name : names) {
    const auto user = TRY(accounts::find_user(tx, name));
    if (!user || user->status == accounts::AccountStatus::banned) continue;
    if (TRY(visibility::blocked(tx, writer, user->id))) continue;
    known.emplace(name, user->username);
    if (user->id != writer) linked.people.push_back(user->id);
  }
  walk(html, [&](std::string_view plain) { linked.html += plain; },
       [&](std::string_view name) {
         const auto found = known.find(lower_ascii(name));
         if (found == known.end()) {
           linked.html.append("@").append(name);
           return;
         }
         linked.html.append("<a href=\"/users/").append(found->second).append("\">@");
         linked.html.append(found->second).append("</a>");
       });
  return linked;
}

}  // namespace atelier::mentions
