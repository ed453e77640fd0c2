/// A servicer is the customer code at the back: it performs operations.
///
///     auto services = std::make_shared<method_table>();
///     services->add("echo", [](const operation_context&, const output_consumer& out) {
///       return make_consumer([out](payload x) { out.consume(x); }, [out] { out.terminate(); });
///     });
#pragma once

#include "consumer.hpp"
#include "operation_context.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tandem {

/// Services implement this. One servicer serves all operations of its back end, possibly several at the same time from
/// different threads; the customer code of one operation never runs concurrently with itself (S-RECV-8).
class servicer {
public:
  virtual ~servicer() = default;

  /// An operation has begun. Returns the consumer for the payloads that the front sends (not null); results go to
  /// `output`, now or later, from any thread. Throws no_such_method if there is no method `name` (S-END-5), abandoned
  /// if the operation has been aborted; every exception ends the operation.
  virtual std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                            const output_consumer& output)
    = 0;
};

/// A servicer that looks methods up by name; for an unknown name it throws no_such_method.
class method_table final : public servicer {
public:
  using method = std::function<std::shared_ptr<consumer>(const operation_context&, const output_consumer&)>;

  /// Adds or replaces a method. Must not be called while operations run. Throws std::invalid_argument if `name` or
  /// `what` is empty.
  method_table& add(std::string name, method what);

  std::shared_ptr<consumer> service(const std::string& name, const operation_context& context,
                                    const output_consumer& output) override;

private:
  std::map<std::string, method> methods_;
};

} // namespace tandem
