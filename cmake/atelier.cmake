# The build's own words. A folder is a target; `*_test.cpp` beside the sources go into one test
# binary per layer, so that a new feature adds no link step.

add_library(atelier_flags INTERFACE)
target_include_directories(atelier_flags INTERFACE
  ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
target_compile_options(atelier_flags INTERFACE
  -Wall -Wextra -Wshadow -Wno-missing-field-initializers
  -Wno-maybe-uninitialized # g++ 12 at -O2 suspects every std::optional that TRY unwraps
  $<$<AND:$<BOOL:$ENV{CI}>,$<CONFIG:Debug>>:-Werror>) # at -O2 g++ 12 warns of what is not there
target_compile_definitions(atelier_flags INTERFACE
  BOOST_ASIO_NO_DEPRECATED ATELIER_VERSION="${PROJECT_VERSION}")
target_link_libraries(atelier_flags INTERFACE Threads::Threads)

# What half of all files read of the standard library, compiled once: a fifth of a clean build. Only
# in release builds, so that in the others a file that forgets an include does not compile.
set(atelier_common_headers <algorithm> <array> <atomic> <chrono> <expected> <functional> <map>
  <memory> <mutex> <optional> <ranges> <set> <span> <string> <string_view> <unordered_map>
  <utility> <variant> <vector>)
function(atelier_precompile target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  if(target STREQUAL "base")
    target_precompile_headers(base PRIVATE ${atelier_common_headers})
  else()
    target_precompile_headers(${target} REUSE_FROM base)
  endif()
  target_compile_options(${target} PRIVATE
    -fpch-preprocess # what ccache needs to know them
    -Wno-array-bounds -Wno-stringop-overflow) # g++ 12 suspects what it takes for ours
endfunction()

function(atelier_target target folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;PRIVATE")
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*/*.cpp)
  file(GLOB tests CONFIGURE_DEPENDS ${folder}/*_test.cpp ${folder}/*/*_test.cpp)
  list(REMOVE_ITEM sources ${tests} "")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC atelier_flags ${arg_DEPENDS} PRIVATE ${arg_PRIVATE})
    atelier_precompile(${target})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE atelier_flags ${arg_DEPENDS})
  endif()
endfunction()

# atelier_layer(name DEPENDS … PRIVATE …): src/<name>/ is one library.
function(atelier_layer name)
  atelier_target(${name} ${CMAKE_SOURCE_DIR}/src/${name} ${ARGN})
endfunction()

# atelier_folders(features DEPENDS …): every src/features/<x>/ is the library features_<x>.
function(atelier_folders layer)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${CMAKE_SOURCE_DIR}/src/${layer}/*)
  set(targets "")
  foreach(folder ${folders})
    if(IS_DIRECTORY ${folder})
      get_filename_component(name ${folder} NAME)
      atelier_target(${layer}_${name} ${folder} ${ARGN})
      list(APPEND targets ${layer}_${name})
    endif()
  endforeach()
  set(ATELIER_${layer} ${targets} PARENT_SCOPE)
endfunction()

# The program: src/app without main.cpp is a library, so that tests can wire a whole server.
function(atelier_app)
  atelier_target(app ${CMAKE_SOURCE_DIR}/src/app
    DEPENDS http ${ATELIER_features} ${ATELIER_engines} PRIVATE spdlog::spdlog CLI11::CLI11)
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/app/main.cpp)
    get_target_property(sources app SOURCES)
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/app/main.cpp)
    set_target_properties(app PROPERTIES SOURCES "${sources}")
    add_executable(atelier ${CMAKE_SOURCE_DIR}/src/app/main.cpp)
    target_link_libraries(atelier PRIVATE
      -Wl,--start-group app ${ATELIER_features} ${ATELIER_engines} -Wl,--end-group)
  endif()
endfunction()

function(atelier_tests)
  include(GoogleTest)
  file(GLOB support CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/*.cpp)
  add_library(test_support STATIC ${support})
  target_include_directories(test_support PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(test_support PUBLIC app GTest::gtest PRIVATE PkgConfig::ZLIB)
  target_compile_definitions(test_support PRIVATE ATELIER_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  foreach(layer base schema platform features engines http app)
    file(GLOB tests CONFIGURE_DEPENDS
      ${CMAKE_SOURCE_DIR}/src/${layer}/*_test.cpp ${CMAKE_SOURCE_DIR}/src/${layer}/*/*_test.cpp
      ${CMAKE_SOURCE_DIR}/src/${layer}/*/*/*_test.cpp)
    atelier_test_binary(unit_${layer} ${tests})
  endforeach()
  file(GLOB contracts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/contract/*/*.cpp)
  # Whole, not only what a test refers to: every SQL statement is compiled on both engines.
  set(objects "")
  foreach(part platform ${ATELIER_features})
    get_target_property(type ${part} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND objects $<TARGET_OBJECTS:${part}>)
    endif()
  endforeach()
  atelier_test_binary(contract ${contracts} ${objects})
  file(GLOB faults CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/faults/*.cpp)
  atelier_test_binary(faults ${faults})
  file(GLOB snapshots CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/snapshots/*.cpp)
  atelier_test_binary(snapshots ${snapshots})
endfunction()

function(atelier_test_binary name)
  if(ARGN)
    add_executable(${name} ${ARGN})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE ATELIER_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE -Wl,--start-group test_support app http platform schema base
      ${ATELIER_features} ${ATELIER_engines} -Wl,--end-group
      GTest::gtest GTest::gtest_main rapidcheck)
    atelier_precompile(${name})
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  endif()
endfunction()
