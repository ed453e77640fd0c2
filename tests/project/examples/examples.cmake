# The test `examples`: those in the comments of public headers, and in the guides, compile.

include("${PROJECT_SOURCE_DIR}/tools/cmake/public_headers.cmake")

set(includes "$<TARGET_PROPERTY:tandem,INTERFACE_INCLUDE_DIRECTORIES>")
list(APPEND includes "$<TARGET_PROPERTY:doctest::doctest,INTERFACE_INCLUDE_DIRECTORIES>")
set(includes "$<REMOVE_DUPLICATES:$<FILTER:${includes},INCLUDE,.>>")
tandem_add_test(examples TIMEOUT 300
  COMMAND "${PROJECT_SOURCE_DIR}/tests/project/examples/compile.sh"
    "${PROJECT_BINARY_DIR}/generated/examples.cpp" "${PROJECT_SOURCE_DIR}"
    "${CMAKE_CXX_COMPILER} -std=c++20 ${CMAKE_CXX_FLAGS} -I'$<JOIN:${includes},' -I'>'"
    ${tandem_public_headers} README.md actors/README.md actors/cluster/README.md actors/nodes/README.md
)
