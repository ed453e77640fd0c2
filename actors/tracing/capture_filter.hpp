/// Which operations a recording takes, and how much of their payloads: a list such as
///
///     db.*{p:256}, "word count", -db.health
///
/// Each item is a name in which `*` stands for any text and `?` for one byte; `{p:N}` keeps at most N bytes of each
/// payload, `{p:0}` none, and without it payloads are kept whole. A minus leaves operations out. If several items match
/// a name, the most exact one counts, which has the most bytes that are not wildcards; of two equally exact ones the
/// later. A name that no item matches is taken if all items leave something out, else it is not. The empty list takes
/// everything. Put names with spaces at an end, or with any of `,{}"`, into double quotes, in which \ takes the next
/// byte as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem {

class capture_filter {
public:
  /// How many bytes of a payload are kept if nothing limits them.
  static constexpr uint64_t whole = UINT64_MAX;

  /// Takes everything.
  capture_filter() = default;

  /// Throws std::invalid_argument that says what is wrong in `text`, at which place, and what would be right.
  explicit capture_filter(std::string_view text);

  /// How many bytes of each payload of an operation with this name are kept; nothing if it is not recorded. Any thread.
  std::optional<uint64_t> payload_bytes(std::string_view name) const;

  /// True if every operation is recorded, whole.
  bool takes_all() const noexcept {
    return items_.empty();
  }

  /// True if operations whose name is not known are recorded.
  bool takes_unknown() const noexcept {
    return !has_inclusions_;
  }

private:
  struct item {
    std::string pattern; ///< with wildcards as any_text and any_byte
    bool excludes = false;
    uint64_t bytes = whole;
    size_t exactness = 0;
  };

  std::vector<item> items_;
  bool has_inclusions_ = false;
};

} // namespace tandem
