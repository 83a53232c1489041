#pragma once
#include <string>
#include <string_view>

namespace atelier::engines::comfyui {

struct ResolvedPrompt {
  std::string text;
  bool chosen = false;  ///< it had choices
};

/// What ComfyUI's editor does to a prompt before it sends it: comments (`/* … */`, `// …`) go, of
/// `{a|b}` one is taken, `\{`, `\|` and `\}` stand for themselves. The editor rolls dice; here it
/// is the first, so that a graph is the same each time.
ResolvedPrompt resolve_prompt(std::string_view text);

}  // namespace atelier::engines::comfyui
