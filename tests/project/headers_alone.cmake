# The target `headers_alone` compiles every header of actors/ and messages/ by itself: whichever a file includes first,
# it compiles. Not built with everything else, for it takes a minute; tools/test builds it with each compiler.

file(GLOB_RECURSE headers RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/actors/*.hpp" "${PROJECT_SOURCE_DIR}/messages/*.hpp"
)
set(headers_alone "")
foreach(header IN LISTS headers)
  set(source "${PROJECT_BINARY_DIR}/generated/headers_alone/${header}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${PROJECT_SOURCE_DIR}/${header}\"\n")
  list(APPEND headers_alone "${source}")
endforeach()

add_library(headers_alone OBJECT EXCLUDE_FROM_ALL ${headers_alone})
target_link_libraries(headers_alone PRIVATE tandem_settings tandem)
set_target_properties(headers_alone PROPERTIES UNITY_BUILD OFF CXX_CLANG_TIDY "")
