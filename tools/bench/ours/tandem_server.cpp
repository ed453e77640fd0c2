#include <tandem/tools/bench/ours/ours.hpp>

int main() {
  return tandem::bench::ours::serve();
}
