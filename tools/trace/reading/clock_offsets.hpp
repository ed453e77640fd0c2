/// How far apart the wall clocks of several traces are, by the tickets that crossed between them.
///
/// A ticket that one node has as sent and another as received took at least no time; so of two clocks between which
/// tickets went both ways, the fastest ticket each way bounds the offset from both sides, as in NTP. The estimate is
/// the middle, and its uncertainty half of the distance. Clocks that drift apart or jump during a trace are not
/// corrected: where the bounds contradict each other, that is said, and nothing is known of the uncertainty.
///
/// A clock is that of a node's run: files of one run (parts of a rotated recording, a node's back and its front) have
/// one, and a file to which a program was appended whose clock had been set has two.
#pragma once

#include "trace_input.hpp"

#include <cstdint>
#include <map>
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
    reference, ///< the others are measured by it
    both_ways, ///< tickets each way
    one_way,   ///< tickets in one direction only: moved as far as it takes for none to arrive before it was sent
    same_host, ///< the same clock, which the tickets do not contradict
    nothing,   ///< no ticket tells
  };

  int64_t nanoseconds = 0;               ///< to be added to the wall clock
  std::optional<int64_t> uncertainty_ns; ///< the true offset is at most this far off; nothing if that is not known
  basis from = basis::nothing;
  uint64_t tickets = 0;         ///< that passed between this clock and the one that it is measured by
  int64_t contradiction_ns = 0; ///< more than 0: the bounds of these tickets are so far on the wrong side of each other
};

/// Of a node such as "host/4711".
std::string host_of(std::string_view node);

/// "reference", "tickets both ways", ...
std::string_view to_string(clock_offset::basis basis) noexcept;

/// "the tickets contradict each other by 49.3 ms, ..."; empty if they do not.
std::string contradiction_text(int64_t contradiction_ns);

/// The clocks of the files, and which run has which.
class run_clocks {
public:
  explicit run_clocks(size_t files = 0) : of_files_(files) {
  }

  /// A file has a run with this header (null: none). Returns its clock, which is a new one if no other can be it.
  size_t add(size_t file, const trace_header* header);

  /// Nothing: that run is not known, and no clock that is can be its.
  std::optional<size_t> find(size_t file, const trace_header* header) const;

  /// Of a node that wrote into the file; nothing if it is not known, or if its clock was set between its runs.
  std::optional<size_t> of_node(size_t file, const std::string& node) const;

  /// Those of a file, the one of its first run first.
  const std::vector<size_t>& of_file(size_t file) const {
    return of_files_[file];
  }

  /// The first header with this clock in the file, for the further clocks of a file; null if there was none.
  const trace_header* header_of(size_t clock) const {
    return clocks_[clock].header ? &*clocks_[clock].header : nullptr;
  }
  std::string& host(size_t clock) {
    return clocks_[clock].host;
  }
  const std::string& host(size_t clock) const {
    return clocks_[clock].host;
  }
  size_t files() const noexcept {
    return of_files_.size();
  }
  size_t size() const noexcept {
    return clocks_.size();
  }

private:
  struct clock {
    std::optional<trace_header> header;
    std::string host;
    int64_t origin_ns = 0; ///< of the monotonic clock, by the wall clock: it moves only if that is set
  };

  static constexpr size_t unclear = SIZE_MAX;
  /// The two are not read at quite the same moment.
  static constexpr int64_t tolerance_ns = 1'000'000;
  /// Further runs have none that is known: a bound for files to which programs were appended without end.
  static constexpr size_t most_clocks = 1'000;

  std::vector<clock> clocks_;
  std::vector<std::vector<size_t>> of_files_;
  std::map<std::pair<size_t, std::string>, size_t> of_nodes_; ///< `unclear`: of several
};

/// The clocks, and by how much each is off.
class clock_estimates {
public:
  clock_estimates() = default;
  clock_estimates(run_clocks clocks, std::vector<clock_offset> offsets)
    : clocks_(std::move(clocks)), offsets_(std::move(offsets)) {
  }

  /// Of a file's first run.
  const clock_offset& operator[](size_t file) const;
  size_t size() const noexcept {
    return clocks_.files();
  }

  const run_clocks& clocks() const noexcept {
    return clocks_;
  }
  const clock_offset& of_clock(size_t clock) const {
    return offsets_[clock];
  }

  /// What to add to the wall clock of a run: that of its file's first one, if no more is known.
  int64_t nanoseconds(size_t file, const trace_header* header) const;

  /// Learns which node that run is of. The first one of all is the reference if nothing was estimated.
  void note_run(size_t file, const trace_header* header);

private:
  run_clocks clocks_;
  std::vector<clock_offset> offsets_;
};

/// Takes the records of all files, in any order. Memory is bounded: of large traces only some tickets are looked at,
/// the same ones in every file.
class offset_estimator {
public:
  explicit offset_estimator(size_t files) : clocks_(files), current_(files) {
  }

  /// A run of a file, with its header; null: it has none. The clock of the first one that is added is the reference.
  void add(size_t file, const trace_header* header);

  /// The entry's `file` and header count, not its offset.
  void take(const placed_entry& x);

  clock_estimates result() const;

  /// True if more records would hardly tell more: each clock that is known is the first one, or is joined with it by
  /// enough tickets both ways.
  bool knows_enough() const noexcept {
    return clocks_left_ == 0;
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
    size_t clock;
    int64_t wall_ns;
    bool sent;
  };
  /// Tickets from one clock to another.
  struct way {
    std::optional<int64_t> fastest_ns;
    uint64_t tickets = 0;
  };
  /// Two clocks, the first with the lower number.
  struct both_ways {
    way there;
    way back;

    bool are_enough() const noexcept {
      return there.tickets >= enough_tickets && back.tickets >= enough_tickets;
    }
  };
  /// Of one clock, by another.
  struct relation {
    int64_t ahead_ns;
    std::optional<int64_t> uncertainty_ns;
    clock_offset::basis from;
    uint64_t tickets = 0;
    int64_t contradiction_ns = 0;
  };
  struct run_of_file {
    const trace_header* header = nullptr;
    std::optional<size_t> clock;
  };

  size_t clock_of(const placed_entry& x);
  bool is_sampled(const key& k) const noexcept;
  void thin_out();
  void relate(size_t clock);
  relation relation_of(size_t known, size_t other, const both_ways& between) const;

  static constexpr size_t most_halves = 200'000;
  /// Of so many tickets each way, the fastest is about as fast as tickets are.
  static constexpr uint64_t enough_tickets = 2'000;

  run_clocks clocks_;
  std::vector<run_of_file> current_;
  std::unordered_map<key, half, hash> halves_; ///< tickets that one clock has
  uint64_t sample_ = 0;                        ///< the bits of a ticket's hash that have to be zero
  std::map<std::pair<size_t, size_t>, both_ways> between_;
  std::vector<bool> related_; ///< clocks that enough tickets join with the first one
  size_t clocks_left_ = 0;    ///< the others
};

/// Reads the files, or their copies, as far as it takes: ones that can be read again. Nothing is read of a single one.
clock_estimates estimate_offsets(const std::vector<std::string>& files, const stream_paths& copies = {});

} // namespace tandem::cli
