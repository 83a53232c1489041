#include "engines/digest/blake3_kernel.hpp"

#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512bw,avx512vl")
#endif
#define LANES 16
#include "engines/digest/blake3_lanes.inc"

namespace atelier::digest {

void blake3_batch_16(const Blake3Batch& batch) { run(batch); }

}  // namespace atelier::digest
