#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <set>

#include "ports/imaging.hpp"
#include "tests/support/http_fake.hpp"

namespace atelier::test {

/// A fake that speaks A1111's interface, with its faults: one lock for all work, interrupt and
/// progress of whatever runs, grids before the pictures. Draws one colour, and green where its
/// mask, by its own rules, says so.
class WebUiFake {
 public:
  enum class Kind { web_ui, stable_diffusion_cpp };
  WebUiFake(Kind kind, ports::Imaging& imaging);
  ~WebUiFake();

  std::string url() const { return server_->url(); }
  int executions() const { return executions_; }
  int together_most() const { return together_most_; }  ///< pieces of work that came at once
  std::string last_body() const;
  void answer_next_with(FakeReply reply);
  int work_ms = 40;

 private:
  FakeReply answer(const FakeRequest& request);
  FakeReply work(const FakeRequest& request);
  std::string drawn(const std::string& body);

  Kind kind_;
  ports::Imaging* imaging_;
  mutable std::mutex lock_;
  std::mutex global_;
  std::string last_body_, task_;
  std::optional<FakeReply> next_;
  std::atomic<int> executions_ = 0, together_ = 0, together_most_ = 0, done_part_ = 0;
  std::atomic<bool> interrupted_ = false, leaving_ = false;
  std::unique_ptr<HttpFake> server_;
};

/// A fake that speaks OpenAI's Images interface. Draws one colour, and green where the mask is
/// transparent.
class OpenAiFake {
 public:
  explicit OpenAiFake(ports::Imaging& imaging);

  std::string url() const { return server_->url() + "/v1"; }
  int executions() const { return executions_; }
  FakeRequest last() const;
  void answer_next_with(FakeReply reply);
  int work_ms = 40;

 private:
  FakeReply answer(const FakeRequest& request);
  std::string edited(const FakeRequest& request);

  ports::Imaging* imaging_;
  mutable std::mutex lock_;
  FakeRequest last_;
  std::optional<FakeReply> next_;
  std::atomic<int> executions_ = 0;
  std::unique_ptr<HttpFake> server_;
};

}  // namespace atelier::test
