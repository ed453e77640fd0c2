# Installs a build tree of Tandem to a prefix of its own, then configures, builds and runs the project beside this file
# against it: what users do first, and what a test inside the build tree cannot see. The headers that were installed are
# those of the list, no more and no less.
#
# Then the same with shared libraries: what BUILD_SHARED_LIBS configures, links and installs, of the objects that are
# there (reuse_object.sh).
#
# Takes SOURCE_DIR, BUILD_DIR, WORK_DIR, CONFIG, GENERATOR, COMPILER, FLAGS, PREFIX_PATH, LAUNCHER, UNITY, UNITY_BATCH,
# and HEADERS, the list's file.

cmake_minimum_required(VERSION 3.22)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed: ${result}")
  endif()
endfunction()

# Lists hold semicolons, which an argument list would take apart.
function(escaped variable)
  string(REPLACE ";" "\\;" result "${ARGN}")
  set(${variable} "${result}" PARENT_SCOPE)
endfunction()

# configure(<source> <build> LAUNCHER <word>... PREFIX_PATH <folder>... [OPTIONS <option>...])
function(configure source build)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LAUNCHER;PREFIX_PATH;OPTIONS")
  escaped(launcher ${arg_LAUNCHER})
  escaped(prefix_path ${arg_PREFIX_PATH})
  run("configuring" "${CMAKE_COMMAND}" -S "${source}" -B "${build}" -G "${GENERATOR}"
    "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}"
    "-DCMAKE_CXX_FLAGS=${FLAGS}"
    "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}"
    "-DCMAKE_PREFIX_PATH=${prefix_path}"
    ${arg_OPTIONS}
  )
endfunction()

# use(<prefix> <build> <launcher>...)
# Builds the user's project against what is installed at the prefix, and runs its program.
function(use prefix build)
  configure("${CMAKE_CURRENT_LIST_DIR}" "${build}" LAUNCHER ${ARGN} PREFIX_PATH "${prefix}" ${PREFIX_PATH})
  run("building" "${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")
  find_program(user NAMES user PATHS "${build}" "${build}/${CONFIG}" NO_DEFAULT_PATH NO_CACHE REQUIRED)
  execute_process(COMMAND "${user}" RESULT_VARIABLE result OUTPUT_VARIABLE output)
  if(NOT result EQUAL 0 OR NOT output STREQUAL "hello!\ncompleted\n")
    message(FATAL_ERROR "the user's program ended with ${result} and printed: ${output}")
  endif()
endfunction()

# Left over from the last run, a header that is no longer installed would still be found.
file(REMOVE_RECURSE "${WORK_DIR}")

set(prefix "${WORK_DIR}/prefix")
run("installing" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${prefix}")

include("${CMAKE_CURRENT_LIST_DIR}/check_headers.cmake")
check_headers("${prefix}/include/tandem" "${HEADERS}")

use("${prefix}" "${WORK_DIR}/build" ${LAUNCHER})
if(EXISTS "${prefix}/bin/tandem")
  run("running the installed program" "${prefix}/bin/tandem" --help)
endif()

# -- components --------------------------------------------------------------------------------------------------------

# What is said of this component; empty if it is there.
function(ask_for component variable)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-DTANDEM_USER_COMPONENT=${component}" "${WORK_DIR}/build"
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE said
  )
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  if(result EQUAL 0)
    set(said "")
  endif()
  set(${variable} "${said}" PARENT_SCOPE)
endfunction()

foreach(component IN ITEMS messages trace core tandem)
  ask_for(${component} said)
  if(said)
    message(FATAL_ERROR "the component ${component} is not there: ${said}")
  endif()
endforeach()
ask_for(mesages said)
if(NOT said MATCHES "Tandem has no component mesages; it has messages, trace, core, tandem")
  message(FATAL_ERROR "of a component that does not exist is said: ${said}")
endif()
ask_for("" said)

# -- shared libraries --------------------------------------------------------------------------------------------------

file(GLOB archives "${prefix}/lib*/libtandem*.a" "${prefix}/lib/*/libtandem*.a")
if(NOT archives)
  return() # they are shared as they are
endif()

set(options -DBUILD_SHARED_LIBS=ON -DTANDEM_BUILD_TESTS=OFF -DTANDEM_BUILD_TOOLS=OFF -DTANDEM_BUILD_BENCHMARKS=OFF)
list(APPEND options "-DCMAKE_UNITY_BUILD=${UNITY}")
if(UNITY_BATCH)
  list(APPEND options "-DCMAKE_UNITY_BUILD_BATCH_SIZE=${UNITY_BATCH}")
endif()
# Each library has to name all that it needs; clang gives what sanitizers need to programs only.
if(NOT FLAGS MATCHES "-fsanitize")
  list(APPEND options "-DCMAKE_SHARED_LINKER_FLAGS=-Wl,--no-undefined")
endif()
set(reuse "${CMAKE_CURRENT_LIST_DIR}/reuse_object.sh")
set(shared_prefix "${WORK_DIR}/shared_prefix")
configure("${SOURCE_DIR}" "${WORK_DIR}/shared" LAUNCHER sh "${reuse}" "${BUILD_DIR}" PREFIX_PATH ${PREFIX_PATH}
  OPTIONS ${options}
)
run("building shared libraries" "${CMAKE_COMMAND}" --build "${WORK_DIR}/shared" --config "${CONFIG}")
run("installing shared libraries"
  "${CMAKE_COMMAND}" --install "${WORK_DIR}/shared" --config "${CONFIG}" --prefix "${shared_prefix}"
)
file(GLOB shared "${shared_prefix}/lib*/libtandem*.so" "${shared_prefix}/lib/*/libtandem*.so")
list(LENGTH archives wanted)
list(LENGTH shared got)
if(NOT got EQUAL wanted)
  message(FATAL_ERROR "of ${wanted} libraries these are shared: ${shared}")
endif()
use("${shared_prefix}" "${WORK_DIR}/shared_build" sh "${reuse}" "${WORK_DIR}/build")
