/// What the server programs run: print the port as one line on stdout, serve until stdin ends, return the exit
/// code. `certificates` as in baselines.hpp.
#pragma once

#include <string>

namespace tandem::bench::grpc_baseline {

int serve(const std::string& certificates);

} // namespace tandem::bench::grpc_baseline

namespace tandem::bench::caf_baseline {

int serve();

} // namespace tandem::bench::caf_baseline

namespace tandem::bench::asio_baseline {

int serve();

} // namespace tandem::bench::asio_baseline
