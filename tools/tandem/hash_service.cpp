#include "service_input.hpp"
#include "services.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace tandem::cli {

namespace {

struct digest_deleter {
  void operator()(EVP_MD_CTX* x) const noexcept {
    EVP_MD_CTX_free(x);
  }
};

void require(int result) {
  if (result != 1)
    throw std::runtime_error{"hash: the cryptographic library failed"};
}

class hash final : public consumer {
public:
  explicit hash(output_consumer output) : output_(std::move(output)), digest_(EVP_MD_CTX_new()) {
    require(digest_ != nullptr && EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) == 1 ? 1 : 0);
  }

  void consume(payload content) override {
    static const std::string usage = "hash takes payloads of bytes, each a string";
    const auto& bytes = text_of(content, usage);
    require(EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size()));
  }

  void terminate() override {
    output_.consume_and_terminate(make_payload(finish()));
  }

  void consume_and_terminate(payload content) override {
    consume(std::move(content));
    terminate();
  }

private:
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    require(EVP_DigestFinal_ex(digest_.get(), bytes.data(), &size));
    constexpr char digits[] = "0123456789abcdef";
    std::string result;
    for (unsigned i = 0; i < size; ++i) {
      result += digits[bytes[i] >> 4];
      result += digits[bytes[i] & 15];
    }
    return result;
  }

  output_consumer output_;
  std::unique_ptr<EVP_MD_CTX, digest_deleter> digest_;
};

} // namespace

method_table::method make_hash_service() {
  return [](const operation_context&, const output_consumer& output) { return std::make_shared<hash>(output); };
}

} // namespace tandem::cli
