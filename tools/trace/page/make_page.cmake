# Makes the page a C++ source: installs its packages if the lock file has changed, and bundles it. Called by the build:
#   cmake -DNODE=... -DNPM=... -DSOURCE=<this folder> -DFOLDER=<scratch folder> -DOUTPUT=<page.cpp> -P make_page.cmake
# The packages and all else that is made are in FOLDER. If they cannot be installed, the program is built without its
# page, and the next build tries again, since there is no OUTPUT.stamp.

include("${CMAKE_CURRENT_LIST_DIR}/install_packages.cmake")

file(REMOVE "${OUTPUT}.stamp")
install_packages("${SOURCE}" "${FOLDER}" "${NPM}" problem)
if(problem)
  message(WARNING "`tandem trace html` is built without its page: ${problem}")
  configure_file("${CMAKE_CURRENT_LIST_DIR}/no_page.cpp.in" "${OUTPUT}" COPYONLY)
  return()
endif()

# In the folder of the packages, where node finds them.
configure_file("${SOURCE}/build.mjs" "${FOLDER}/build.mjs" COPYONLY)
execute_process(COMMAND "${NODE}" build.mjs "${SOURCE}" "${OUTPUT}" WORKING_DIRECTORY "${FOLDER}"
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "the page of `tandem trace html` cannot be bundled")
endif()
file(TOUCH "${OUTPUT}.stamp")
