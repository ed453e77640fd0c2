/// The name of one operation, unique across all fronts of all nodes and all restarts (S-TICKET-5). All functions may be
/// called from any thread.
///
///     const std::string text = to_string(op.context().id());
///     const std::optional<operation_id> id = parse_operation_id(text);
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tandem {

/// 128 bits: `high` is drawn at random once for each front end, `low` counts that front's operations. So an id is cheap
/// to make and to hash, and two fronts would have to draw the same 64 bits to collide. A receiver only compares ids.
struct operation_id {
  uint64_t high = 0;
  uint64_t low = 0;

  friend auto operator<=>(const operation_id&, const operation_id&) = default;
};

/// 32 hexadecimal digits.
std::string to_string(const operation_id& id);

/// Reads the text of to_string; nothing if `text` is anything else.
std::optional<operation_id> parse_operation_id(std::string_view text);

/// 64 bits from the operating system's source of randomness.
uint64_t random_bits();

/// Drawn once in each process, so that a peer cannot choose ids whose hashes are equal.
extern const uint64_t hash_secret;

/// Ids that a front makes one after the other have neighbouring hashes, in blocks of 64: operations that are open at
/// the same time share cache lines of a table, however many others it holds.
inline uint64_t hash_of(const operation_id& id) noexcept {
  uint64_t x = (id.high ^ hash_secret) + (id.low >> 14 ^ (id.low & 0xff) << 56) * 0x9e3779b97f4a7c15ull;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93ull;
  x ^= x >> 32;
  return x << 6 | (id.low >> 8 & 63);
}

} // namespace tandem

template <>
struct std::hash<tandem::operation_id> {
  size_t operator()(const tandem::operation_id& id) const noexcept {
    return static_cast<size_t>(tandem::hash_of(id));
  }
};
