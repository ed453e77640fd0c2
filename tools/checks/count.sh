# How tools/test counts: what passed, failed and was skipped, and the line that says so. Sourced by it.

passed=0
failed=0
skipped=0
failures=()  # what failed, for the end
complete=false # whether all parts had their turn
took=()      # how long each part took

section() {
  printf '\n== %s\n' "$*"
}

fail() {
  echo "tools/test: FAILED: $*" >&2
  failed=$((failed + 1))
  failures+=("$*")
}

# skip WHAT REASON
skip() {
  echo "SKIPPED: $1: $2"
  skipped=$((skipped + 1))
}

# counted WHAT COMMAND...: runs a command that counts as one. Exit status 77 says that it was skipped, as it printed.
counted() {
  local what=$1 status=0
  shift
  "$@" || status=$?
  case $status in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) fail "$what" ;;
  esac
  return $status
}

# count_tests FOLDER: adds up the tests that CTest has run in a build directory, case by case.
count_tests() {
  local line word count
  while IFS= read -r line; do
    case $line in
      "sum "*)
        read -r word count <<<"${line#sum }"
        case $word in
          passed) passed=$((passed + count)) ;;
          failed) failed=$((failed + count)) ;;
          skipped) skipped=$((skipped + count)) ;;
        esac
        ;;
      FAILED:*) echo "$line"; failures+=("${line#FAILED: }") ;;
      *) echo "$line" ;;
    esac
  done < <(awk -f tools/checks/sum_up.awk "$1/tests.xml" "$1"/case_logs/*.log)
}

# The last line, and the exit status.
finish() {
  local line
  trap - EXIT
  $complete || fail "the run was broken off"
  printf '\n'
  for line in ${failures[@]+"${failures[@]}"}; do
    echo "FAILED: $line"
  done
  (IFS=,; echo "time: ${took[*]}" | sed 's/,/, /g')
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed -eq 0 && $passed -gt 0 ]] || exit 1
  exit 0
}
