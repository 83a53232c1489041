#include <algorithm>

#include "base/text.hpp"
#include "features/inspection/json_reader.hpp"
#include "features/inspection/pickle_machine.hpp"

namespace atelier::inspection {

namespace {

constexpr std::size_t max_imports = 1'000;
constexpr std::size_t max_name = 1'000;

std::string shown(const std::string& module, const std::string& name) {
  return quoted(module) + "." + quoted(name);
}

void add_import(Inspection& out, const std::string& module, const std::string& name,
                Verdict verdict) {
  const char* judged = "allowed";
  if (verdict == Verdict::dangerous) {
    judged = "dangerous";
    worsen(out, verdict, "dangerous_import",
           "It imports " + shown(module, name) + ", which can harm the machine that loads it.");
  } else if (verdict == Verdict::unknown_import) {
    judged = "unknown";
    worsen(out, verdict, "unknown_import",
           "It imports " + shown(module, name) + ", which is not known to be harmless.");
  }
  for (const Import& known : out.imports)
    if (known.module == module && known.name == name) return;
  out.imports.push_back({quoted(module, max_name), quoted(name, max_name), judged});
}

}  // namespace

const Judgement& PickleMachine::judge(const std::string& module, const std::string& name) {
  const auto [at, fresh] = judged_.try_emplace(module + '\n' + name);
  if (fresh) {
    at->second = judge_import(module, name);
    if (out_.imports.size() < max_imports)
      add_import(out_, module, name, at->second.verdict);
    else
      malformed("too_many_imports", "The pickle imports more names than any model.");
  }
  return at->second;
}

bool PickleMachine::import_name(const std::string& module, const std::string& name) {
  if (!well_formed_utf8(module) || !well_formed_utf8(name))
    return malformed("bad_name", "The pickle imports a name that is not text.");
  judge(module, name);
  held_ += module.size() + name.size();
  return push(heap_.add_global(module, name));
}

bool PickleMachine::import_line() {
  std::string module;
  std::string name;
  if (!in_.line(module, max_name) || !in_.line(name, max_name)) return cut_off();
  return import_name(module, name);
}

/// STACK_GLOBAL: module and name are whatever values lie on the stack, memoised or not.
bool PickleMachine::import_from_stack() {
  std::vector<Ref> names;
  if (!pop_items(2, names)) return false;
  const auto made = [&](Ref value) {
    return heap_.kind(value) == Kind::opaque || heap_.kind(value) == Kind::object;
  };
  if (made(names[0]) || made(names[1])) {
    dangerous("computed_name", "It imports a name that it hides or computes.");
    return push_new(Kind::opaque);
  }
  if (heap_.kind(names[0]) != Kind::text || heap_.kind(names[1]) != Kind::text)
    return malformed("bad_name", "The pickle imports a name that is not text.");
  const std::string module = heap_.text(names[0]);
  return import_name(module, heap_.text(names[1]));
}

bool PickleMachine::step_call(std::uint8_t opcode, bool& known) {
  std::vector<Ref> items;
  std::uint64_t code = 0;
  Ref target = 0;
  switch (opcode) {
    case 'c': return import_line();
    case 0x93: return import_from_stack();
    case 0x82:
    case 0x83:
    case 0x84:
      if (!in_.number(opcode == 0x84 ? 4 : opcode - 0x81u, code)) return cut_off();
      dangerous("extension_code", "It imports by a code that hides the name.");
      return push_new(Kind::opaque);
    case 'R':
    case 0x81: return pop_items(2, items) && call(items[0], items[1]);
    case 0x92: return pop_items(3, items) && call(items[0], items[1]);
    case 'o': {
      if (!pop_mark(items)) return false;
      if (items.empty())
        return malformed("stack_underflow", "The pickle makes an object of nothing.");
      target = items[0];
      items.erase(items.begin());
      return call(target, heap_.add_items(Kind::tuple, std::move(items)));
    }
    case 'i':
      return pop_mark(items) && import_line() && pop(target) &&
             call(target, heap_.add_items(Kind::tuple, std::move(items)));
    case 'b': return pop_items(1, items) && top(target) && build(target, items[0]);
    case 'Q': return pop_items(1, items) && load_persistent(items[0]);
    case 'P': return malformed("persistent_id", "The pickle refers to something outside of it.");
    default: known = false; return false;
  }
}

bool PickleMachine::call(Ref callee, Ref arguments) {
  called_ = true;
  if (heap_.kind(callee) != Kind::global) {
    dangerous("computed_call", "It calls something that it computed or was handed.");
    return push_new(Kind::opaque);
  }
  const std::string module = heap_.module(callee);
  const std::string name = heap_.name(callee);
  const Judgement judgement = judge(module, name);
  if (judgement.verdict != Verdict::safe) return push_new(Kind::opaque);
  if (judgement.callee == Callee::none) {
    worsen(out_, Verdict::unknown_import, "unexpected_call",
           "It calls " + shown(module, name) + ", which no model does.");
    return push_new(Kind::opaque);
  }
  if (heap_.kind(arguments) != Kind::tuple)
    return malformed("bad_arguments", "The pickle calls with arguments that are no tuple.");
  if (!spend(heap_.items(arguments).size())) return false;
  const std::vector<Ref> items = heap_.items(arguments);
  return call_allowed(judgement.callee, items);
}

bool PickleMachine::call_allowed(Callee callee, const std::vector<Ref>& arguments) {
  switch (callee) {
    case Callee::ordered_dict: return call_ordered_dict(arguments);
    case Callee::set: {
      std::vector<Ref> items;
      if (!arguments.empty() && heap_.holds_items(arguments[0])) items = heap_.items(arguments[0]);
      held_ += items.size();
      return push(heap_.add_items(Kind::set, std::move(items)));
    }
    case Callee::size:
      if (arguments.size() != 1 || heap_.kind(arguments[0]) != Kind::tuple)
        return push_new(Kind::object);
      return push(arguments[0]);
    case Callee::encode: return call_encode(arguments);
    case Callee::parameter:
      // _rebuild_parameter_with_state: the fourth becomes attributes.
      if (arguments.size() > 3 && !check_state(arguments[3])) return false;
      if (arguments.empty() || heap_.kind(arguments[0]) != Kind::tensor)
        return push_new(Kind::object);
      return push(arguments[0]);
    case Callee::from_type: return call_from_type(arguments);
    case Callee::tensor:
    case Callee::tensor_v2:
    case Callee::tensor_v3:
    case Callee::quantised:
    case Callee::tensor_meta: return rebuild(callee, arguments);
    default: return push_new(Kind::object);
  }
}

/// _rebuild_from_type_v2(function, type, arguments, state) calls function(*arguments).
bool PickleMachine::call_from_type(const std::vector<Ref>& arguments) {
  const bool fits = arguments.size() == 4 && heap_.kind(arguments[0]) == Kind::global &&
                    heap_.kind(arguments[1]) == Kind::global;
  // Calling itself would recurse as deep as the file likes.
  if (!fits || judge(heap_.module(arguments[0]), heap_.name(arguments[0])).callee ==
                   Callee::from_type)
    return malformed("bad_arguments", "The pickle rebuilds a tensor from the wrong parts.");
  return check_state(arguments[3]) && call(arguments[0], arguments[2]);
}

/// OrderedDict() or, from Python 2, OrderedDict([[key, value], …]).
bool PickleMachine::call_ordered_dict(const std::vector<Ref>& arguments) {
  std::vector<Ref> pairs;
  if (!arguments.empty()) {
    const Ref first = arguments[0];
    if (heap_.kind(first) == Kind::dict) {
      pairs = heap_.items(first);
    } else if (heap_.holds_items(first)) {
      for (Ref pair : heap_.items(first)) {
        if (!heap_.holds_items(pair) || heap_.items(pair).size() != 2)
          return malformed("bad_arguments", "The pickle makes a dictionary of what is no pair.");
        pairs.insert(pairs.end(), heap_.items(pair).begin(), heap_.items(pair).end());
      }
    }
  }
  held_ += pairs.size();
  const Ref made = heap_.add_items(Kind::dict, std::move(pairs));
  return push(made);
}

/// Protocol 2 spells bytes as _codecs.encode(text, 'latin1'). Other codecs may be plug-ins.
bool PickleMachine::call_encode(const std::vector<Ref>& arguments) {
  bool latin = arguments.size() == 1;
  if (arguments.size() == 2 && heap_.kind(arguments[1]) == Kind::text) {
    const std::string& codec = heap_.text(arguments[1]);
    latin = codec == "latin1" || codec == "latin-1" || codec == "utf-8" || codec == "utf8" ||
            codec == "ascii";
  }
  if (!latin)
    worsen(out_, Verdict::unknown_import, "unexpected_codec",
           "It decodes bytes with a codec that no model uses.");
  return push_new(latin ? Kind::bytes : Kind::opaque);
}

/// BUILD calls the target's __setstate__ or updates its attributes.
bool PickleMachine::build(Ref target, Ref state) {
  called_ = true;
  switch (heap_.kind(target)) {
    case Kind::dict:
    case Kind::object:
    case Kind::tensor: return check_state(state);
    case Kind::opaque:
      // Its class is no allowed one: the import has spoiled the verdict already.
      return check_state(state);
    case Kind::global:
      dangerous("patched_class", "It changes the attributes of " +
                                     shown(heap_.module(target), heap_.name(target)) + ".");
      return true;
    default: return malformed("bad_state", "The pickle gives attributes to what has none.");
  }
}

/// Attributes with names like __setstate__ or __class__ change what later steps call.
bool PickleMachine::check_state(Ref state) {
  if (heap_.holds_items(state) && !spend(heap_.items(state).size())) return false;
  if (heap_.kind(state) == Kind::tuple) {
    for (Ref part : heap_.items(state))
      if (heap_.kind(part) == Kind::dict && !check_state(part)) return false;
    return true;
  }
  if (heap_.kind(state) != Kind::dict) return true;
  const auto& items = heap_.items(state);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const Kind kind = heap_.kind(items[i]);
    if (kind == Kind::opaque || kind == Kind::object)
      dangerous("computed_name", "It sets an attribute whose name it hides or computes.");
    if (kind == Kind::text && heap_.text(items[i]).starts_with("__"))
      dangerous("special_attribute",
                "It sets the special attribute " + quoted(heap_.text(items[i])) + ".");
  }
  return true;
}

std::string PickleMachine::dtype_of(Ref value) const {
  if (heap_.kind(value) != Kind::global) return {};
  return std::string(judge_import(heap_.module(value), heap_.name(value)).dtype);
}

/// torch: ('storage', type, key, location, elements) and, in old files, a view. Whole pickled
/// modules: ('module', class, file, source).
bool PickleMachine::load_persistent(Ref id) {
  if (!storages_)
    return malformed("persistent_id", "The pickle refers to something outside of it.");
  const auto bad = [&] {
    return malformed("bad_storage", "The pickle refers to a storage in no way that torch writes.");
  };
  if (heap_.kind(id) != Kind::tuple) return bad();
  if (heap_.items(id).size() > 6) return bad();
  const std::vector<Ref> parts = heap_.items(id);
  if (parts.size() < 2 || heap_.kind(parts[0]) != Kind::text) return bad();
  if (heap_.text(parts[0]) == "module") return push(parts[1]);
  if (heap_.text(parts[0]) != "storage" || parts.size() < 5) return bad();
  if (heap_.kind(parts[1]) != Kind::global || heap_.kind(parts[4]) != Kind::whole) return bad();
  const bool text = heap_.kind(parts[2]) == Kind::text;
  if (!text && heap_.kind(parts[2]) != Kind::whole) return bad();
  StorageView storage;
  storage.key = text ? heap_.text(parts[2]) : std::to_string(heap_[parts[2]].number);
  storage.dtype = dtype_of(parts[1]);
  storage.elements = heap_[parts[4]].number;
  if (storage.elements < 0 || storage.dtype.empty()) return bad();
  return push(heap_.add_storage(std::move(storage)));
}

}  // namespace atelier::inspection
