#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "schema/json.hpp"
#include "schema/scalars.hpp"

namespace atelier::schema {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 32;
constexpr std::int64_t passed_through_max = 64 * 1024;  // bytes of a Json member

// Builds the document and, on the way, finds members that stand twice in one object: the built
// object would silently keep the last.
class Builder {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  Builder(const json::storage_ptr& storage, Faults& faults)
      : faults_(faults), stack_(json::storage_ptr(), temporary_, sizeof temporary_) {
    stack_.reset(storage);
  }
  json::value release() { return stack_.release(); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    count_item();
    levels_.push_back({true, keys_.size(), 0});
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code&) {
    find_doubles(levels_.back().first_key);
    keys_.resize(levels_.back().first_key);
    levels_.pop_back();
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) {
    count_item();
    levels_.push_back({false, keys_.size(), 0});
    return true;
  }
  bool on_array_end(std::size_t count, json::error_code&) {
    levels_.pop_back();
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view last, std::size_t, json::error_code&) {
    key_.append(last.data(), last.size());
    keys_.push_back(std::move(key_));
    key_.clear();
    stack_.push_key(last);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view last, std::size_t, json::error_code&) {
    count_item();
    stack_.push_string(last);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    count_item();
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    count_item();
    stack_.push_uint64(number);
    return true;
  }
  // Boost 1.81 computes doubles with an error in the last place; the text is at hand.
  bool on_double(double number, json::string_view text, json::error_code&) {
    count_item();
    double exact = number;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, exact);
    stack_.push_double(read.ec == std::errc() && read.ptr == end ? exact : number);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    count_item();
    stack_.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    count_item();
    stack_.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Level {
    bool object;
    std::size_t first_key;  // index into keys_
    std::size_t items;      // of an array, begun so far
  };

  void count_item() {
    if (!levels_.empty() && !levels_.back().object) ++levels_.back().items;
  }

  void find_doubles(std::size_t first) {
    if (keys_.size() - first < 2) return;
    std::vector<std::string_view> sorted(keys_.begin() + static_cast<std::ptrdiff_t>(first),
                                         keys_.end());
    std::ranges::sort(sorted);
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const bool again = sorted[i] == sorted[i - 1] && (i == 1 || sorted[i] != sorted[i - 2]);
      if (again) faults_.add_at(here() + "/" + pointer_token(sorted[i]), "duplicate",
                                "stands twice in one object");
    }
  }

  // The pointer to the object that is ending. The current member of an outer object is the last
  // key before the keys of the next level.
  std::string here() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      if (levels_[i].object) path += "/" + pointer_token(keys_[levels_[i + 1].first_key - 1]);
      else path += "/" + std::to_string(levels_[i].items - 1);
    }
    return path;
  }

  Faults& faults_;
  unsigned char temporary_[2048];
  json::value_stack stack_;
  std::string key_;
  std::vector<std::string> keys_;  // of all open objects, outermost first
  std::vector<Level> levels_;
};

void write_compact(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; return;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case json::kind::int64: out += std::to_string(value.get_int64()); return;
    case json::kind::uint64: out += std::to_string(value.get_uint64()); return;
    case json::kind::double_: write_json_number(out, value.get_double()); return;
    case json::kind::string: write_json_string(out, value.get_string()); return;
    case json::kind::array: {
      out += '[';
      bool first = true;
      for (const json::value& item : value.get_array()) {
        if (!std::exchange(first, false)) out += ',';
        write_compact(out, item);
      }
      out += ']';
      return;
    }
    case json::kind::object: {
      out += '{';
      bool first = true;
      for (const auto& [name, member] : value.get_object()) {
        if (!std::exchange(first, false)) out += ',';
        write_json_string(out, name);
        out += ':';
        write_compact(out, member);
      }
      out += '}';
      return;
    }
  }
}

class Reader {
 public:
  Reader(Faults& faults, Members members) : faults_(faults), members_(members) {}

  /// `filled` (or null): names that the path gave, so that the body must not.
  void read_object(const json::value& from, const Type& type, void* value,
                   const std::vector<Parameter>* filled) {
    const json::object* object = from.if_object();
    if (object == nullptr) return faults_.add("wrong_kind", "must be an object");
    for (std::uint32_t i = 0; i < type.field_count; ++i) {
      const Field& field = type.fields[i];
      if (is_filled(field.name, filled)) continue;
      const Faults::Step step(faults_, field.name);
      void* member = static_cast<std::byte*>(value) + field.offset;
      if (const json::value* found = object->if_contains(field.name))
        read(*found, *field.type, member);
      else if (refuses_missing() && field.type->kind != Kind::optional)
        faults_.add("required", "is missing");
    }
    if (refuses_unknown()) refuse_others(*object, type, filled);
  }

  void read(const json::value& from, const Type& type, void* value) {
    switch (type.kind) {
      case Kind::boolean:
        if (const bool* flag = from.if_bool()) *static_cast<bool*>(value) = *flag;
        else faults_.add("wrong_kind", "must be true or false");
        return;
      case Kind::whole:
      case Kind::id: return read_whole(from, type, value);
      case Kind::real:
        if (!from.is_number()) return faults_.add("wrong_kind", "must be a number");
        return store_real(type, from.to_number<double>(), value, faults_);
      case Kind::text:
      case Kind::time:
      case Kind::enumeration: return read_word(from, type, value);
      case Kind::json: return read_any(from, type, value);
      case Kind::optional:
        if (from.is_null() && type.inner->kind != Kind::nullable) return;
        return read(from, *type.inner, type.emplace(value));
      case Kind::nullable:
        if (!from.is_null()) read(from, *type.inner, type.emplace(value));
        return;
      case Kind::list: return read_list(from, type, value);
      case Kind::object: return read_object(from, type, value, nullptr);
    }
  }

 private:
  bool refuses_missing() const {
    return members_ == Members::exact || members_ == Members::superset;
  }
  bool refuses_unknown() const {
    return members_ == Members::exact || members_ == Members::changes;
  }

  static bool is_filled(std::string_view name, const std::vector<Parameter>* filled) {
    return filled != nullptr && std::ranges::any_of(*filled, [&](const Parameter& parameter) {
      return parameter.name == name;
    });
  }

  void refuse_others(const json::object& object, const Type& type,
                     const std::vector<Parameter>* filled) {
    for (const auto& [name, member] : object) {
      const std::string_view text = name;
      const Faults::Step step(faults_, text);
      if (is_filled(text, filled)) {
        faults_.add("duplicate", "is already given by the path");
        continue;
      }
      const bool known = std::any_of(type.fields, type.fields + type.field_count,
                                     [&](const Field& field) { return text == field.name; });
      if (!known) faults_.add("unknown", "is not a member here");
    }
  }

  void read_whole(const json::value& from, const Type& type, void* value) {
    if (const std::int64_t* number = from.if_int64())
      return store_whole(type, *number, value, faults_);
    if (from.is_uint64()) return faults_.add("out_of_range", "is too large");
    if (const double* number = from.if_double()) {
      constexpr double exact_max = 9007199254740992.0;  // 2^53: beyond it doubles skip integers
      if (std::abs(*number) <= exact_max && std::trunc(*number) == *number)
        return store_whole(type, static_cast<std::int64_t>(*number), value, faults_);
    }
    faults_.add("wrong_kind", "must be a whole number");
  }

  void read_word(const json::value& from, const Type& type, void* value) {
    const json::string* text = from.if_string();
    if (text == nullptr) return faults_.add("wrong_kind", "must be a text");
    const std::string_view word = *text;
    if (type.kind == Kind::text) store_text(type, word, value, faults_);
    else if (type.kind == Kind::time) store_time(word, value, faults_);
    else store_label(type, word, value, faults_);
  }

  void read_any(const json::value& from, const Type& type, void* value) {
    std::string text;
    write_compact(text, from);
    const std::int64_t most = type.max > 0 ? type.max : passed_through_max;
    if (std::ssize(text) > most)
      return faults_.add("too_long",
                         "must be at most " + std::to_string(most) + " bytes of JSON");
    *static_cast<std::string*>(value) = std::move(text);
  }

  void read_list(const json::value& from, const Type& type, void* value) {
    const json::array* array = from.if_array();
    if (array == nullptr) return faults_.add("wrong_kind", "must be a list");
    if (!list_fits(type, array->size(), faults_)) return;
    auto* item = static_cast<std::byte*>(type.resize(value, array->size()));
    for (std::size_t i = 0; i < array->size(); ++i, item += type.size) {
      const Faults::Step step(faults_, i);
      read((*array)[i], *type.inner, item);
    }
  }

  Faults& faults_;
  Members members_;
};

Result<void> bad_json(const json::error_code& error, std::size_t at) {
  return fail(Fault::invalid, "bad_json",
              "not JSON (RFC 8259) at byte " + std::to_string(at) + ": " + error.message());
}

// Parses and walks; only broken syntax is an error of its own, the rest is added to `faults`.
Result<void> read_document(std::string_view text, const Type& type, void* value, Members members,
                           const std::vector<Parameter>* filled, Faults& faults) {
  unsigned char buffer[16 * 1024];
  json::monotonic_resource memory(buffer, sizeof buffer);
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<Builder> parser(options, json::storage_ptr(&memory), faults);
  json::error_code error;
  std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error == json::error::too_deep) {
    faults.add("too_deep", "is nested deeper than 32 levels");
    return {};
  }
  if (!error && used < text.size()) error = json::error::extra_data;
  if (error) return bad_json(error, used);
  const json::value document = parser.handler().release();
  Reader reader(faults, members);
  if (type.kind == Kind::object) {
    reader.read_object(document, type, value, filled);
  } else {
    reader.read(document, type, value);
  }
  return {};
}

}  // namespace

Result<void> read_json(std::string_view text, const Type& type, void* value, Members members) {
  Faults faults;
  TRY(read_document(text, type, value, members, nullptr, faults));
  return faults.result();
}

Result<void> read_request(const std::vector<Parameter>& path, std::string_view body,
                          const Type& type, void* value, Members members) {
  Faults faults;
  fill_members(path, type, value, true, faults);
  TRY(read_document(trim(body).empty() ? "{}" : body, type, value, members, &path, faults));
  return faults.result();
}

}  // namespace atelier::schema
