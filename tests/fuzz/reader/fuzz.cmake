# The fuzzer of the trace reader as a test: builds it with clang in a build directory of its own, and runs it for a
# minute, or TANDEM_FUZZ_SECONDS. Skipped, saying why, where there is no clang with libFuzzer.

find_program(TANDEM_CLANG NAMES clang++ clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14)
mark_as_advanced(TANDEM_CLANG)

foreach(step IN ITEMS build run)
  tandem_add_test(fuzz_reader_${step} TIMEOUT 1200
    COMMAND "${CMAKE_COMMAND}" "-DSTEP=${step}" "-DSOURCE=${PROJECT_SOURCE_DIR}"
      "-DFOLDER=${PROJECT_BINARY_DIR}/fuzz_reader" "-DCLANG=${TANDEM_CLANG}" "-DPREFIX_PATH=${CMAKE_PREFIX_PATH}"
      -P "${CMAKE_CURRENT_LIST_DIR}/run.cmake"
  )
  set_tests_properties(fuzz_reader_${step} PROPERTIES SKIP_REGULAR_EXPRESSION "SKIPPED: ")
endforeach()
set_tests_properties(fuzz_reader_build PROPERTIES FIXTURES_SETUP fuzz_reader COST 200) # begins first
set_tests_properties(fuzz_reader_run PROPERTIES FIXTURES_REQUIRED fuzz_reader)
