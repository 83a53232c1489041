#pragma once

namespace atelier::platform {
class Jobs;
}

namespace atelier::accounts {

/// Mail for password resets, and forgetting what expired.
void jobs(platform::Jobs& jobs);

}  // namespace atelier::accounts
