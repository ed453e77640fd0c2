# RE2: the package's own file for CMake where there is one. Debian's has none, so its library and header are looked for.

find_package(re2 CONFIG QUIET)
if(NOT TARGET re2::re2)
  find_library(RE2_LIBRARY re2)
  find_path(RE2_INCLUDE_DIR re2/re2.h)
  mark_as_advanced(RE2_LIBRARY RE2_INCLUDE_DIR)
endif()

include(FindPackageHandleStandardArgs)
if(TARGET re2::re2)
  set(re2_FOUND TRUE)
else()
  find_package_handle_standard_args(re2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_DIR)
endif()

if(re2_FOUND AND NOT TARGET re2::re2)
  add_library(re2::re2 UNKNOWN IMPORTED)
  set_target_properties(re2::re2 PROPERTIES
    IMPORTED_LOCATION "${RE2_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RE2_INCLUDE_DIR}"
  )
endif()
