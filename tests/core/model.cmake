# The models of sessions and of flow control, session.pml and flow.pml, tried by Spin.

find_program(TANDEM_SPIN spin)
find_program(TANDEM_CC NAMES cc gcc clang)
mark_as_advanced(TANDEM_SPIN TANDEM_CC)

foreach(model IN ITEMS session flow)
  if(TANDEM_SPIN AND TANDEM_CC)
    tandem_add_test(${model}_model TIMEOUT 300
      COMMAND "${CMAKE_COMMAND}" "-DSPIN=${TANDEM_SPIN}" "-DCC=${TANDEM_CC}"
        "-DMODEL=${CMAKE_CURRENT_LIST_DIR}/${model}.pml" "-DFOLDER=${PROJECT_BINARY_DIR}/${model}_model"
        -P "${CMAKE_CURRENT_LIST_DIR}/run_model.cmake"
    )
  else()
    tandem_skipped_test(${model}_model "Spin and a C compiler are needed (on Debian: spin gcc)")
  endif()
endforeach()
