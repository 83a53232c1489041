#include "engines/digest/blake3_kernel.hpp"

#if defined(__x86_64__)
#pragma GCC target("avx2")
#endif
#define LANES 8
#include "engines/digest/blake3_lanes.inc"

namespace atelier::digest {

void blake3_batch_8(const Blake3Batch& batch) { run(batch); }

}  // namespace atelier::digest
