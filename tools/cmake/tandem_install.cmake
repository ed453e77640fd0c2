# What `cmake --install` puts where, so that find_package(tandem CONFIG) finds it, or Tandem in other letters.

include(CMakePackageConfigHelpers)

set(tandem_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tandem")

get_property(tandem_exported_targets GLOBAL PROPERTY TANDEM_EXPORTED_TARGETS)
install(TARGETS ${tandem_exported_targets} EXPORT tandem_targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
)
install(EXPORT tandem_targets
  NAMESPACE tandem::
  FILE tandemTargets.cmake
  DESTINATION "${tandem_config_dir}"
)

include("${CMAKE_CURRENT_LIST_DIR}/public_headers.cmake")
foreach(tandem_header IN LISTS tandem_public_headers tandem_needed_headers)
  get_filename_component(tandem_folder "${tandem_header}" DIRECTORY)
  install(FILES "${PROJECT_SOURCE_DIR}/${tandem_header}"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/tandem/${tandem_folder}"
  )
endforeach()

if(TARGET tandem_program)
  install(TARGETS tandem_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  # So that the program starts from any prefix, whether Tandem and CAF are shared or static, in a system's place or not.
  file(RELATIVE_PATH tandem_bin_to_lib
    "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}"
  )
  set_target_properties(tandem_program PROPERTIES
    INSTALL_RPATH "$ORIGIN/${tandem_bin_to_lib}"
    INSTALL_RPATH_USE_LINK_PATH ON
  )
endif()
foreach(tandem_target IN LISTS tandem_exported_targets)
  get_target_property(tandem_target_type ${tandem_target} TYPE)
  if(tandem_target_type STREQUAL "SHARED_LIBRARY")
    set_target_properties(${tandem_target} PROPERTIES INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON)
  endif()
endforeach()

# The two CAF versions are different libraries to a program that links this: the package asks for its own one.
if(CAF_VERSION VERSION_LESS 1)
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" TANDEM_CAF_SERIES "${CAF_VERSION}")
else()
  string(REGEX MATCH "^[0-9]+" TANDEM_CAF_SERIES "${CAF_VERSION}")
endif()

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/tandem-config.cmake.in"
  "${PROJECT_BINARY_DIR}/generated/tandem-config.cmake"
  INSTALL_DESTINATION "${tandem_config_dir}"
  NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/generated/tandem-config-version.cmake"
  VERSION "${PROJECT_VERSION}"
  COMPATIBILITY SameMinorVersion
)
install(
  FILES
    "${PROJECT_BINARY_DIR}/generated/tandem-config.cmake"
    "${PROJECT_BINARY_DIR}/generated/tandem-config-version.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${tandem_config_dir}"
)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
