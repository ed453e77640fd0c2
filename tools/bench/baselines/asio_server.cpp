#include "serve.hpp"

int main() {
  return tandem::bench::asio_baseline::serve();
}
