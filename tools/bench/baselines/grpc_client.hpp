/// The client side of the gRPC baseline, the same for calls in one process and between two.
#pragma once

#include "meter.hpp"

#include <echo.grpc.pb.h>

#include <cstdint>
#include <memory>
#include <string>

namespace tandem::bench::grpc_baseline {

/// Returns when the connection stands, so that no measurement pays for it.
std::unique_ptr<wire::Echo::Stub> connect(uint16_t port, const std::string& certificates);

/// Runs the operations of the meter, `in_flight` at a time.
void run_unary_calls(wire::Echo::Stub& stub, meter& progress, int in_flight);

/// Runs as many payloads as the meter has operations through one stream.
void run_stream(wire::Echo::Stub& stub, meter& progress);

} // namespace tandem::bench::grpc_baseline
