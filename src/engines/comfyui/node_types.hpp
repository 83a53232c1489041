#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::comfyui {

struct InputOption;

struct InputType {
  std::string type;                  ///< MODEL, INT, …; COMBO for a choice; "A,B" takes either
  bool required = true;
  bool uploads = false;              ///< its choices are files that may have been sent since
  bool picture = false;              ///< … of pictures
  bool button = false;               ///< a button to send one stands beside it, as a widget
  bool socket = false;               ///< never a value, always a link (`forceInput`)
  bool controlled = false;           ///< a value that says what happens to it stands behind it
  bool dynamic_prompt = false;       ///< comments and choices in its text are resolved
  bool multiline = false;
  bool multiple = false;             ///< any number of its choices, as a list
  std::string widget;                ///< the kind of its widget, where that is not its type
  std::string fallback;              ///< JSON; "" = none
  std::vector<std::string> choices;  ///< of a COMBO; numbers as they are written
  std::optional<double> least, most;
  std::vector<InputOption> options;  ///< each brings "name.input", beside the choice itself
  /// Any number of links "name.prefix0", "name.prefix1" … or "name.a", "name.b" …
  /// (COMFY_AUTOGROW_V3): this type each, the first `grown_least` of them required.
  std::vector<std::string> grown;
  std::size_t grown_least = 0;

  /// Shown with a value in the editor: a link may take its place.
  bool has_widget() const;
};

struct NamedInput {
  std::string name;
  InputType type;
};
/// Inputs in the order of their declaration, which is the order of their widgets.
using InputTypes = std::vector<NamedInput>;

/// One of the values of an input that brings inputs of its own (COMFY_DYNAMICCOMBO_V3).
struct InputOption {
  std::string key;
  InputTypes inputs;
};

struct NodeType {
  InputTypes inputs;
  std::vector<std::string> outputs;
  std::string title;         ///< as the editor shows it
  bool shows = false;        ///< its work is a result (`output_node`)
  bool ordered = false;      ///< the server says in which order its inputs come (`input_order`)

  const InputType* find(std::string_view input) const;
};

/// The node classes of one server, as `GET /object_info` lists them. A choice may be written as a
/// list in the place of the type, or as "COMBO" with `options` beside it.
class NodeTypes {
 public:
  /// `invalid`, code `bad_json`, if it is no such list.
  static Result<NodeTypes> parse(std::string object_info);

  const NodeType* find(std::string_view type) const;
  /// The choices of an input; empty if there is no such.
  std::vector<std::string> choices(std::string_view type, std::string_view input) const;
  bool has(std::string_view type) const { return find(type) != nullptr; }

 private:
  std::map<std::string, NodeType, std::less<>> types_;
};

/// Goes through the inputs that a node has with these values, in order, with their whole names:
/// those that come with a choice stand behind it. `value_of` gives the text at a name; absent if
/// there is none.
void each_input(const NodeType& type,
                const std::function<std::optional<std::string>(const std::string&)>& value_of,
                const std::function<void(const std::string& name, const InputType&)>& call);

/// Whether an output of the one type may go into an input of the other, as the server decides
/// (comfy_execution/validation.py): "*" takes all, of unions one must agree.
bool fits(std::string_view wanted, std::string_view given);

}  // namespace atelier::engines::comfyui
