#include "engines/openai_images/event_stream.hpp"

#include <utility>

namespace atelier::engines::openai_images {

void EventStream::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      rest_ += bytes;
      return;
    }
    rest_ += bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (rest_.ends_with('\r')) rest_.pop_back();
    line(std::exchange(rest_, {}));
  }
}

void EventStream::line(std::string_view text) {
  if (text.empty()) {
    if (std::exchange(any_, false)) hear_(std::exchange(data_, {}));
    return;
  }
  if (!text.starts_with("data:")) return;  // what an event is called stands in its data as well
  text.remove_prefix(5);
  if (text.starts_with(' ')) text.remove_prefix(1);
  if (any_) data_ += '\n';
  data_ += text;
  any_ = true;
}

}  // namespace atelier::engines::openai_images
