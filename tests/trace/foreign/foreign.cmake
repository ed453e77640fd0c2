# Pages and exports of traces, held against programs that are not ours. What a machine lacks for a test is said, and the
# test skipped; its packages are installed once for each lock file, in the build directory, when a test needs them.

set(tandem_foreign "${CMAKE_CURRENT_LIST_DIR}")

# tandem_foreign_test(<name> SCRIPT <script> TIMEOUT <seconds>)
# A test that run.cmake runs with node.
function(tandem_foreign_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SCRIPT;TIMEOUT" "")
  tandem_add_test(${name} TIMEOUT ${arg_TIMEOUT}
    COMMAND "${CMAKE_COMMAND}" "-DSCRIPT=${arg_SCRIPT}" "-DSOURCE=${tandem_foreign}"
      "-DFOLDER=${CMAKE_CURRENT_BINARY_DIR}/trace_foreign" "-DPROGRAM=$<TARGET_FILE:tandem_program>"
      "-DPAGE=${PROJECT_SOURCE_DIR}/tools/trace/page" "-DNODE=${TANDEM_NODE}" "-DNPM=${TANDEM_NPM}"
      "-DHAS_NODE=${TANDEM_HAS_NODE}" "-DCHROMIUM=${TANDEM_CHROMIUM}" -P "${tandem_foreign}/run.cmake"
  )
endfunction()

find_program(TANDEM_CHROMIUM NAMES chromium chromium-browser google-chrome)
mark_as_advanced(TANDEM_CHROMIUM)

tandem_foreign_test(trace_page SCRIPT browser_test.mjs TIMEOUT 180)
tandem_foreign_test(trace_page_use SCRIPT browser_use_test.mjs TIMEOUT 180)
set_property(TEST trace_page trace_page_use PROPERTY LABELS browser)
tandem_slow_test(trace_page)
tandem_foreign_test(trace_page_types SCRIPT types TIMEOUT 60)
tandem_foreign_test(trace_otlp SCRIPT otlp_test.mjs TIMEOUT 60)
tandem_foreign_test(trace_chrome SCRIPT chrome_test.mjs TIMEOUT 60)
# Whichever comes first installs the packages.
set_tests_properties(trace_page trace_page_use trace_page_types trace_otlp trace_chrome PROPERTIES RESOURCE_LOCK trace_foreign)

find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  file(GLOB shop "${CMAKE_CURRENT_SOURCE_DIR}/trace/golden/shop/*.jsonl")
  tandem_add_test(trace_csv TIMEOUT 60
    COMMAND "${Python3_EXECUTABLE}" "${tandem_foreign}/csv_test.py" $<TARGET_FILE:tandem_program> ${shop}
      "${CMAKE_CURRENT_SOURCE_DIR}/trace/golden/front.jsonl"
  )
else()
  tandem_skipped_test(trace_csv "Python is needed")
endif()
