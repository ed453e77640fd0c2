# What flow.pml has to show (run_model.cmake): with windows of these sizes, of the front and of the back, no side waits
# for the other for ever, and none sends more than it may. Aborts are tried apart, for they hide who waits.

foreach(sizes IN ITEMS "2;1" "1;1" "3;2")
  list(GET sizes 0 front)
  list(GET sizes 1 back)
  set(defines "-DFRONT_WINDOW=${front} -DBACK_WINDOW=${back}")
  build(nothing safety)
  run(nothing safety)
endforeach()

set(defines "-DMAY_ABORT=1 -DFRONT_WINDOW=2 -DBACK_WINDOW=1")
build(nothing safety)
run(nothing safety)

set(defines "")
foreach(defect IN ITEMS no_allowance tell_too_late forget_end hold_back_allowances send_without_credit)
  build(${defect} safety)
  run(${defect} safety)
endforeach()
