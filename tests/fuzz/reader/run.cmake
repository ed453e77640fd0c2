# Builds the fuzzer of the trace reader, or runs it. See fuzz.cmake.

if(NOT CLANG)
  message(STATUS "SKIPPED: clang with libFuzzer is needed (on Debian: clang libclang-rt-dev, or libclang-rt-14-dev)")
  return()
endif()
if(CMAKE_VERSION VERSION_LESS 3.25)
  message(STATUS "SKIPPED: CMake 3.25 is needed, for the preset fuzz")
  return()
endif()

file(MAKE_DIRECTORY "${FOLDER}")
set(fuzzer "${FOLDER}/build/bin/reader_fuzzer")

if(STEP STREQUAL "build")
  # clang may be there without what it links.
  file(WRITE "${FOLDER}/try.cpp" "extern \"C\" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }\n")
  execute_process(COMMAND "${CLANG}" -fsanitize=fuzzer,address,undefined "${FOLDER}/try.cpp" -o "${FOLDER}/try"
    RESULT_VARIABLE result ERROR_VARIABLE said
  )
  if(NOT result EQUAL 0)
    file(REMOVE "${fuzzer}")
    message(STATUS "SKIPPED: ${CLANG} links no libFuzzer (on Debian: libclang-rt-dev, or libclang-rt-14-dev): ${said}")
    return()
  endif()
  string(REPLACE ";" "\\;" prefix_path "${PREFIX_PATH}")
  foreach(command IN ITEMS
    "--preset;fuzz;-B;${FOLDER}/build;-DCMAKE_CXX_COMPILER=${CLANG};-DCMAKE_PREFIX_PATH=${prefix_path}"
    "--build;${FOLDER}/build;--target;reader_fuzzer"
  )
    execute_process(COMMAND "${CMAKE_COMMAND}" ${command} WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "building the fuzzer failed: ${result}")
    endif()
  endforeach()
  return()
endif()

if(NOT EXISTS "${fuzzer}")
  message(STATUS "SKIPPED: the fuzzer was not built")
  return()
endif()
set(seconds "$ENV{TANDEM_FUZZ_SECONDS}")
if(NOT seconds)
  set(seconds 60)
endif()
# What it finds interesting stays in the build directory and is where the next run begins; a find is named crash-*, and
# `reader_fuzzer FILE` runs it again.
file(MAKE_DIRECTORY "${FOLDER}/corpus")
set(here "${CMAKE_CURRENT_LIST_DIR}")
execute_process(
  COMMAND "${fuzzer}" "-dict=${here}/reader.dict" -max_len=8192 "-max_total_time=${seconds}" -print_final_stats=1
    "-artifact_prefix=${FOLDER}/" "${FOLDER}/corpus" "${here}/seeds" "${SOURCE}/tests/trace/golden"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${output}\nThe fuzzer of the trace reader ended with ${result}")
endif()
string(REGEX MATCH "Done [0-9]+ runs in [0-9]+ second" done "${output}")
if(NOT done)
  message(FATAL_ERROR "${output}\nThe fuzzer of the trace reader has not run")
endif()
message(STATUS "${done}s")
