# Tries the model MODEL in every order of its steps, and again with each of its defects, which have to be found. SPIN
# makes a program in C of it, which CC compiles, in FOLDER.

cmake_minimum_required(VERSION 3.22)

# build(<defect> <kind>): builds the program, with flags of that kind, and with the constants of the variable `defines`.
set(safety_flags -DSAFETY -DNOCLAIM) # assertions, and ends where somebody still waits
set(claim_flags -DNFAIR=3)           # what comes to pass in the end
function(build defect kind)
  if(defect STREQUAL "nothing" AND kind STREQUAL "claim")
    set(optimization -O1)
  else()
    set(optimization -O0) # compiling takes longer than the search
  endif()
  file(MAKE_DIRECTORY "${FOLDER}/${defect}")
  foreach(command IN ITEMS
    "${SPIN};-P${CC} -E -x c ${defines};-DBROKEN=${defect};-a;${MODEL}"
    "${CC};-w;${optimization};${${kind}_flags};-o;${kind};pan.c"
  )
    execute_process(COMMAND ${command} WORKING_DIRECTORY "${FOLDER}/${defect}"
      RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
    )
    # Spin goes on after some errors.
    if(NOT result EQUAL 0 OR output MATCHES "Error:")
      message(FATAL_ERROR "${output}\n${command} ended with ${result}")
    endif()
  endforeach()
endfunction()

# run(<defect> <property>): finds no error without a defect, and one with it. The property is safety, or the name of a
# claim, of which weak fairness is assumed, and assertions are no matter.
function(run defect property)
  if(property STREQUAL "safety")
    set(command ./safety)
  else()
    set(command ./claim -a -f -A -N ${property})
  endif()
  execute_process(COMMAND ${command} -m100000 -w20 WORKING_DIRECTORY "${FOLDER}/${defect}"
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT output MATCHES "errors: ([0-9]+)\n *([0-9]+) states, stored")
    message(FATAL_ERROR "${output}\n${defect}, ${property}: ended with ${result}")
  endif()
  set(errors "${CMAKE_MATCH_1}")
  set(states "${CMAKE_MATCH_2}")
  if(output MATCHES "max search depth too small|out of memory")
    message(FATAL_ERROR "${output}\n${defect}, ${property}: not everything was tried")
  endif()
  if(defect STREQUAL "nothing")
    # A search that is not complete says so.
    if(NOT errors EQUAL 0 OR output MATCHES "not completed")
      message("To see how, in ${FOLDER}/nothing: ${SPIN} -k *.trail -p -g ${MODEL}")
      message(FATAL_ERROR "${output}\n${property} does not hold")
    endif()
    message(STATUS "${property} holds, in ${states} states")
  elseif(errors EQUAL 0)
    message(FATAL_ERROR "${output}\nthe defect ${defect} was not found by ${property}")
  else()
    message(STATUS "${defect} is found by ${property}")
  endif()
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
string(REGEX REPLACE "\\.pml$" ".cmake" plan "${MODEL}")
include("${plan}") # which of its defects have to be found, and how
