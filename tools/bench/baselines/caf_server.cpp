#include "caf_bulk.hpp"
#include "serve.hpp"

#include <string>

int main(int argc, char** argv) {
  if (argc > 1)
    return tandem::bench::caf_baseline::serve_bulk(std::string{argv[1]} == "broker");
  return tandem::bench::caf_baseline::serve();
}
