# Traces, held against their JSON Schema by a validator that is not ours.

# Debian's packages are for Debian's Python, which need not be the first that is found.
find_package(Python3 COMPONENTS Interpreter)
set(tandem_schema_python "${Python3_EXECUTABLE}")
foreach(python IN ITEMS /usr/bin/python3 "${Python3_EXECUTABLE}")
  if(python AND EXISTS "${python}")
    execute_process(COMMAND "${python}" -c "from jsonschema import Draft202012Validator"
      RESULT_VARIABLE result OUTPUT_QUIET ERROR_QUIET
    )
    if(result EQUAL 0)
      set(tandem_schema_python "${python}")
      break()
    endif()
  endif()
endforeach()

if(tandem_schema_python)
  tandem_add_test(trace_schema TIMEOUT 120
    COMMAND "${tandem_schema_python}" -B "${CMAKE_CURRENT_LIST_DIR}/schema_test.py" $<TARGET_FILE:tandem_program>
      "${CMAKE_CURRENT_SOURCE_DIR}/trace/golden" "${CMAKE_CURRENT_BINARY_DIR}/trace_schema"
  )
  # Traces that the ends of other tests have recorded: where one of these is run alone, those are run before it.
  tandem_add_test(trace_schema_of_tests TIMEOUT 300
    COMMAND "${tandem_schema_python}" -B "${CMAKE_CURRENT_LIST_DIR}/validate.py" --every 50
      "${tandem_traces}/test_actors" "${tandem_traces}/test_nodes" "${tandem_traces}/test_tools"
      "${tandem_traces}/conformance"
  )
  set_tests_properties(trace_schema_of_tests PROPERTIES
    SKIP_REGULAR_EXPRESSION "SKIPPED: "
    FIXTURES_REQUIRED traces
  )
  tandem_slow_test(trace_schema_of_tests)
else()
  tandem_skipped_test(trace_schema "Python is needed")
endif()
