#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "ports/imaging.hpp"
#include "tests/support/http_fake.hpp"

namespace atelier::test {

/// How a version of ComfyUI behaves where versions differ.
enum class ComfyVersion {
  old,      ///< 0.3.9: ids of its own, interrupts whatever runs, no cancel by id
  current,  ///< 0.8.0: takes any id, also twice; interrupts by id
  newest,   ///< after July 2026: 409 for a known id, cancels by id, previews that name their work
};

/// A fake ComfyUI: queue, history, uploads, frames in their order, restarts and dead workers; it
/// draws no better than one colour, and green where a mask says so. It knows the node classes of
/// comfyui_nodes.json. The real one is tried by comfyui_live_test.cpp.
class ComfyFake {
 public:
  ComfyFake(ComfyVersion version, ports::Imaging& imaging);
  ~ComfyFake();

  std::string url() const { return server_->url(); }
  /// Called before each step of each piece of work; `break_sockets` and the like may be called
  /// from there. Steps count from 0.
  std::function<void(int step)> before_step;
  std::chrono::microseconds step_time{2'000};  ///< how long a step takes; before any work
  /// From now on every result is this PNG, which costs no time to make.
  void show(std::string picture);
  /// A frame of the running work's sampler; from `before_step`, at any step up to 7.
  void say_progress(int value, int most);
  void drop_sockets();
  void restart();  ///< queue and history are gone, connections broken
  void kill_worker() { dead_ = true; }
  void hold(bool held) { held_ = held; }  ///< work waits in the queue
  void answer_next_post_with(FakeReply reply);
  void cut_next_post() { cut_next_post_ = true; }  ///< takes the work, and breaks off its answer
  int executions() const { return executions_; }
  int sockets_ever() const { return sockets_ever_; }
  int interrupted_others() const { return interrupted_others_; }
  static int steps() { return 12; }
  std::string object_info() const;
  std::string last_prompt() const;
  int uploads() const { return uploads_ever_; }
  void cut_upload(const std::string& name);  ///< half of it is left, as when the server died
  std::string uploaded(const std::string& name) const;  ///< "" = nothing of that name

 private:
  struct Job {
    std::string id, graph, mark, client;
  };
  FakeReply answer(const FakeRequest& request);
  FakeReply post(const FakeRequest& request);
  FakeReply upload(const FakeRequest& request);
  FakeReply uploaded_part(const FakeRequest& request) const;
  std::string queue_json();
  std::string item(const Job& job);
  void work(const std::stop_token& stop);
  void run(const Job& job);
  bool step(const Job& job, int number);
  void tell(const Job& job, const std::string& type, const std::string& data);
  void show_preview(const Job& job);
  std::vector<std::pair<std::string, std::string>> results(const Job& job);
  std::string drawn(const Job& job, std::uint32_t colour);
  void interrupt(const std::string& id, bool by_id);

  ComfyVersion version_;
  ports::Imaging* imaging_;
  mutable std::mutex lock_;
  std::condition_variable_any changed_;
  std::deque<Job> pending_;
  std::optional<Job> running_;
  std::map<std::string, std::string> history_, files_, uploads_;
  std::multimap<std::string, std::shared_ptr<FakeSocket>> sockets_;
  std::optional<FakeReply> next_post_;
  std::string last_prompt_, picture_;
  bool cut_next_post_ = false;
  std::atomic<bool> dead_ = false, held_ = false, interrupt_ = false;
  std::atomic<int> executions_ = 0, interrupted_others_ = 0, epoch_ = 0, ids_ = 0,
                   sockets_ever_ = 0, uploads_ever_ = 0;
  std::unique_ptr<HttpFake> server_;
  std::jthread worker_;
};

}  // namespace atelier::test
