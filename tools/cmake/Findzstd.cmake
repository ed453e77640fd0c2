# Zstandard: the package's own file for CMake where there is one. Debian's has none, so its library and header are looked
# for.

find_package(zstd CONFIG QUIET)
if(NOT TARGET zstd::zstd AND TARGET zstd::libzstd) # later versions of that file
  add_library(zstd::zstd ALIAS zstd::libzstd)
endif()
foreach(library IN ITEMS zstd::libzstd_shared zstd::libzstd_static) # earlier ones
  if(NOT TARGET zstd::zstd AND TARGET ${library})
    add_library(zstd::zstd INTERFACE IMPORTED)
    target_link_libraries(zstd::zstd INTERFACE ${library})
  endif()
endforeach()
if(NOT TARGET zstd::zstd)
  find_library(ZSTD_LIBRARY zstd)
  find_path(ZSTD_INCLUDE_DIR zstd.h)
  mark_as_advanced(ZSTD_LIBRARY ZSTD_INCLUDE_DIR)
endif()

include(FindPackageHandleStandardArgs)
if(TARGET zstd::zstd)
  set(zstd_FOUND TRUE)
else()
  find_package_handle_standard_args(zstd REQUIRED_VARS ZSTD_LIBRARY ZSTD_INCLUDE_DIR)
endif()

if(zstd_FOUND AND NOT TARGET zstd::zstd)
  add_library(zstd::zstd UNKNOWN IMPORTED)
  set_target_properties(zstd::zstd PROPERTIES
    IMPORTED_LOCATION "${ZSTD_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ZSTD_INCLUDE_DIR}"
  )
endif()
