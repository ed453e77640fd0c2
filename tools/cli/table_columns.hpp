/// The columns of a table for people: how wide they are, and their cells side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

enum class align : uint8_t { left, right };

class table_columns {
public:
  /// At least as wide as its title, which may be empty.
  void add(std::string title, align a = align::left, size_t width = 0);

  /// Makes a column at least as wide as a cell.
  void fit(size_t column, std::string_view cell);

  size_t count() const noexcept {
    return heads_.size();
  }

  /// The cells of a row, each as wide as its column, two spaces behind each. A wider cell moves those behind it.
  std::string line(const std::vector<std::string>& cells) const;
  std::string titles() const;

  /// The same of some columns; missing cells are empty.
  std::string line(const std::vector<std::string>& cells, const std::vector<size_t>& which) const;
  std::string titles(const std::vector<size_t>& which) const;

  /// How wide the widest column is.
  size_t widest() const;

  /// The same columns, as if there were no cells; each as wide as its title.
  table_columns with_titles_only() const;

  std::vector<size_t> all() const;
  /// The first `keys` columns, and as many from `from` on as a line of `wide` characters has room for, at least one.
  std::vector<size_t> that_fit(size_t wide, size_t keys, size_t from) const;

private:
  struct head {
    std::string title;
    align alignment;
    size_t width;
  };

  std::vector<head> heads_;
};

/// Removes spaces at the end.
void trim(std::string& line);

} // namespace tandem::cli
