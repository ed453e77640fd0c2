/// The bulk service of bench_caf_server.
#pragma once

namespace tandem::bench::caf_baseline {

/// Takes payloads, each answered with one byte: as bytes of a plain TCP connection, or as messages to an actor. Prints
/// its port, serves until stdin ends, returns the exit code.
int serve_bulk(bool by_broker);

} // namespace tandem::bench::caf_baseline
