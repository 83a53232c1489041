#include "base/text.hpp"
#include "features/recipes/a1111.hpp"
#include "features/recipes/json_value.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t key_bytes_max = 200;
constexpr std::size_t settings_max = 2048;

class Pairs {
 public:
  Pairs(std::string_view line, std::vector<RecipeFault>& faults) : line_(line), faults_(faults) {}

  std::vector<Setting> read() {
    std::vector<Setting> settings;
    while (settings.size() < settings_max) {
      while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == ',' || line_[at_] == '\t'))
        ++at_;
      if (at_ >= line_.size()) break;
      Setting setting;
      if (read_pair(setting)) settings.push_back(std::move(setting));
    }
    if (at_ < line_.size()) fault("too_large", "There are too many settings.");
    return settings;
  }

 private:
  bool read_pair(Setting& setting) {
    const std::size_t end = line_.find_first_of(":,\"{[", at_);
    if (end == std::string_view::npos || line_[end] != ':') return read_bare(setting);
    setting.key = trim(line_.substr(at_, end - at_));
    if (setting.key.empty() || setting.key.size() > key_bytes_max) {
      fault("bad_setting", line_.substr(at_, 100));
      skip_to_comma();
      return false;
    }
    at_ = end + 1;
    while (at_ < line_.size() && line_[at_] == ' ') ++at_;
    if (at_ < line_.size() && (line_[at_] == '"' || line_[at_] == '{' || line_[at_] == '[') &&
        read_json(setting))
      return true;
    const std::size_t start = at_;
    skip_to_comma();
    setting.value = trim(line_.substr(start, at_ - start));
    return true;
  }

  /// "Key" without a value, which A1111 writes when both are the same.
  bool read_bare(Setting& setting) {
    const std::size_t start = at_;
    skip_to_comma();
    const std::string_view text = trim(line_.substr(start, at_ - start));
    if (text.empty()) return false;
    setting.key = clean(text.substr(0, key_bytes_max));  // no half characters
    setting.value = text;
    setting.bare = true;
    return true;
  }

  /// A JSON value that ends where a pair may end.
  bool read_json(Setting& setting) {
    const std::string_view rest = line_.substr(at_);
    std::size_t used = 0;
    const auto value = JsonValue::parse_front(rest, used);
    if (!value) {
      const bool meant = rest[0] == '"' || setting.key == "Hashes" || setting.key == "Atelier" ||
                         setting.key.starts_with("Civitai ");
      if (meant) fault("bad_json", setting.key + ": " + std::string(rest.substr(0, 100)));
      return false;
    }
    const std::size_t next = rest.find_first_not_of(' ', used);
    if (next != std::string_view::npos && rest[next] != ',') return false;
    setting.quoted = value->is_text();
    setting.value = value->is_text() ? value->text() : std::string(rest.substr(0, used));
    at_ += used;
    return true;
  }

  void skip_to_comma() {
    const std::size_t comma = line_.find(',', at_);
    at_ = comma == std::string_view::npos ? line_.size() : comma;
  }

  void fault(std::string_view code, std::string_view text) {
    if (faults_.size() < 64) faults_.push_back({std::string(code), clean(text)});
  }

  std::string_view line_;
  std::vector<RecipeFault>& faults_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Setting> read_settings(std::string_view line, std::vector<RecipeFault>& faults) {
  return Pairs(line, faults).read();
}

}  // namespace atelier::recipes
