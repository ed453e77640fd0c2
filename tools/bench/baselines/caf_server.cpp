#include <tandem/tools/bench/baselines/serve.hpp>

int main() {
  return tandem::bench::caf_baseline::serve();
}
