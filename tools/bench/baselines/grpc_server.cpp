#include <tandem/tools/bench/baselines/serve.hpp>

int main() {
  return tandem::bench::grpc_baseline::serve();
}
