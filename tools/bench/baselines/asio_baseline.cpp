#include "baselines.hpp"
#include "meter.hpp"
#include "serve.hpp"
#include "server_process.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace tandem::bench::asio_baseline {

namespace {

using asio::ip::tcp;

/// The answer to a bulk payload: one byte.
constexpr char answer = 1;

/// Asks for what is missing of a payload in one system call; by itself Asio asks for 64 KiB at a time.
size_t rest(const asio::error_code& e, size_t moved) {
  return e ? 0 : bulk_payload_size - moved;
}

/// Takes payloads, each into memory of its own, and answers each when all of it is there.
class sink : public std::enable_shared_from_this<sink> {
public:
  explicit sink(tcp::socket socket) : socket_(std::move(socket)) {
    socket_.set_option(tcp::no_delay{true});
  }

  void take() {
    // Without zeros in it, which would be another pass over the memory.
    payload_ = std::make_unique_for_overwrite<char[]>(bulk_payload_size);
    asio::async_read(socket_, asio::buffer(payload_.get(), bulk_payload_size), rest,
                     [self = shared_from_this()](const asio::error_code& e, size_t) {
                       if (!e)
                         self->reply();
                     });
  }

private:
  void reply() {
    asio::error_code e;
    asio::write(socket_, asio::buffer(&answer, 1), e);
    if (!e)
      take();
  }

  tcp::socket socket_;
  std::unique_ptr<char[]> payload_;
};

void accept(tcp::acceptor& door) {
  door.async_accept([&door](const asio::error_code& e, tcp::socket socket) {
    if (e)
      return;
    std::make_shared<sink>(std::move(socket))->take();
    accept(door);
  });
}

/// Keeps bulk_payloads_under_way under way, and writes them one after the other.
class source {
public:
  explicit source(uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay{true});
  }

  /// The calling thread is the one that writes and reads.
  void run(meter& progress) {
    for (int i = 0; i < bulk_payloads_under_way && progress.claim(); ++i)
      ++to_write_;
    under_way_ = to_write_;
    write(progress);
    read(progress);
    context_.restart();
    context_.run();
    progress.wait();
  }

private:
  void write(meter& progress) {
    is_writing_ = to_write_ > 0;
    if (!is_writing_)
      return;
    --to_write_;
    asio::async_write(socket_, asio::buffer(content_), rest, [this, &progress](const asio::error_code& e, size_t) {
      if (e)
        return progress.abort("cannot write to the Asio server: " + e.message());
      write(progress);
    });
  }

  void read(meter& progress) {
    asio::async_read(socket_, asio::buffer(&answer_, 1), [this, &progress](const asio::error_code& e, size_t) {
      if (e)
        return progress.abort("lost the Asio server: " + e.message());
      if (progress.claim()) {
        ++to_write_;
        if (!is_writing_)
          write(progress);
      } else {
        --under_way_;
      }
      progress.finished();
      if (under_way_ > 0)
        read(progress);
    });
  }

  const std::string content_ = std::string(bulk_payload_size, 'x');
  asio::io_context context_{1};
  tcp::socket socket_{context_};
  char answer_ = 0;
  int to_write_ = 0;
  int under_way_ = 0;
  bool is_writing_ = false;
};

} // namespace

throughput bulk_by_stream(const std::string& server_program, int payloads) {
  server_process server{server_program};
  source from{server.port()};
  return measure_throughput(payloads, [&](meter& progress) { from.run(progress); });
}

int serve() {
  asio::io_context context{1};
  tcp::acceptor door{context, {asio::ip::address_v4::loopback(), 0}};
  accept(door);
  std::thread worker{[&] { context.run(); }};
  announce_and_wait(door.local_endpoint().port());
  context.stop();
  worker.join();
  return 0;
}

} // namespace tandem::bench::asio_baseline
