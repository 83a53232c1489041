#include "app/features.hpp"

#include "features/accounts/accounts.hpp"
#include "features/civitai_api/civitai_api.hpp"
#include "features/demo/demo.hpp"
#include "features/files/files.hpp"
#include "features/images/images.hpp"
#include "features/imports/imports.hpp"
#include "features/models/models.hpp"
#include "features/moderation/moderation.hpp"
#include "features/operations/operations.hpp"
#include "features/posts/posts.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::app {

const std::vector<platform::Feature>& features() {
  static const std::vector<platform::Feature> all = {
      accounts::feature(),
      files::feature(),
      visibility::feature(),
      models::feature(),
      images::feature(),
      posts::feature(),
      imports::feature(),
      moderation::feature(),
      operations::feature(),
      demo::feature(),
      civitai_api::feature(),
  };
  return all;
}

}  // namespace atelier::app
