/// A collector keeps the records of a round before it hands them over to a recording; a shard is one. Internal to
/// recordings.
#pragma once

namespace tandem {

class trace_recorder;

/// Knows the rounds of its thread. They may be nested: where a link hands over at once, a shard may run within
/// another's round.
class collector {
public:
  virtual ~collector() = default;

  /// Ends the rounds that the calling thread has for `recorder`, early. False if it is in no round of any recorder.
  static bool hand_over_here(const trace_recorder& recorder);

protected:
  /// The calling thread is in a round of this collector, until leave().
  void enter();
  void leave();

  /// Whether this collects for `recorder`.
  virtual bool is_for(const trace_recorder& recorder) const = 0;

  /// Hands over the records, and leaves the round.
  virtual void close() = 0;

private:
  collector* outer_ = nullptr; // in a round: the collector of the round around it
};

} // namespace tandem
