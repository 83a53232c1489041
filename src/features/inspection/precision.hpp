#pragma once
#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// Fills the totals per dtype and the precision in Civitai's words (fp32, bf16, fp8_scaled …).
void summarise_tensors(Work& work);

}  // namespace atelier::inspection
