# Installs a build tree of Tandem to a prefix of its own, then configures, builds and runs the project beside this file
# against it: what users do first, and what a test inside the build tree cannot see. The headers that were installed are
# those of the list, no more and no less.
#
# Takes BUILD_DIR, WORK_DIR, CONFIG, GENERATOR, COMPILER, FLAGS, PREFIX_PATH, LAUNCHER, and HEADERS, the list's file.

cmake_minimum_required(VERSION 3.22)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed: ${result}")
  endif()
endfunction()

# Left over from the last run, a header that is no longer installed would still be found.
file(REMOVE_RECURSE "${WORK_DIR}")

set(prefix "${WORK_DIR}/prefix")
run("installing" "${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${prefix}")

include("${CMAKE_CURRENT_LIST_DIR}/check_headers.cmake")
check_headers("${prefix}/include/tandem" "${HEADERS}")

# Lists hold semicolons, which an argument list would take apart.
set(prefix_path "${prefix};${PREFIX_PATH}")
string(REPLACE ";" "\\;" prefix_path "${prefix_path}")
string(REPLACE ";" "\\;" launcher "${LAUNCHER}")
run("configuring"
  "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}"
  "-DCMAKE_BUILD_TYPE=${CONFIG}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}"
  "-DCMAKE_CXX_FLAGS=${FLAGS}"
  "-DCMAKE_CXX_COMPILER_LAUNCHER=${launcher}"
  "-DCMAKE_PREFIX_PATH=${prefix_path}"
)
run("building" "${CMAKE_COMMAND}" --build "${WORK_DIR}/build" --config "${CONFIG}")
find_program(user NAMES user PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}" NO_DEFAULT_PATH REQUIRED)
execute_process(COMMAND "${user}" RESULT_VARIABLE result OUTPUT_VARIABLE output)
if(NOT result EQUAL 0 OR NOT output STREQUAL "hello!\ncompleted\n")
  message(FATAL_ERROR "the user's program ended with ${result} and printed: ${output}")
endif()

if(EXISTS "${prefix}/bin/tandem")
  run("running the installed program" "${prefix}/bin/tandem" --help)
endif()
