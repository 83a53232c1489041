#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "ports/generator.hpp"

namespace atelier::test {

/// Looks on, and remembers.
class PatientWatcher : public ports::Watcher {
 public:
  void progress(double part, std::string_view preview) override {
    never_went_back_ = never_went_back_ && part >= last_part_ && part >= 0 && part <= 1;
    last_part_ = part;
    previews_ += !preview.empty();
    if (heard) heard(part);
  }
  bool should_stop() override { return false; }

  bool never_went_back() const { return never_went_back_; }
  double last_part() const { return last_part_; }
  int previews() const { return previews_; }

  std::function<void(double part)> heard;

 private:
  bool never_went_back_ = true;
  double last_part_ = 0;
  int previews_ = 0;
};

/// Leaves after so many questions: the program ends.
class LeavingWatcher final : public PatientWatcher {
 public:
  explicit LeavingWatcher(int patience) : patience_(patience) {}
  bool should_leave() override { return patience_-- <= 0; }

 private:
  int patience_;
};

/// Wants to stop after so many questions.
class ImpatientWatcher final : public PatientWatcher {
 public:
  explicit ImpatientWatcher(int patience) : patience_(patience) {}
  bool should_stop() override { return patience_-- <= 0; }

 private:
  int patience_;
};

}  // namespace atelier::test
