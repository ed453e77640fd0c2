/// The payload of a ticket where CAF itself sends the ticket to another node (S-CLUSTER-6). CAF 0.17 reads a message
/// within a message as a part of it: one that it does not know takes everything with it, and what an `inspect` of the
/// customer's throws ends CAF's broker. So the payload goes as bytes with their number before them. Who cannot read
/// them skips them, and the ticket says what was wrong.
///
///     template <class Inspector>
///     inspect_result<Inspector> inspect(Inspector& f, ticket& x) {
///       decltype(auto) g = compat::adapt(f);
///       auto&& content = compat::apart(f, x.payload, x.fault, thrown_text);
///       return compat::without_exceptions(f, [&] { return g.object(x).fields(g.field("payload", content), ...); });
///     }
///
/// CAF 1.x sends the payload as it sends every message; what is thrown there is an error of the whole ticket.
#pragma once

#include "inspect.hpp"

#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <optional>
#include <string>

namespace tandem::compat {

/// Whether a payload that cannot be read where it arrives by a handle costs its operation only, and not the link.
inline constexpr bool reads_payloads_apart = TANDEM_CAF_17;

#if TANDEM_CAF_17

namespace detail {

/// In a catch block: what the exception says.
using reason_function = std::string (*)();

template <class Fault>
struct payload_apart {
  std::optional<caf::message>& value;
  Fault& fault;
  reason_function reason;
};

caf::error save_apart(caf::serializer& sink, const caf::message& content);

/// An error: what follows in `source` cannot be read either. A text in `wrong`: only this payload cannot.
caf::error load_apart(caf::deserializer& source, caf::message& content, std::string& wrong, reason_function reason);

template <class Inspector, class Fault>
typename Inspector::result_type inspect(Inspector& f, payload_apart<Fault>& x) {
  return inspect_optional(f, x.value, [&](auto& content) {
    if constexpr (Inspector::writes_state) {
      std::string wrong;
      auto err = load_apart(f, content, wrong, x.reason);
      if (!wrong.empty())
        x.fault = std::move(wrong);
      return err;
    } else {
      return save_apart(f, content);
    }
  });
}

} // namespace detail

/// For `inspect`, in the place of the payload. `f` is what it was called with, and `reason` says in a catch block what
/// was thrown.
template <class Inspector, class Fault>
decltype(auto) apart(Inspector&, std::optional<caf::message>& payload, Fault& fault, detail::reason_function reason) {
  if constexpr (field_inspector<Inspector>)
    return (payload);
  else
    return detail::payload_apart<Fault>{payload, fault, reason};
}

#else

template <class Inspector, class Fault>
std::optional<caf::message>& apart(Inspector&, std::optional<caf::message>& payload, Fault&, std::string (*)()) {
  return payload;
}

#endif

/// `read()`; what it throws while CAF 1.x reads another node's message makes it false.
template <class Inspector, class Function>
auto without_exceptions(Inspector&, Function read) {
#if !TANDEM_CAF_17
  // Tandem's own inspectors, which have named fields, throw on purpose.
  if constexpr (Inspector::is_loading && !requires { typename Inspector::has_named_fields; })
    try {
      return read();
    } catch (...) {
      return false;
    }
  else
#endif
    return read();
}

} // namespace tandem::compat
