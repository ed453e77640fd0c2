# The fuzzers as tests: builds them with clang in a build directory of their own, and runs each for 20 seconds, or
# TANDEM_FUZZ_SECONDS. Skipped, saying why, if no clang with libFuzzer is there.

find_program(TANDEM_CLANG NAMES clang++ clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14)
mark_as_advanced(TANDEM_CLANG)

# tandem_fuzz_test(<test> <step> TIMEOUT <seconds> [<definition>...])
function(tandem_fuzz_test test step)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TIMEOUT" "")
  tandem_add_test(${test} TIMEOUT ${arg_TIMEOUT}
    COMMAND "${CMAKE_COMMAND}" "-DSTEP=${step}" "-DSOURCE=${PROJECT_SOURCE_DIR}"
      "-DFOLDER=${PROJECT_BINARY_DIR}/fuzz" "-DCLANG=${TANDEM_CLANG}" "-DPREFIX_PATH=${CMAKE_PREFIX_PATH}"
      ${arg_UNPARSED_ARGUMENTS} -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run.cmake"
  )
  tandem_slow_test(${test})
endfunction()

tandem_fuzz_test(fuzz_build build TIMEOUT 1200)
set_tests_properties(fuzz_build PROPERTIES FIXTURES_SETUP fuzzers COST 200) # begins first

# The bounds of memory are about twice what a run takes today, with what the address sanitizer adds: at most 8 KiB of
# input must not make anybody ask for much more. In one piece (MALLOC) and together (RSS), in MiB. Nor may one input
# take more than 10 seconds.
tandem_fuzz_test(fuzz_codec run TIMEOUT 600 -DFUZZER=codec_fuzzer -DMALLOC=2 -DRSS=160)
tandem_fuzz_test(fuzz_reader run TIMEOUT 600 -DFUZZER=reader_fuzzer -DMALLOC=4 -DRSS=192
  "-DDICTIONARY=${CMAKE_CURRENT_LIST_DIR}/reader/reader.dict"
  "-DSEEDS=${CMAKE_CURRENT_LIST_DIR}/reader/seeds|${CMAKE_CURRENT_SOURCE_DIR}/trace/golden"
)
set_tests_properties(fuzz_codec fuzz_reader PROPERTIES FIXTURES_REQUIRED fuzzers)
