#include "app/features.hpp"

#include "features/accounts/accounts.hpp"
#include "features/civitai_api/civitai_api.hpp"
#include "features/collections/collections.hpp"
#include "features/comments/comments.hpp"
#include "features/demo/demo.hpp"
#include "features/files/files.hpp"
#include "features/follows/follows.hpp"
#include "features/generation/generation.hpp"
#include "features/images/images.hpp"
#include "features/imports/imports.hpp"
#include "features/leaderboards/leaderboards.hpp"
#include "features/metrics/metrics.hpp"
#include "features/models/models.hpp"
#include "features/moderation/moderation.hpp"
#include "features/operations/operations.hpp"
#include "features/overlay/overlay.hpp"
#include "features/posts/posts.hpp"
#include "features/reactions/reactions.hpp"
#include "features/reviews/reviews.hpp"
#include "features/search/search.hpp"
#include "features/visibility/visibility.hpp"

namespace atelier::app {

const std::vector<platform::Feature>& features() {
  static const std::vector<platform::Feature> all = {
      accounts::feature(),
      files::feature(),
      visibility::feature(),
      metrics::feature(),
      models::feature(),
      images::feature(),
      posts::feature(),
      generation::feature(),
      reactions::feature(),
      comments::feature(),
      reviews::feature(),
      collections::feature(),
      follows::feature(),
      leaderboards::feature(),
      overlay::feature(),
      search::feature(),
      imports::feature(),
      moderation::feature(),
      operations::feature(),
      demo::feature(),
      civitai_api::feature(),
  };
  return all;
}

}  // namespace atelier::app
