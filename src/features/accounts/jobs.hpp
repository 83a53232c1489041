#pragma once

namespace atelier::platform {
class Jobs;
class Subjects;
}

namespace atelier::accounts {

/// Mail for password resets, and forgetting what expired.
void jobs(platform::Jobs& jobs);
void subjects(platform::Subjects& all);

}  // namespace atelier::accounts
