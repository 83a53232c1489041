# The outside libraries of single folders, and who among the features sees whom. The same rows
# stand, checked, in tools/layers.toml.

function(atelier_uses target)
  if(TARGET ${target})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "INTERFACE_LIBRARY")
      target_link_libraries(${target} INTERFACE ${ARGN})
    else()
      target_link_libraries(${target} PUBLIC ${ARGN})
    endif()
  endif()
endfunction()

atelier_uses(engines_sqlite PkgConfig::SQLITE)
atelier_uses(engines_postgres PkgConfig::PQ)
atelier_uses(engines_digest OpenSSL::Crypto)
atelier_uses(engines_disk engines_digest)
atelier_uses(engines_elasticsearch engines_native_search PkgConfig::CURL)
atelier_uses(engines_lsa engines_disk engines_native_search Eigen3::Eigen)
atelier_uses(engines_openai_embeddings engines_fetch)
atelier_uses(engines_sodium PkgConfig::SODIUM)
atelier_uses(engines_smtp PkgConfig::CURL)
atelier_uses(engines_automatic1111 engines_fetch)
atelier_uses(engines_comfyui engines_digest engines_fetch)
atelier_uses(engines_fetch PkgConfig::CURL OpenSSL::SSL)
atelier_uses(engines_openai_images engines_fetch engines_raster)
atelier_uses(engines_raster PkgConfig::PNG)
atelier_uses(engines_sketch engines_raster PkgConfig::CAIRO)
atelier_uses(engines_native_search engines_digest engines_disk PkgConfig::UTF8PROC PkgConfig::ZLIB
  ${STEMMER})
# Its headers only: the decoding processes load the library, the server never does.
target_include_directories(engines_vips SYSTEM PRIVATE ${VIPS_INCLUDE_DIRS})
target_link_libraries(engines_vips PUBLIC ${CMAKE_DL_LIBS})
atelier_uses(features_accounts features_metrics features_visibility)
atelier_uses(features_files features_inspection)
atelier_uses(features_inspection PkgConfig::ZLIB)
atelier_uses(features_posts features_accounts features_collections features_follows
  features_images features_markdown features_metrics features_models features_visibility)
atelier_uses(features_recipes PkgConfig::ZLIB)
atelier_uses(features_markdown PkgConfig::GUMBO cmark-gfm-extensions cmark-gfm)
atelier_uses(features_civitai_api features_accounts features_files features_images features_models
  features_recipes)
atelier_uses(features_demo features_accounts features_files features_images features_models
  features_posts PkgConfig::ZLIB)
atelier_uses(features_images features_accounts features_collections features_files
  features_follows features_metrics features_models features_recipes features_visibility)
atelier_uses(features_generation features_files features_images features_models
  features_recipes PkgConfig::ZLIB)
atelier_uses(features_imports features_files features_markdown features_models yaml-cpp)
atelier_uses(features_moderation features_accounts features_markdown PkgConfig::UTF8PROC)
atelier_uses(features_models features_accounts features_collections features_files
  features_follows features_markdown features_metrics features_visibility)
atelier_uses(features_collections features_accounts features_metrics features_visibility)
atelier_uses(features_comments features_markdown features_mentions features_metrics
  features_visibility)
atelier_uses(features_follows features_metrics features_visibility)
atelier_uses(features_leaderboards features_metrics features_visibility)
atelier_uses(features_mentions features_accounts features_visibility)
atelier_uses(features_overlay features_collections features_follows features_reactions
  features_reviews)
atelier_uses(features_reactions features_metrics)
atelier_uses(features_reviews features_accounts features_markdown features_metrics
  features_models features_visibility)
atelier_uses(features_search features_accounts features_visibility)

# Hashing runs over every uploaded byte; at -O0 the vector kernels are some fifty times slower and
# a development server could not take an upload.
file(GLOB hashing ${CMAKE_SOURCE_DIR}/src/engines/digest/*.cpp)
set_source_files_properties(${hashing} PROPERTIES COMPILE_OPTIONS -O2)

# So does searching: its loops over postings and bits are what the optimiser is for.
file(GLOB searching ${CMAKE_SOURCE_DIR}/src/engines/native_search/*.cpp
  ${CMAKE_SOURCE_DIR}/src/engines/lsa/*.cpp)
set_source_files_properties(${searching} PROPERTIES COMPILE_OPTIONS -O2)

# And painting: every pixel passes through several functions.
file(GLOB painting ${CMAKE_SOURCE_DIR}/src/engines/sketch/*.cpp
  ${CMAKE_SOURCE_DIR}/src/engines/raster/*.cpp)
set_source_files_properties(${painting} PROPERTIES COMPILE_OPTIONS -O2)

atelier_embed(features_accounts atelier_common_passwords
  ${CMAKE_SOURCE_DIR}/src/features/accounts/common_passwords.txt)
