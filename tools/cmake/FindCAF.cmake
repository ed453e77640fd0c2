# Finds the C++ Actor Framework.
#
# CAF 0.18 and later install a package configuration, which is used where there is one (say where with CAF_ROOT or
# CMAKE_PREFIX_PATH). CAF 0.17, which Debian and Ubuntu package, has none: its headers and libraries are looked up.
#
# Components: core, io. Defines the targets CAF::core and CAF::io as far as they are found, and CAF_FOUND, CAF_VERSION
# and CAF_<component>_FOUND.

if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core io)
endif()

find_package(CAF CONFIG QUIET COMPONENTS core io)

if(CAF_FOUND)
  set(caf_found_in "${CAF_DIR}")
else()
  find_path(CAF_INCLUDE_DIR NAMES caf/all.hpp)
  mark_as_advanced(CAF_INCLUDE_DIR)
  if(CAF_INCLUDE_DIR AND EXISTS "${CAF_INCLUDE_DIR}/caf/config.hpp")
    # One number: major * 10000 + minor * 100 + patch.
    file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_version_line REGEX "^#define CAF_VERSION [0-9]+")
    if(caf_version_line MATCHES "([0-9]+)$")
      math(EXPR caf_major "${CMAKE_MATCH_1} / 10000")
      math(EXPR caf_minor "${CMAKE_MATCH_1} / 100 % 100")
      math(EXPR caf_patch "${CMAKE_MATCH_1} % 100")
      set(CAF_VERSION "${caf_major}.${caf_minor}.${caf_patch}")
    endif()
  endif()
  set(caf_found_in "${CAF_INCLUDE_DIR}")
  find_package(Threads QUIET)
  foreach(caf_component IN ITEMS core io)
    string(TOUPPER "CAF_${caf_component}_LIBRARY" caf_variable)
    find_library(${caf_variable} NAMES "caf_${caf_component}")
    mark_as_advanced(${caf_variable})
    if(CAF_INCLUDE_DIR AND ${caf_variable} AND NOT TARGET CAF::${caf_component})
      add_library(CAF::${caf_component} UNKNOWN IMPORTED)
      set_target_properties(CAF::${caf_component} PROPERTIES
        IMPORTED_LOCATION "${${caf_variable}}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
      )
    endif()
  endforeach()
  if(TARGET CAF::core)
    set_property(TARGET CAF::core PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads)
  endif()
  if(TARGET CAF::io)
    set_property(TARGET CAF::io PROPERTY INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
endif()

foreach(caf_component IN ITEMS core io)
  if(TARGET CAF::${caf_component})
    set(CAF_${caf_component}_FOUND TRUE)
  else()
    set(CAF_${caf_component}_FOUND FALSE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS caf_found_in
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE
    "Debian and Ubuntu: install libcaf-dev. Elsewhere: install CAF 1.x and pass its prefix in CMAKE_PREFIX_PATH."
)
