# Builds the fuzzers, or runs one. See fuzz.cmake.

cmake_minimum_required(VERSION 3.22)

if(NOT CLANG)
  message(STATUS "SKIPPED: clang with libFuzzer is needed (on Debian: clang libclang-rt-dev, or libclang-rt-14-dev)")
  return()
endif()
if(CMAKE_VERSION VERSION_LESS 3.25)
  message(STATUS "SKIPPED: CMake 3.25 is needed, for the preset fuzz")
  return()
endif()

file(MAKE_DIRECTORY "${FOLDER}")
set(programs "${FOLDER}/build/bin")

function(build)
  # clang may be there without what it links.
  file(WRITE "${FOLDER}/try.cpp" "extern \"C\" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }\n")
  execute_process(COMMAND "${CLANG}" -fsanitize=fuzzer,address,undefined "${FOLDER}/try.cpp" -o "${FOLDER}/try"
    RESULT_VARIABLE result ERROR_VARIABLE said
  )
  if(NOT result EQUAL 0)
    file(REMOVE_RECURSE "${programs}")
    message(STATUS "SKIPPED: ${CLANG} links no libFuzzer (on Debian: libclang-rt-dev, or libclang-rt-14-dev): ${said}")
    return()
  endif()
  string(REPLACE ";" "\\;" prefix_path "${PREFIX_PATH}")
  foreach(command IN ITEMS
    "--preset;fuzz;-B;${FOLDER}/build;-DCMAKE_CXX_COMPILER=${CLANG};-DCMAKE_PREFIX_PATH=${prefix_path}"
    "--build;${FOLDER}/build;--target;codec_fuzzer;reader_fuzzer"
  )
    execute_process(COMMAND "${CMAKE_COMMAND}" ${command} WORKING_DIRECTORY "${SOURCE}" RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "building the fuzzers failed: ${result}")
    endif()
  endforeach()
endfunction()

function(run)
  if(NOT EXISTS "${programs}/${FUZZER}")
    message(STATUS "SKIPPED: the fuzzers were not built")
    return()
  endif()
  set(seconds "$ENV{TANDEM_FUZZ_SECONDS}")
  if(NOT seconds)
    set(seconds 20)
  endif()
  # The input that it finds interesting stays in the build directory, and the next run begins with it; a find is named
  # crash-*, oom-* or the like, and `FUZZER FILE` runs it again.
  set(folder "${FOLDER}/${FUZZER}")
  file(MAKE_DIRECTORY "${folder}/corpus")
  if(FUZZER STREQUAL "codec_fuzzer")
    set(SEEDS "${folder}/seeds")
    file(MAKE_DIRECTORY "${SEEDS}")
    execute_process(COMMAND "${programs}/codec_seeds" "${SEEDS}" RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "writing the seeds failed: ${result}")
    endif()
  endif()
  string(REPLACE "|" ";" SEEDS "${SEEDS}") # a list does not survive the command line
  set(dictionary "")
  if(DICTIONARY)
    set(dictionary "-dict=${DICTIONARY}")
  endif()
  # Memory that was freed waits in the sanitizer's quarantine; with less of it, the limit is about the fuzzer.
  set(ENV{ASAN_OPTIONS} "$ENV{ASAN_OPTIONS}:quarantine_size_mb=16")
  execute_process(
    COMMAND "${programs}/${FUZZER}" ${dictionary} -max_len=8192 -timeout=10 "-max_total_time=${seconds}"
      -print_final_stats=1 "-rss_limit_mb=${RSS}" "-malloc_limit_mb=${MALLOC}" "-artifact_prefix=${folder}/"
      "${folder}/corpus" ${SEEDS}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${output}\n${FUZZER} ended with ${result}")
  endif()
  string(REGEX MATCH "Done [0-9]+ runs in [0-9]+ second" done "${output}")
  string(REGEX MATCH "peak_rss_mb: +[0-9]+" memory "${output}")
  if(NOT done)
    message(FATAL_ERROR "${output}\n${FUZZER} has not run")
  endif()
  message(STATUS "${done}s, ${memory}")
endfunction()

cmake_language(CALL ${STEP})
