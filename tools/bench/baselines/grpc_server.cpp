#include "serve.hpp"

int main(int argc, char** argv) {
  return tandem::bench::grpc_baseline::serve(argc > 1 ? argv[1] : "");
}
