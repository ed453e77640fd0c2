# The target `headers_alone` compiles the headers of actors/ and messages/ by themselves: whichever a file includes first,
# it compiles. A header that is the first one that another includes is compiled first with it, and needs no file of its
# own. Not built with everything else, for it takes a minute; tools/test builds it with each compiler.

file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/actors/*.hpp" "${PROJECT_SOURCE_DIR}/messages/*.hpp")
set(included_first "")
foreach(header IN LISTS headers)
  file(STRINGS "${header}" line REGEX "^# *include " LIMIT_COUNT 1)
  if(line MATCHES "\"(.*)\"")
    get_filename_component(folder "${header}" DIRECTORY)
    get_filename_component(included "${CMAKE_MATCH_1}" ABSOLUTE BASE_DIR "${folder}")
    list(APPEND included_first "${included}")
  endif()
endforeach()

set(headers_alone "")
foreach(header IN LISTS headers)
  if(NOT header IN_LIST included_first)
    file(RELATIVE_PATH name "${PROJECT_SOURCE_DIR}" "${header}")
    set(source "${PROJECT_BINARY_DIR}/generated/headers_alone/${name}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
    list(APPEND headers_alone "${source}")
  endif()
endforeach()

add_library(headers_alone OBJECT EXCLUDE_FROM_ALL ${headers_alone})
target_link_libraries(headers_alone PRIVATE tandem_settings tandem)
set_target_properties(headers_alone PROPERTIES UNITY_BUILD OFF CXX_CLANG_TIDY "")
