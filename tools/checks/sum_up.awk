# Adds up what CTest and the test programs have written: awk -f sum_up.awk tests.xml case_logs/*.log
#
# tests.xml is what `ctest --output-junit` writes; a case log is named for its test (tests/support/case_log.hpp). Prints
# a line for each failure and for each reason to skip, and at last "sum passed N", "sum failed N", "sum skipped N". A
# test that has a case log counts as many as its cases, every other as one.

function name_of_log(path) {
  sub(/.*\//, "", path)
  sub(/\.log$/, "", path)
  return path
}

function attribute(line, key,    at) {
  at = index(line, " " key "=\"")
  line = substr(line, at + length(key) + 3)
  return substr(line, 1, index(line, "\"") - 1)
}

function plain(text) {
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

function failed(what) {
  print "FAILED: " what
  ++failures
}

BEGIN {
  FS = "\t"
  for (i = 2; i < ARGC; ++i)
    has_log[name_of_log(ARGV[i])] = 1
}

# -- what CTest says ---------------------------------------------------------------------------------------------------

FILENAME ~ /\.xml$/ {
  if ($0 ~ /<testcase /) {
    test = attribute($0, "name")
    tests[++number] = test
    state[test] = attribute($0, "status")
  }
  at = index($0, "SKIPPED: ")
  if (at && !(test in reason))
    reason[test] = plain(substr($0, at + 9))
  next
}

# -- what the programs say ---------------------------------------------------------------------------------------------

$1 == "begun" {
  program = name_of_log(FILENAME)
  running[program] = $2
  ++cases[program]
  next
}

{
  program = name_of_log(FILENAME)
  delete running[program]
  if ($1 == "passed") {
    ++passed
  } else if ($1 == "failed") {
    ++bad[program]
    failed(program ": " $2)
  } else {
    ++skipped
    if (++like[program FS $4] == 1)
      reasons[++number_of_reasons] = program FS $4
    last[program FS $4] = $2
  }
}

# -- both together -----------------------------------------------------------------------------------------------------

END {
  for (i = 1; i <= number; ++i) {
    test = tests[i]
    if (test in has_log) {
      if (test in running)
        failed(test ": " running[test] ": it began and did not end")
      else if (state[test] != "run" && !(test in bad))
        failed(test ": the program failed, but none of its cases")
      else if (!(test in cases))
        failed(test ": it has run no case")
    } else if (state[test] == "run") {
      ++passed
    } else if (state[test] == "notrun" && test in reason) {
      ++skipped
      print "SKIPPED: " test ": " reason[test]
    } else {
      failed(test)
    }
  }
  for (i = 1; i <= number_of_reasons; ++i) {
    key = reasons[i]
    split(key, parts, FS)
    print "SKIPPED: " parts[1] ": " (like[key] == 1 ? last[key] : like[key] " cases") ": " parts[2]
  }
  print "sum passed " passed + 0
  print "sum failed " failures + 0
  print "sum skipped " skipped + 0
}
