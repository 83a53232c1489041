#pragma once
#include <vector>

#include "base/file_handle.hpp"
#include "base/result.hpp"

/// Listening sockets from the running server to the next one (SCM_RIGHTS over a Unix stream
/// socket, unix(7)). The kernel's queue of waiting connections goes along, so a restart loses none.
namespace atelier::http {

/// Sends the descriptors in one message; they stay open here. At most 250. Blocks.
Result<void> send_sockets(int channel, const std::vector<int>& sockets);

/// What `send_sockets` sent, close-on-exec. Refuses anything that is not a listening TCP socket.
/// Codes `handover_closed`, `handover_invalid`. Blocks.
Result<std::vector<FileHandle>> receive_sockets(int channel);

}  // namespace atelier::http
