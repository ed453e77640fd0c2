# install_packages(<folder with package.json and package-lock.json> <scratch folder> <npm> <variable>)
# Installs packages in the scratch folder, unless just these are there. Sets the variable to what is wrong, if anything.
function(install_packages source folder npm variable)
  file(SHA256 "${source}/package-lock.json" wanted)
  set(stamp "${folder}/installed")
  set(there "")
  if(EXISTS "${stamp}")
    file(READ "${stamp}" there)
  endif()
  set(${variable} "" PARENT_SCOPE)
  if(there STREQUAL wanted)
    return()
  endif()
  file(MAKE_DIRECTORY "${folder}")
  file(REMOVE "${stamp}")
  foreach(file IN ITEMS package.json package-lock.json .npmrc)
    configure_file("${source}/${file}" "${folder}/${file}" COPYONLY)
  endforeach()
  # Without scripts: nothing here needs them, and a package is not to run anything because it was installed.
  execute_process(
    COMMAND "${npm}" ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY "${folder}" TIMEOUT 300
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT result EQUAL 0)
    string(SUBSTRING "${output}" 0 600 output)
    set(${variable} "npm ci failed (is there a network?):\n${output}" PARENT_SCOPE)
    return()
  endif()
  file(WRITE "${stamp}" "${wanted}")
endfunction()
