/// The messages between the actors of the plain CAF baseline.
///
///     (ticket)         front -> back, and the same back as the answer
///     (actor, ticket)  front -> factory on another node: spawn a back actor for this front
///     (actor)          front -> factory: spawn an echo actor for this front
///                      to a stream's front: the echo actor that it shall use
#pragma once

#include "../../../messages/caf/inspect.hpp"

#include <caf/type_id.hpp>

#include <cstdint>
#include <string>

namespace tandem::bench::caf_baseline {

struct ticket {
  uint64_t operation = 0;
  uint32_t sequence_number = 0;
  std::string payload;
};

template <class Inspector>
compat::inspect_result<Inspector> inspect(Inspector& f, ticket& x) {
  decltype(auto) g = compat::adapt(f);
  return g.object(x).fields(g.field("operation", x.operation), g.field("sequence_number", x.sequence_number),
                            g.field("payload", x.payload));
}

} // namespace tandem::bench::caf_baseline

// Far from the ids that start at first_custom_type_id: one program may hold this block and Tandem's.
CAF_BEGIN_TYPE_ID_BLOCK(tandem_bench_caf, first_custom_type_id + 1400)
  CAF_ADD_TYPE_ID(tandem_bench_caf, (tandem::bench::caf_baseline::ticket))
CAF_END_TYPE_ID_BLOCK(tandem_bench_caf)
