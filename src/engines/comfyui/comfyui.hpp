#pragma once
#include <memory>
#include <string>

#include "ports/generator.hpp"

namespace atelier::engines::comfyui {

struct Options {
  std::string url;    ///< "http://127.0.0.1:8188"
  std::string token;  ///< for a proxy before it: ComfyUI itself asks for none
  int look_ms = 500;            ///< between looks at queue and history without a socket
  int look_with_socket_ms = 5'000;
  int away_ms = 15'000;         ///< so long it may not answer while work is there
  int dead_ms = 15'000;         ///< so long work may wait while nothing runs
  int silence_ms = 600'000;     ///< so long running work may say nothing
  int stop_ms = 120'000;        ///< so long a stop may take
};

/// ComfyUI (0.3.9 and newer). An order becomes a graph, checked against the server's node classes
/// before it is sent. The handle is the server's id of the prompt.
///  - Every submission has a socket to itself, open before it is sent, under a client id that no
///    other socket ever has (two of one id take each other's frames). What comes before the
///    answer is kept. When the work is done the socket may serve the next one within 10 s.
///  - `/history` and `/queue` tell how work ends; frames say when to look. So work ends rightly
///    whatever happens to the socket, also when another process follows it.
///  - The order's key is offered as the prompt's id and is written into the prompt: a `repeated`
///    submission is found again, by 409, by id, or by that mark.
///  - Work that waits is taken out of the queue. Running work is stopped by the one call that newer
///    servers have, or by an interrupt with its id; older servers interrupt whatever runs, so
///    there it is done only while nothing else waits.
///  - Results are shown, not saved: ComfyUI keeps them in its temporary folder until it restarts.
/// Thread-safe.
std::shared_ptr<ports::Generator> make_backend(Options options);

}  // namespace atelier::engines::comfyui
