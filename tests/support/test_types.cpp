#include "test_types.hpp"

namespace tandem_test {

// Here and not in the header: what it instantiates takes the compiler ten seconds.
bool know_test_types() {
  static const bool known = [] {
    tandem::init_types<caf::id_block::tandem_test>();
    return true;
  }();
  return known;
}

} // namespace tandem_test
