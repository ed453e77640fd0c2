# Finds Asio, the networking library without Boost: a header. Defines the target asio::asio.

find_path(asio_INCLUDE_DIR NAMES asio.hpp)
mark_as_advanced(asio_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(asio
  REQUIRED_VARS asio_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Debian and Ubuntu: install libasio-dev."
)

if(asio_FOUND AND NOT TARGET asio::asio)
  add_library(asio::asio INTERFACE IMPORTED)
  set_target_properties(asio::asio PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${asio_INCLUDE_DIR}"
    # No fences: one thread runs an io_context here, and the thread sanitizer does not know them.
    INTERFACE_COMPILE_DEFINITIONS "ASIO_STANDALONE;ASIO_NO_DEPRECATED;ASIO_DISABLE_FENCED_BLOCK"
  )
endif()
