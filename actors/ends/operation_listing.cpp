#include "operation_listing.hpp"

#include <algorithm>
#include <utility>

namespace tandem {

void operation_listing::add(std::vector<nlohmann::json> operations) {
  {
    std::lock_guard guard{mutex_};
    std::move(operations.begin(), operations.end(), std::back_inserter(operations_));
    if (--missing_ > 0)
      return;
  }
  auto older = [](const auto& x, const auto& y) { return x["age"] > y["age"]; };
  std::stable_sort(operations_.begin(), operations_.end(), older);
  if (operations_.size() > most_)
    operations_.resize(most_);
  result_["operations"] = std::move(operations_);
  done_(std::move(result_));
}

} // namespace tandem
