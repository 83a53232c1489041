#include "app/features.hpp"

#include "features/accounts/accounts.hpp"
#include "features/files/files.hpp"
#include "features/models/models.hpp"
#include "features/operations/operations.hpp"

namespace atelier::app {

const std::vector<platform::Feature>& features() {
  static const std::vector<platform::Feature> all = {
      accounts::feature(),
      files::feature(),
      models::feature(),
      operations::feature(),
  };
  return all;
}

}  // namespace atelier::app
