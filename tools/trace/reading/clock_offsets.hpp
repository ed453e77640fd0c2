/// How far apart the wall clocks of several traces are, by the tickets that crossed between them.
///
/// A ticket that one file has as sent and another as received took at least no time; so of two files whose tickets went
/// both ways, the fastest ticket each way bounds the offset from both sides, as in NTP. The estimate is the middle, and
/// its uncertainty half of the distance. Clocks that drift apart during a trace are not corrected.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tandem::cli {

struct clock_offset {
  /// The evidence for it.
  enum class basis : uint8_t {
    reference, ///< the others are measured by its clock
    both_ways, ///< tickets each way
    one_way,   ///< tickets in one direction only: moved as far as it takes for none to arrive before it was sent
    same_host, ///< the same clock, which the tickets do not contradict
    nothing,   ///< no ticket tells
  };

  int64_t nanoseconds = 0;               ///< to be added to the wall clock of the file
  std::optional<int64_t> uncertainty_ns; ///< the true offset is at most this far off; nothing if that is not known
  basis from = basis::nothing;
  uint64_t tickets = 0; ///< that passed between this file and the one that it is measured by
};

/// Of a node such as "host/4711".
std::string host_of(std::string_view node);

/// "reference", "tickets both ways", ...
std::string_view to_string(clock_offset::basis basis) noexcept;

/// Takes the records of all files, in any order. Memory is bounded: of large traces only some tickets are looked at,
/// the same ones in every file.
class offset_estimator {
public:
  /// `nodes`: that wrote the files, as far as their headers say. Files of one node have one clock.
  explicit offset_estimator(size_t files, std::vector<std::string> nodes = {})
    : nodes_(std::move(nodes)), hosts_(files), fastest_(files * files), counts_(files * files) {
    nodes_.resize(files);
    related_.resize(files);
    files_left_ = files;
    if (files > 0)
      relate(0);
  }

  /// The entry's `file` counts, not its offset.
  void take(const placed_entry& x);

  /// One for each file; the first is the reference.
  std::vector<clock_offset> result() const;

  /// True if more records would hardly tell more: each file has the clock of the first one, or enough tickets went both
  /// ways between them.
  bool knows_enough() const noexcept {
    return files_left_ == 0;
  }

private:
  struct key {
    operation_id operation;
    uint64_t number;
    bool to_back;

    friend bool operator==(const key&, const key&) = default;
  };
  struct hash {
    size_t operator()(const key& x) const noexcept {
      return static_cast<size_t>(hash_of(x.operation) + x.number * 0x9e3779b97f4a7c15 + (x.to_back ? 1 : 0));
    }
  };
  struct half {
    size_t file;
    int64_t wall_ns;
    bool sent;
  };
  /// Of one file, by the clock of another.
  struct relation {
    int64_t ahead_ns;
    std::optional<int64_t> uncertainty_ns;
    clock_offset::basis from;
  };

  bool is_sampled(const key& k) const noexcept;
  void thin_out();
  void relate(size_t file);
  std::optional<relation> relation_of(size_t known, size_t other) const;

  void count(size_t from, size_t to);
  bool are_joined(size_t x, size_t y) const;

  static constexpr size_t most_halves = 200'000;
  /// Of so many tickets each way, the fastest is about as fast as tickets are.
  static constexpr uint64_t enough_tickets = 2'000;

  std::unordered_map<key, half, hash> halves_; ///< tickets that one file has
  uint64_t sample_ = 0;                        ///< the bits of a ticket's hash that have to be zero
  std::vector<std::string> nodes_;             ///< empty: not known, or several
  std::vector<std::string> hosts_;
  std::vector<std::optional<int64_t>> fastest_; ///< from file i to file j, at i * files + j
  std::vector<uint64_t> counts_;
  std::vector<bool> related_; ///< files that their node, or enough tickets, join with the first one
  size_t files_left_ = 0;     ///< the others
};

/// Reads the files, or their copies, as far as it takes: ones that can be read again. All zero for a single file.
std::vector<clock_offset> estimate_offsets(const std::vector<std::string>& files, const stream_paths& copies = {});

} // namespace tandem::cli
