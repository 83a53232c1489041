#include "platform/screening.hpp"

namespace atelier::platform {

Result<void> screen(Services& services, sql::Tx& tx, const Subject& subject,
                    std::initializer_list<std::string_view> texts) {
  if (services.screening == nullptr) return {};
  Screened all;
  for (const std::string_view text : texts) {
    if (text.empty()) continue;
    Screened one = TRY(services.screening->text(tx, text));
    if (one.review && !all.review) all = std::move(one);
  }
  return services.screening->review(services, tx, subject, all);
}

}  // namespace atelier::platform
