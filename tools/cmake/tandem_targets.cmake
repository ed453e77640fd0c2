# What all targets of Tandem have in common.

# -- compiler ----------------------------------------------------------------------------------------------------------

add_library(tandem_settings INTERFACE)
target_compile_features(tandem_settings INTERFACE cxx_std_20)
target_compile_options(tandem_settings INTERFACE -Wall -Wextra -Wpedantic)
if(TANDEM_WARNINGS_AS_ERRORS)
  target_compile_options(tandem_settings INTERFACE -Werror)
endif()
# Nobody replaces a function of ours by one of their own name, so calls within a library need no detour, also where code
# is position independent.
target_compile_options(tandem_settings INTERFACE -fno-semantic-interposition)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping copies in std::string's operator+ (its bug 105651), and what is beyond its bounds there.
    target_compile_options(tandem_settings INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow)
  endif()
  if(CMAKE_UNITY_BUILD)
    # It takes for a header what is included by the file that joins several.
    target_compile_options(tandem_settings INTERFACE -Wno-subobject-linkage)
  endif()
  if(TANDEM_SANITIZERS)
    # GCC's manual: the checks that sanitizers insert make this warning unreliable.
    target_compile_options(tandem_settings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

if(TANDEM_SANITIZERS)
  # For everything and not only for our targets: part of the program without them would mean false reports.
  list(JOIN TANDEM_SANITIZERS "," tandem_sanitizers)
  # Checks that end the program are half the code of checks that return, and compile in two thirds of the time.
  add_compile_options("-fsanitize=${tandem_sanitizers}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # These check each access to an object. GCC takes a third of its time for them, and the address sanitizer finds what
    # nearly all of them would; the fuzzers, which clang builds, have them.
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr)
  endif()
  add_link_options("-fsanitize=${tandem_sanitizers}")
endif()

if(TANDEM_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(TANDEM_CCACHE ccache)
  mark_as_advanced(TANDEM_CCACHE)
  if(TANDEM_CCACHE)
    # Without this sloppiness ccache passes over everything that uses precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
        "${TANDEM_CCACHE}")
  endif()
endif()

# -- precompiled headers -----------------------------------------------------------------------------------------------

# A precompiled header serves targets that are compiled with the same flags. Shared libraries and programs are not, so
# with BUILD_SHARED_LIBS there are none.
if(TANDEM_PRECOMPILED_HEADERS AND NOT BUILD_SHARED_LIBS)
  set(TANDEM_USE_PRECOMPILED_HEADERS ON)
else()
  set(TANDEM_USE_PRECOMPILED_HEADERS OFF)
endif()

# tandem_precompiled(<name> HEADERS <header>... LINKS <target>...)
# A target that exists for its precompiled header only.
function(tandem_precompiled name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;LINKS")
  if(NOT TANDEM_USE_PRECOMPILED_HEADERS)
    return()
  endif()
  set(source "${PROJECT_BINARY_DIR}/generated/${name}.cpp")
  file(GENERATE OUTPUT "${source}" CONTENT "// Exists to have something to compile beside the precompiled header.\n")
  add_library(${name} OBJECT "${source}")
  target_link_libraries(${name} PRIVATE tandem_settings ${arg_LINKS})
  target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()

# tandem_use_precompiled(<target> <name>)
function(tandem_use_precompiled target name)
  get_target_property(type ${target} TYPE)
  if(TANDEM_USE_PRECOMPILED_HEADERS AND NOT type STREQUAL "INTERFACE_LIBRARY")
    target_precompile_headers(${target} REUSE_FROM ${name})
  endif()
endfunction()

# -- libraries and programs --------------------------------------------------------------------------------------------

# tandem_sources(<variable> <folder>...)
# The sources right in these folders, as seen from the current one.
function(tandem_sources variable)
  set(sources "")
  foreach(folder IN LISTS ARGN)
    get_filename_component(folder "${folder}" ABSOLUTE)
    file(GLOB found CONFIGURE_DEPENDS "${folder}/*.cpp")
    # Where sources are joined, those of a folder are, and of no two; with a batch size, so many, whatever their folder.
    file(RELATIVE_PATH group "${PROJECT_SOURCE_DIR}" "${folder}")
    string(MAKE_C_IDENTIFIER "${group}" group)
    set_source_files_properties(${found} PROPERTIES UNITY_GROUP "${group}")
    list(APPEND sources ${found})
  endforeach()
  list(SORT sources)
  set(${variable} "${sources}" PARENT_SCOPE)
endfunction()

# PUBLIC, or INTERFACE for a library without sources.
function(tandem_public variable target)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(${variable} INTERFACE PARENT_SCOPE)
  else()
    set(${variable} PUBLIC PARENT_SCOPE)
  endif()
endfunction()

function(tandem_link target)
  tandem_public(public ${target})
  target_link_libraries(${target} ${public} ${ARGN})
endfunction()

function(tandem_define target)
  tandem_public(public ${target})
  target_compile_definitions(${target} ${public} ${ARGN})
endfunction()

# tandem_library(<name> FOLDERS <folder>... LINKS <target>... [EXPORT <name>])
# A library of the sources in these folders; without EXPORT it is for this project's programs only.
function(tandem_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXPORT" "FOLDERS;LINKS")
  tandem_sources(sources ${arg_FOLDERS})
  if(NOT sources)
    add_library(${name} INTERFACE)
  elseif(arg_EXPORT)
    add_library(${name} ${sources})
  else()
    add_library(${name} STATIC ${sources})
  endif()
  tandem_public(public ${name})
  target_include_directories(${name} ${public} "$<BUILD_INTERFACE:${TANDEM_INCLUDE_DIR}>")
  target_compile_features(${name} ${public} cxx_std_20)
  target_link_libraries(${name} ${public} ${arg_LINKS})
  if(sources)
    target_link_libraries(${name} PRIVATE "$<BUILD_INTERFACE:tandem_settings>")
    list(LENGTH arg_FOLDERS folders)
    if(folders GREATER 1 AND NOT CMAKE_UNITY_BUILD_BATCH_SIZE)
      set_target_properties(${name} PROPERTIES UNITY_BUILD_MODE GROUP)
    endif()
  endif()
  if(arg_EXPORT)
    target_include_directories(${name} ${public} "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
    add_library(tandem::${arg_EXPORT} ALIAS ${name})
    set_target_properties(${name} PROPERTIES
      POSITION_INDEPENDENT_CODE ON # users put static libraries into shared ones, such as plugins
      EXPORT_NAME ${arg_EXPORT}
      VERSION ${PROJECT_VERSION}
      # Before 1.0 a minor version may break the binary interface.
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    )
    set_property(GLOBAL APPEND PROPERTY TANDEM_EXPORTED_TARGETS ${name})
  endif()
endfunction()

# tandem_program(<name> SOURCES <source>... LINKS <target>...)
function(tandem_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE tandem_settings ${arg_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endfunction()
