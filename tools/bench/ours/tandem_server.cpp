#include "ours.hpp"

int main(int argc, char** argv) {
  return tandem::bench::ours::serve(argc > 1 ? argv[1] : "");
}
