# Makes one C++ source of the examples in headers and guides: the lines of a header's comment that are set off by five
# spaces, and the parts of a guide between ```cpp and ```. Compilers name an example's own file and line.
#
#   awk -f extract.awk ROOT actors/front_end.hpp ... > examples.cpp
#
# - Names that an example does not declare are those of preamble.hpp.
# - An example that begins with an #include, a class, a function or a TEST_CASE is put into a namespace, others into a
#   function.
# - A statement with a comment "CAF 1.x" or "CAF 0.17" is for builds with that CAF. Each line that begins with no space,
#   } or ) begins a statement.

BEGIN {
  root = ARGV[1]
  ARGV[1] = ""
  for (i = 2; i < ARGC; ++i)
    ARGV[i] = root "/" ARGV[i]
  print "#include \"" root "/tests/project/examples/preamble.hpp\"\n"
}

FNR == 1 { finish(); guide = FILENAME ~ /\.md$/ }

guide && /^```cpp/ { fenced = 1; next }
guide && /^```/ { fenced = 0; finish(); next }
guide { if (fenced) add($0); next }

/^ *\/\/\/     / { sub(/^ *\/\/\/     /, ""); add($0); next }
# An empty line of the comment may stand within an example.
/^ *\/\/\/$/ { if (count) add(""); next }
{ finish() }

END { finish() }

function add(line) {
  if (!count)
    first = FNR
  lines[++count] = line
}

function finish() {
  while (count && lines[count] == "")
    --count
  if (count && substr(lines[1], 1, 2) != "{\"")
    write()
  count = 0
}

# The version of CAF that the statement is for which begins with line i: up to the next line that begins another.
function caf_of(i,  from) {
  for (from = i; i <= count && (i == from || lines[i] ~ /^[ })]/); ++i) {
    if (lines[i] ~ /\/\/.*CAF 1\.x/)
      return "!TANDEM_CAF_17"
    if (lines[i] ~ /\/\/.*CAF 0\.17/)
      return "TANDEM_CAF_17"
  }
  return ""
}

function write(  outside, i, name) {
  name = FILENAME
  outside = lines[1] ~ /^(#include|class|struct|template|inline|void [a-z_]+\(|TEST_CASE|CAF_BEGIN)/
  print "namespace examples::in_" ++total " {"
  if (!outside)
    print "anything example([[maybe_unused]] int argc, [[maybe_unused]] char** argv) {"
  for (i = 1; i <= count; ++i) {
    if (lines[i] !~ /^[ })]/ || i == 1) {
      if (caf != "")
        print "#endif"
      caf = caf_of(i)
      if (caf != "")
        print "#if " caf
    }
    print "#line " (first + i - 1) " \"" name "\""
    print (lines[i] ~ /^ *\.\.\.$/ ? "" : lines[i])
  }
  if (caf != "")
    print "#endif"
  caf = ""
  if (!outside)
    print "return {};\n}"
  print "}\n"
}
