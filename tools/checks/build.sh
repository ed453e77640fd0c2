# How tools/test builds and runs tests. Sourced by it; $caf and $compiler are what its options say.

clang_benchmarks=OFF # whether the preset clang has the benchmarks, too

jobs=$(nproc 2>/dev/null || echo 2)
# Other than by -DCMAKE_PREFIX_PATH, this reaches tools/setup too.
[[ -z $caf ]] || export CMAKE_PREFIX_PATH="$caf${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"

# A build directory remembers which compiler and which CAF it found, so each of them has directories of its own.
folder_of() {
  echo "build/$1${compiler:+-$(basename "$compiler")}${caf:+-$(basename "$caf")}"
}

# build PRESET [TARGET...]
build() {
  local preset=$1 folder target targets=() options=() native=()
  shift
  folder=$(folder_of "$preset")
  for target in "$@"; do
    targets+=(--target "$target")
  done
  [[ -z $caf ]] || options+=("-DCMAKE_PREFIX_PATH=$caf")
  [[ -z $compiler ]] || options+=("-DCMAKE_CXX_COMPILER=$compiler")
  if [[ $preset == clang ]]; then
    command -v clang-tidy-14 >/dev/null || options+=(-DCMAKE_CXX_CLANG_TIDY=)
    native=(-- -k 0) # ninja: say everything that is found, not only the first
    options+=("-DTANDEM_BUILD_BENCHMARKS=$clang_benchmarks")
  fi
  cmake --preset "$preset" -B "$folder" ${options[@]+"${options[@]}"} >/dev/null \
    && cmake --build "$folder" -j "$jobs" ${targets[@]+"${targets[@]}"} ${native[@]+"${native[@]}"}
}

# without_warnings COMMAND...: fails too if the command prints a warning of a compiler: in the preset release they are no
# errors, and only an optimizer sees some of them.
without_warnings() {
  local log status=0
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || status=$?
  if grep -q 'warning: ' "$log"; then
    echo "there were warnings" >&2
    status=1
  fi
  rm -f "$log"
  return $status
}

# run_tests PRESET [CTEST ARGUMENT...]
run_tests() {
  local preset=$1 folder log launcher=()
  shift
  folder=$(folder_of "$preset")
  # The thread sanitizer of older compilers cannot start where the kernel spreads addresses widely; not every container
  # lets a program ask for a plain layout, and there it may not be needed.
  if [[ $preset == tsan ]] && setarch "$(uname -m)" -R true 2>/dev/null; then
    launcher=(setarch "$(uname -m)" -R)
  fi
  rm -f "$folder/tests.xml"
  for log in "$folder"/case_logs/*.log; do
    : >"$log"
  done
  # Its status says no more than what is counted below.
  ${launcher[@]+"${launcher[@]}"} ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$jobs" \
    --output-junit "$PWD/$folder/tests.xml" --test-output-size-passed 1000000 "$@" || true
  if [[ -s $folder/tests.xml ]]; then
    count_tests "$folder"
  else
    fail "$preset: CTest did not run"
  fi
}
