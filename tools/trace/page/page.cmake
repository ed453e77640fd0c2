# Sets `trace_page_source` to the generated C++ source of the page of `tandem trace html`. Without Node.js 18 and npm,
# the program is built all the same, and says what it lacks.

set(page_folder "${CMAKE_CURRENT_LIST_DIR}")
set(trace_page_source "${CMAKE_CURRENT_BINARY_DIR}/trace_page.cpp")

find_program(TANDEM_NODE node)
find_program(TANDEM_NPM npm)
mark_as_advanced(TANDEM_NODE TANDEM_NPM)
set(TANDEM_HAS_NODE OFF CACHE INTERNAL "Node.js 18 and npm are there")
if(TANDEM_NODE AND TANDEM_NPM)
  execute_process(COMMAND "${TANDEM_NODE}" --version OUTPUT_VARIABLE node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(node_version MATCHES "^v([0-9]+)" AND CMAKE_MATCH_1 GREATER_EQUAL 18)
    set(TANDEM_HAS_NODE ON CACHE INTERNAL "")
  endif()
endif()

if(TANDEM_HAS_NODE)
  file(GLOB page_inputs LIST_DIRECTORIES false CONFIGURE_DEPENDS "${page_folder}/src/*" "${page_folder}/*")
  add_custom_command(
    OUTPUT "${trace_page_source}" "${trace_page_source}.stamp"
    COMMAND "${CMAKE_COMMAND}" "-DNODE=${TANDEM_NODE}" "-DNPM=${TANDEM_NPM}" "-DSOURCE=${page_folder}"
      "-DFOLDER=${CMAKE_CURRENT_BINARY_DIR}/trace_page" "-DOUTPUT=${trace_page_source}"
      -P "${page_folder}/make_page.cmake"
    DEPENDS ${page_inputs}
    COMMENT "Bundling the page of tandem trace html"
    VERBATIM
  )
else()
  message(STATUS "No page for `tandem trace html`: it needs Node.js 18 or later and npm (on Debian: nodejs npm)")
  configure_file("${page_folder}/no_page.cpp.in" "${trace_page_source}" COPYONLY)
endif()
# The page is one long text, which compilers may refuse and none of ours does.
set_source_files_properties("${trace_page_source}" PROPERTIES COMPILE_OPTIONS "-Wno-overlength-strings")
