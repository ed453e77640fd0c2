# What session.pml has to show (run_model.cmake).

build(nothing safety)
build(nothing claim)
foreach(property IN ITEMS safety all_arrive both_end)
  run(nothing ${property})
endforeach()

foreach(defect IN ITEMS no_limit drop_unacknowledged no_resend take_again no_acknowledgement no_window)
  build(${defect} safety)
  run(${defect} safety)
endforeach()
build(no_acknowledgement claim)
run(no_acknowledgement all_arrive)
build(no_window claim)
run(no_window both_end)
