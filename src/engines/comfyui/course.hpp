#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engines/fetch/web_socket.hpp"
#include "schema/document.hpp"

namespace atelier::engines::comfyui {

/// How one piece of work goes, as the frames of the socket tell. Frames of other work change
/// nothing. The end is told by `/history`; a frame only says that it is time to look.
class Course {
 public:
  /// `graph` is what was submitted: each node is a part of the whole, samplers larger ones.
  Course(std::string id, std::string_view graph);

  /// True if it was about this work.
  bool hear(const fetch::Frame& frame);

  double part() const { return part_; }          ///< never less than before
  std::optional<std::string> take_preview();     ///< the newest, once
  bool over() const { return over_; }
  bool in_history() const { return in_history_; }  ///< the last frame of all that are about it

 private:
  bool hear_text(std::string_view text);
  bool hear_binary(std::string_view bytes);
  void progress(const std::string& node, double value, double most);
  void finished(const std::string& node);
  void measure();

  std::string id_;
  std::map<std::string, double> weights_;
  double all_ = 0;
  std::set<std::string> done_;
  std::string node_;       ///< what runs
  double node_part_ = 0;
  double part_ = 0;
  bool ours_ = false;      ///< the last progress on this socket was this work's
  bool over_ = false, in_history_ = false;
  std::optional<std::string> preview_;
};

}  // namespace atelier::engines::comfyui
