#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ports/workflow.hpp"

/// Programs that make pictures: ComfyUI, servers that speak A1111's or OpenAI's protocol, and the
/// painter that is built in. One interface, whatever the protocol is.
namespace atelier::ports {

/// What is to be done. `graph` is a backend's own document (ComfyUI's executable form).
enum class GenerationTask : unsigned char {
  txt2img, img2img, inpaint, hires, upscale, remove_background, graph,
};
BOOST_DESCRIBE_ENUM(GenerationTask, txt2img, img2img, inpaint, hires, upscale, remove_background,
                    graph)

/// What went wrong, as far as somebody who may try again needs to know. Errors of this port carry
/// one of these as their code, behind "generation_".
enum class Trouble : unsigned char {
  refused,        ///< by policy: never tried again, nowhere
  invalid,        ///< the backend says the request makes no sense: never tried again
  model_missing,  ///< not on this backend: try another one
  out_of_memory,  ///< try a larger one
  unreachable,    ///< no connection, or it broke off: try again, perhaps elsewhere
  busy,           ///< it takes no more at the moment
  lost,           ///< it was accepted and is not there any more: submit anew
  canceled,       ///< somebody stopped it
  failed,         ///< the backend tried and failed
};

constexpr std::string_view code_of(Trouble trouble) {
  using enum Trouble;
  switch (trouble) {
    case refused: return "generation_refused";
    case invalid: return "generation_invalid";
    case model_missing: return "generation_model_missing";
    case out_of_memory: return "generation_out_of_memory";
    case unreachable: return "generation_unreachable";
    case busy: return "generation_busy";
    case lost: return "generation_lost";
    case canceled: return "generation_canceled";
    case failed: break;
  }
  return "generation_failed";
}

/// `failed` for errors that are not of this port.
constexpr Trouble trouble_of(std::string_view code) {
  for (int i = 0; i < static_cast<int>(Trouble::failed); ++i)
    if (code_of(static_cast<Trouble>(i)) == code) return static_cast<Trouble>(i);
  return Trouble::failed;
}

/// An error of this port; `detail` is for the member who asked.
inline std::unexpected<Error> trouble(Trouble what, std::string_view detail) {
  const bool wrong = what == Trouble::refused || what == Trouble::invalid;
  return fail(wrong ? Fault::invalid : Fault::unavailable, code_of(what), detail);
}

/// A model file that takes part beside the main one.
struct OrderedResource {
  std::string kind;      ///< as AIR names it: lora, embedding, vae, upscaler …
  std::string name;      ///< as this backend knows it
  double strength = 1;
};

struct OrderedControl {
  std::string kind;         ///< canny, depth, pose …
  std::string model;        ///< as this backend knows it
  std::string picture;      ///< encoded; prepared already
  double weight = 1, start = 0, end = 1;
};

/// A file whose name on the backend belongs into the order's graph, at each of these places. A
/// mask goes in the form that the node there reads masks from.
struct OrderedPicture {
  std::vector<std::string> pointers;  ///< JSON Pointers into the graph
  bool mask = false;
  std::string bytes;                  ///< a mask is an 8-bit grey PNG, white = edit
};

/// Everything a backend needs for one piece of work. Pictures are whole files (PNG, JPEG, WebP).
struct Order {
  GenerationTask task = GenerationTask::txt2img;
  std::string key;          ///< unique for this piece of work, and the same when it is repeated:
                            ///< a canonical lower-case UUID
  bool repeated = false;    ///< it may have been handed over before: look, before doing it again
  std::string model;        ///< as this backend knows it; "" = whatever it has
  std::vector<OrderedResource> resources;
  std::vector<OrderedControl> controls;
  std::string prompt, negative;
  int width = 512, height = 512;  ///< of the result, in pixels
  std::string sampler = "euler", scheduler = "normal";  ///< canonical (features/recipes)
  int steps = 20;
  double guidance = 7;
  int clip_skip = 1;        ///< 1 = none, A1111's counting
  std::uint64_t seed = 0;   ///< of the first picture; the next have the numbers behind it
  int count = 1;
  double denoise = 1;       ///< 0 = the source as it is, 1 = nothing of it
  int first_width = 0, first_height = 0;  ///< of the first pass of hires
  std::string source;
  std::string mask;         ///< 8-bit grey PNG of the source's size; white = edit, black = keep
  std::string graph;        ///< GenerationTask::graph: JSON, with its parameters filled in
  std::vector<OrderedPicture> pictures;  ///< of the graph
  std::string workflow;     ///< its editor document, to be put into the result; "" = none
};

/// `invalid` if a picture is not there that the task needs. Every adapter asks this first.
inline Result<void> check_pictures(const Order& order) {
  using enum GenerationTask;
  const bool needs_source = order.task == img2img || order.task == inpaint ||
                            order.task == upscale || order.task == remove_background;
  if (needs_source && order.source.empty())
    return trouble(Trouble::invalid, "There is no source picture.");
  if (order.task == inpaint && order.mask.empty())
    return trouble(Trouble::invalid, "There is no mask.");
  return {};
}

struct MadePicture {
  std::string bytes;        ///< a whole file: PNG, JPEG or WebP
  std::uint64_t seed = 0;
};

struct Outcome {
  std::vector<MadePicture> pictures;
  std::string note;         ///< what differs from the order, for people; "" = nothing
};

/// Hears how the work goes, on the caller's thread.
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// `part` from 0 to 1. `preview` is a small encoded picture, or empty.
  virtual void progress(double part, std::string_view preview) = 0;
  /// Asked several times a second. Once true, the work is stopped and ends as `canceled`.
  virtual bool should_stop() = 0;
  /// Asked as often. Once true, `follow` returns `unreachable` and lets the work go on: this
  /// program stops, and the next one follows it by its handle.
  virtual bool should_leave() { return false; }
};

struct OfferedModel {
  std::string kind;         ///< checkpoint, lora, vae, embedding, controlnet, upscaler
  std::string name;
  std::string hash;         ///< lower-case hex as far as the backend tells it: 8, 10 or 64; or ""
};

/// What a backend can do, as it says itself.
struct Offer {
  std::string title;        ///< "ComfyUI 0.8.0"
  std::vector<GenerationTask> tasks;
  std::vector<OfferedModel> models;
  std::vector<std::string> samplers, schedulers;  ///< canonical; empty = any is taken
  int slots = 1;            ///< pieces of work at once
  int side_max = 4096;      ///< pixels
  int count_max = 8;        ///< pictures of one piece of work
  std::int64_t memory_bytes = 0;  ///< of its device; 0 = not told
  bool is_model = true;     ///< false: no AI model makes these pictures
  bool previews = false;
};

/// One backend. Calls block; each may come from another thread. Errors: see `Trouble`.
class Generator {
 public:
  virtual ~Generator() = default;
  virtual Result<Offer> probe() = 0;
  /// Hands the work over, if the protocol can do that without waiting for its end. The handle
  /// finds it again, also after a restart of this program. Repeating it under the same key, and
  /// saying so (`repeated`), does not make the work twice where the backend can tell.
  virtual Result<std::string> submit(const Order& order) = 0;
  /// Waits for the end and brings the pictures.
  virtual Result<Outcome> follow(const std::string& handle, const Order& order,
                                 Watcher& watcher) = 0;
  /// Stops that work and no other. Success also when it had ended.
  virtual Result<void> cancel(const std::string& handle) = 0;
  /// A document of its editor, or a graph, read and checked against what this backend has.
  /// `invalid` if it is neither, or too large; faults within it are no errors.
  virtual Result<ReadWorkflow> read_workflow(std::string_view text) {
    static_cast<void>(text);
    return trouble(Trouble::invalid, "This backend takes no workflows.");
  }
};

struct BackendAddress {
  std::string protocol;     ///< sketch, comfyui, automatic1111, openai
  std::string url;          ///< "" for the built-in painter
  std::string token;        ///< bearer token, or "user:password"; "" = none
  std::string model;        ///< of protocols that cannot list theirs
};

/// Opens backends. Thread-safe; opening does not connect.
class Generators {
 public:
  virtual ~Generators() = default;
  /// Null for a protocol that is not known.
  virtual std::shared_ptr<Generator> open(const BackendAddress& address) = 0;
  virtual std::vector<std::string> protocols() const = 0;
  /// Where such programs usually listen on this machine.
  virtual std::vector<BackendAddress> usual_places() const = 0;
};

}  // namespace atelier::ports
