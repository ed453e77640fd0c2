#include "resident_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace tandem::bench {

double resident_bytes_after_trim() {
  malloc_trim(0);
  return resident_bytes();
}

double resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  long total = 0;
  long resident = 0;
  if (!(statm >> total >> resident))
    throw std::runtime_error("cannot read /proc/self/statm");
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

} // namespace tandem::bench
