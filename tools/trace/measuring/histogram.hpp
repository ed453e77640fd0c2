/// Percentiles of many values in little memory: values are counted in buckets whose width grows with them, so that a
/// percentile is within 1 % of the true one.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::cli {

class histogram {
public:
  /// Negative values, which clocks that jump can give, count as zero.
  void add(int64_t value) {
    const auto x = static_cast<uint64_t>(std::max<int64_t>(value, 0));
    const auto index = index_of(x);
    if (index >= counts_.size())
      counts_.resize(index + 1);
    ++counts_[index];
    ++count_;
    maximum_ = std::max(maximum_, x);
  }

  uint64_t count() const noexcept {
    return count_;
  }

  /// Exact.
  uint64_t maximum() const noexcept {
    return maximum_;
  }

  /// The value that `share` of all values are at most, from 0 to 1; zero if there are none.
  uint64_t percentile(double share) const {
    const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(share * static_cast<double>(count_) + 0.999'999));
    uint64_t below = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i];
      if (below >= wanted)
        return below == count_ ? maximum_ : middle_of(i); // in the last bucket, which the maximum is in
    }
    return maximum_;
  }

private:
  /// Each power of two has 128 buckets: a value in one is off by 1/128 at most. Values below 256 have their own.
  static constexpr int bits = 7;

  static size_t index_of(uint64_t x) noexcept {
    const int shift = std::max(0, static_cast<int>(std::bit_width(x)) - bits - 1);
    return (static_cast<size_t>(shift) << bits) + static_cast<size_t>(x >> shift);
  }

  static uint64_t middle_of(size_t index) noexcept {
    const auto shift = index < (size_t{2} << bits) ? 0 : (index >> bits) - 1;
    const auto first = static_cast<uint64_t>(index - (shift << bits)) << shift;
    return first + ((uint64_t{1} << shift) - 1) / 2;
  }

  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
  uint64_t maximum_ = 0;
};

} // namespace tandem::cli
