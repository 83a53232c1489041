// Has pictures made by a ComfyUI, through a server of ours and straight, and prints what was
// measured as one line of JSON; times are milliseconds.
//
//   bench_generation overhead ORIGIN KEY COUNT [COMFYUI_URL]
//     One after another and in turns: a request to us until we say that it is delivered; the same
//     graph straight to the backend until its picture is there, by a client that keeps its
//     connections. Without an address the backend is the fake of the tests, which takes no time
//     for its work. {"ours", "direct": until the end; "oursAccepted", "directAccepted": until the
//     backend begins; "oursEnd", "directEnd": from its end on}; the latter four for the fake only.
//   bench_generation watchers ORIGIN KEY WATCHERS ASLEEP EVENTS
//     From a frame of the backend's socket until the last byte of it was read by each of so many
//     that watch over SSE, while others open streams and read none. {"heard": […], "lost"}
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/http_client.hpp"
#include "bench/sse_watchers.hpp"
#include "engines/fetch/web_socket.hpp"
#include "engines/raster/raster.hpp"
#include "engines/vips/imaging.hpp"
#include "schema/document.hpp"
#include "tests/support/comfyui_fake.hpp"

using namespace atelier;
using bench::HttpClient;
using engines::fetch::WebSocket;
using schema::Document;
using test::ComfyFake;

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int warm_up = 20, warm_up_real = 3;
constexpr milliseconds aftermath{30};
constexpr milliseconds between_events{150};  // more than the server leaves between two of them

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

Document parsed(const std::string& text) {
  auto document = Document::parse(text, 64);
  if (!document) throw std::runtime_error("no JSON: " + text.substr(0, 200));
  return *document;
}

std::string number(const Document& document, std::string_view member) {
  return std::to_string(document.whole({member}).value_or(0));
}

std::string authorised(const std::string& key) { return "Authorization: Bearer " + key + "\r\n"; }

/// 512 × 512, and as large as pictures are: shades with some noise.
std::string picture() {
  engines::raster::Raster out(512, 512);
  std::minstd_rand random(7);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x) {
      std::uint8_t* const pixel = out.at(x, y);
      const auto noise = static_cast<int>(random() % 12);
      pixel[0] = static_cast<std::uint8_t>(x / 3 + noise);
      pixel[1] = static_cast<std::uint8_t>(y / 3 + noise);
      pixel[2] = static_cast<std::uint8_t>((x + y) / 5 + noise);
      pixel[3] = 255;
    }
  return engines::raster::png(out);
}

/// The server, as a page uses it.
class Ours {
 public:
  Ours(const std::string& origin, const std::string& key)
      : client_(origin, authorised(key)), events_(origin, authorised(key)) {
    events_.open_stream("/api/v2/generations/events");
  }

  /// This backend and no other.
  void use(const std::string& comfyui) {
    for (const Document& one : parsed(client_.call("GET", "/api/v2/backends")).items({"items"}))
      client_.call("POST", "/api/v2/backends/" + number(one, "id") + "/drain");
    client_.call("POST", "/api/v2/backends",
                 R"({"name": "bench", "protocol": "comfyui", "url": ")" + comfyui + "\"}");
  }

  std::string ask(std::uint64_t seed, int side) {
    const std::string size = std::to_string(side);
    const std::string made = client_.call(
        "POST", "/api/v2/generations",
        R"({"prompt": "a lighthouse at dusk", "steps": 4, "width": )" + size + R"(, "height": )" +
            size + R"(, "seed": )" + std::to_string(seed) + "}");
    return number(parsed(made), "id");
  }
  void wait(const std::string& id) {
    while (true) {
      const std::string line = events_.line();
      if (!line.starts_with("data: ") || line.find("\"status\"") == std::string::npos) continue;
      const Document news = parsed(line.substr(6));
      if (number(news, "generation") != id) continue;
      const std::string status = news.text({"status"}).value_or("");
      if (status == "succeeded") return;
      if (status != "queued" && status != "running") throw std::runtime_error("it ended: " + line);
    }
  }
  /// Until it has looked at the picture, and others have followed, which would disturb what is
  /// measured next.
  void rest(const std::string& id) {
    while (true) {
      const Document card = parsed(client_.call("GET", "/api/v2/generations/" + id));
      const std::vector<Document> images = card.items({"images"});
      if (!images.empty() && images[0].text({"image", "thumbHash"}).value_or("") != "") break;
      std::this_thread::sleep_for(milliseconds(10));
    }
    std::this_thread::sleep_for(aftermath);
  }

 private:
  HttpClient client_, events_;
};

/// ComfyUI's own protocol, as its example for clients speaks it, over kept connections.
class Direct {
 public:
  explicit Direct(const std::string& url) : client_(url) {
    auto socket = WebSocket::connect(url + "/ws?clientId=bench", "", 5'000);
    if (!socket) throw std::runtime_error("no WebSocket: " + socket.error().detail);
    socket_ = std::move(*socket);
  }

  /// What the server handed over last, to be handed over again.
  void learn() {
    const std::string all = client_.call("GET", "/history?max_items=1");
    // An entry's prompt is [number, id, graph, extra data, outputs].
    const std::size_t begin = all.find('{', all.find("\"prompt\":"));
    std::size_t at = begin;
    int depth = 0;
    bool quoted = false;
    do {
      const char c = all[at];
      if (quoted && c == '\\') ++at;
      else if (c == '"') quoted = !quoted;
      else if (!quoted && c == '{') ++depth;
      else if (!quoted && c == '}') --depth;
      ++at;
    } while (depth > 0 && at < all.size());
    graph_ = all.substr(begin, at - begin);
    parsed(graph_);
  }

  void make(std::uint64_t seed) {
    const std::string id = "00000000-0000-4000-9000-" + std::to_string(100'000'000'000 + ++made_);
    client_.call("POST", "/prompt", "{\"prompt\":" + seeded(seed) +
                                        ",\"client_id\":\"bench\",\"prompt_id\":\"" + id + "\"}");
    while (true) {
      const auto frame = socket_->next(30'000);
      if (!frame) throw std::runtime_error("the backend says nothing");
      if (frame->binary || frame->bytes.find("\"executing\"") == std::string::npos) continue;
      const Document message = parsed(frame->bytes);
      if (message.text({"data", "prompt_id"}) == id && !message.text({"data", "node"})) break;
    }
    const Document history = parsed(client_.call("GET", "/history/" + id));
    for (const std::string& node : history.names({id, "outputs"}))
      for (const Document& file : history.items({id, "outputs", node, "images"}))
        client_.call("GET", "/view?filename=" + file.text({"filename"}).value_or("") +
                                "&subfolder=" + file.text({"subfolder"}).value_or("") + "&type=" +
                                file.text({"type"}).value_or(""));
  }

 private:
  /// So that a real one cannot answer from what it has computed before.
  std::string seeded(std::uint64_t seed) const {
    const std::size_t at = graph_.find("\"seed\":");
    if (at == std::string::npos) throw std::runtime_error("a graph without a seed: " + graph_);
    const std::size_t end = graph_.find_first_of(",}", at);
    return graph_.substr(0, at + 7) + std::to_string(seed) + graph_.substr(end);
  }

  HttpClient client_;
  std::unique_ptr<WebSocket> socket_;
  std::string graph_;
  int made_ = 0;
};

/// When the fake's last work began and ended.
struct Moments {
  std::mutex lock;
  Clock::time_point begun, ended;

  void note(int step) {
    const std::lock_guard held(lock);
    if (step == 0) begun = Clock::now();
    if (step == 11) ended = Clock::now();
  }
};

struct Times {
  std::vector<double> whole, accepted, end;

  void add(Clock::time_point from, Moments* moments) {
    const auto now = Clock::now();
    whole.push_back(ms_between(from, now));
    if (moments == nullptr) return;
    const std::lock_guard held(moments->lock);
    accepted.push_back(ms_between(from, moments->begun));
    end.push_back(ms_between(moments->ended, now));
  }
};

void print(const char* name, const std::vector<double>& values) {
  std::printf("\"%s\": [", name);
  for (std::size_t i = 0; i < values.size(); ++i) std::printf("%s%.4f", i ? "," : "", values[i]);
  std::printf("], ");
}

class Backend {
 public:
  Backend() {
    fake.step_time = std::chrono::microseconds(0);
    fake.show(picture());
  }

 private:
  std::unique_ptr<ports::Imaging> imaging_ = vips::make_imaging();  // masks only: none here

 public:
  ComfyFake fake{test::ComfyVersion::newest, *imaging_};
};

void overhead(const std::string& origin, const std::string& key, int count, const char* real) {
  std::unique_ptr<Backend> own = real == nullptr ? std::make_unique<Backend>() : nullptr;
  Moments moments;
  Moments* const known = own ? &moments : nullptr;
  if (own) own->fake.before_step = [&](int step) { moments.note(step); };
  const std::string url = own ? own->fake.url() : real;
  Ours ours(origin, key);
  ours.use(url);
  Direct direct(url);
  Times through, straight;
  std::random_device chance;
  std::uint64_t seed = std::uint64_t{chance()} << 16;
  const int side = own ? 512 : 64;  // what a real one does should not drown what is measured
  const int first = own ? -warm_up : -warm_up_real;
  for (int i = first; i < count; ++i) {
    auto from = Clock::now();
    const std::string id = ours.ask(++seed, side);
    ours.wait(id);
    if (i >= 0) through.add(from, known);
    ours.rest(id);
    if (i == first) direct.learn();
    from = Clock::now();
    direct.make(++seed);
    if (i >= 0) straight.add(from, known);
  }
  std::printf("{");
  print("ours", through.whole);
  print("direct", straight.whole);
  print("oursAccepted", through.accepted);
  print("directAccepted", straight.accepted);
  print("oursEnd", through.end);
  print("directEnd", straight.end);
  std::printf("\"count\": %d}\n", count);
}

void watch(const std::string& origin, const std::string& key, int watchers, int asleep,
           int events) {
  Backend backend;
  std::mutex lock;
  std::condition_variable changed;
  bool begun = false, look = false;
  std::vector<Clock::time_point> sent(static_cast<std::size_t>(events));
  backend.fake.before_step = [&](int step) {
    if (step != 3) return;
    std::unique_lock held(lock);
    begun = true;
    changed.notify_all();
    changed.wait(held, [&] { return look; });
    for (int i = 0; i < events; ++i) {
      held.unlock();
      std::this_thread::sleep_for(between_events);
      held.lock();
      sent[static_cast<std::size_t>(i)] = Clock::now();
      held.unlock();
      backend.fake.say_progress(i + 1, events * 2);
      held.lock();
    }
  };
  Ours ours(origin, key);
  ours.use(backend.fake.url());
  const std::string id = ours.ask(1, 512);
  {
    std::unique_lock held(lock);
    changed.wait(held, [&] { return begun; });
  }
  bench::SseWatchers all(origin, authorised(key), "/api/v2/generations/" + id + "/events",
                         watchers, asleep);
  {
    const std::lock_guard held(lock);
    look = true;
    changed.notify_all();
  }
  all.read(events, [&](int event) {
    const std::lock_guard held(lock);
    return sent[static_cast<std::size_t>(event)];
  });
  ours.wait(id);
  std::printf("{");
  print("heard", all.heard);
  std::printf("\"lost\": %zu}\n", all.lost);
}

}  // namespace

int main(int count, char** words) {
  const std::string mode = count > 4 ? words[1] : "";
  try {
    if (mode == "overhead") {
      overhead(words[2], words[3], std::atoi(words[4]), count > 5 ? words[5] : nullptr);
    } else if (mode == "watchers" && count > 6) {
      watch(words[2], words[3], std::atoi(words[4]), std::atoi(words[5]), std::atoi(words[6]));
    } else {
      std::fprintf(stderr, "overhead ORIGIN KEY COUNT [URL] | watchers ORIGIN KEY COUNT ASLEEP"
                           " EVENTS\n");
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
