#!/bin/sh
# In the place of a compiler's launcher, such as ccache: reuse_object.sh BUILD COMPILER ARGUMENTS...
#
# Takes the object that the build tree BUILD has at the same path, and compiles only if there is none: a second build
# of the same sources then takes seconds. Right only where both builds would make the same object: static libraries of
# ours are position independent, and nothing in the sources asks whether they become a shared one.
build=$1
shift
object=
dependencies=
before=
for argument; do
  case $before in
    -o) object=$argument ;;
    -MF) dependencies=$argument ;;
  esac
  before=$argument
done
if [ -n "$object" ] && [ -f "$build/$object" ]; then
  if [ -n "$dependencies" ]; then
    echo "$object:" >"$dependencies"
  fi
  exec cp "$build/$object" "$object"
fi
exec "$@"
