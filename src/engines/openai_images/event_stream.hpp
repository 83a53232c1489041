#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace atelier::engines::openai_images {

/// Takes server-sent events (WHATWG HTML §9.2) apart as their bytes come, however cut.
class EventStream {
 public:
  using Hear = std::function<void(std::string_view data)>;
  explicit EventStream(Hear hear) : hear_(std::move(hear)) {}

  void add(std::string_view bytes);
  void end() { line({}); }  ///< a last event without an empty line behind it counts

 private:
  void line(std::string_view text);

  Hear hear_;
  std::string rest_, data_;
  bool any_ = false;
};

}  // namespace atelier::engines::openai_images
