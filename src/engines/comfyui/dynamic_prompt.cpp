#include "engines/comfyui/dynamic_prompt.hpp"

namespace atelier::engines::comfyui {
namespace {

std::string without_comments(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t end = rest.starts_with("/*") ? text.find("*/", at + 2) : text.npos;
    if (end != text.npos) {
      at = end + 2;
    } else if (rest.starts_with("//")) {
      end = text.find('\n', at);
      at = end == text.npos ? text.size() : end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

bool is_mark(char c) { return c == '{' || c == '|' || c == '}'; }

}  // namespace

ResolvedPrompt resolve_prompt(std::string_view given) {
  const std::string text = without_comments(given);
  ResolvedPrompt out;
  int depth = 0;        // of open braces around what is kept
  int passed_over = 0;  // of open braces, once within a choice that is not taken
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      const char next = text[++at];
      if (passed_over > 0) continue;
      if (!is_mark(next)) out.text += c;
      out.text += next;
    } else if (passed_over > 0) {
      if (c == '{') ++passed_over;
      else if (c == '}') --passed_over;
    } else if (c == '{') {
      ++depth;
      out.chosen = true;
    } else if (c == '}' && depth > 0) {
      --depth;
    } else if (c == '|' && depth > 0) {
      passed_over = 1;  // up to the brace that closes this choice
      --depth;
    } else {
      out.text += c;
    }
  }
  return out;
}

}  // namespace atelier::engines::comfyui
