#!/bin/sh
# compile.sh OUT ROOT FLAGS FILE...
# Compiles the examples of these files, headers and guides, as far as saying what is wrong with them. FLAGS begins with
# the compiler, and is one text for the shell.
set -eu
out=$1
root=$2
flags=$3
shift 3
mkdir -p "$(dirname "$out")"
awk -f "$root/tests/project/examples/extract.awk" "$root" "$@" > "$out"
eval "$flags -fsyntax-only '$out'"
