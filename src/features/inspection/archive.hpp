#pragma once
#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// A zip file: PyTorch's (`*/data.pkl` with `*/data/N`), or any other, whose pickles are looked
/// at too. Archives within archives are not opened.
Result<> read_zip(Work& work);

}  // namespace atelier::inspection
