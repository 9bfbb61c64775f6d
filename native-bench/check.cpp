// Replays what the TypeScript book wrote down: `check vector FILE` a command vector, answer by answer, and
// `check replay FILE [PASSES]` a workload, whose figures go to stdout and whose speed goes to stderr.
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "book.hpp"

using namespace mms;

namespace {

/** Hashes every trade in order: maker, taker, price, lots. Twin of TradeTape in tests/bench/replay.ts. */
struct TradeTape {
  int64_t trades = 0, volume = 0, notional = 0;
  uint32_t hash = 2166136261u;

  static uint32_t mixWord(uint32_t h, int32_t value) { return (h ^ static_cast<uint32_t>(value)) * 16777619u; }

  void onTrade(int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots, int32_t) {
    trades++;
    volume += qtyLots;
    notional += int64_t{priceTicks} * qtyLots;
    const uint32_t h = mixWord(mixWord(mixWord(mixWord(hash, makerId), takerId), priceTicks), qtyLots);
    hash = h ^ (h >> 15);
  }
};

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "check: %s\n", message.c_str());
  std::exit(1);
}

FILE* open(const char* path) {
  FILE* file = std::fopen(path, "rb");
  if (file == nullptr) fail(std::string("cannot read ") + path);
  return file;
}

int32_t apply(Book<TradeTape>& book, const int32_t* c) {
  switch (c[0]) {
    case 0: return book.limit(c[1], c[2], c[3], c[4], c[5]);
    case 1: return book.market(c[1], c[2], c[4]);
    case 2: return book.cancel(c[1]);
    case 3: return book.replace(c[1], c[3], c[4]);
    default: fail("unknown op " + std::to_string(c[0]));
  }
}

int vector(const char* path) {
  FILE* file = open(path);
  BookOptions o{};
  if (std::fscanf(file, "book %d %d %d %d %d %d ", &o.ticks, &o.orders, &o.ids, &o.maxTicks, &o.maxOrders,
                  &o.maxIds) != 6) {
    fail("the first line must be `book` and six numbers");
  }
  TradeTape tape;
  Book<TradeTape> book(o, tape);
  char line[128];
  int number = 1, hashes = 0;
  while (std::fgets(line, sizeof line, file) != nullptr) {
    number++;
    const std::string where = std::string(path) + ":" + std::to_string(number) + ": ";
    uint32_t state, trades;
    int32_t c[6], answer;
    if (std::sscanf(line, "hash %" SCNu32 " %" SCNu32, &state, &trades) == 2) {
      hashes++;
      if (book.stateHash() != state) fail(where + "state hash " + std::to_string(book.stateHash()));
      if (tape.hash != trades) fail(where + "trade hash " + std::to_string(tape.hash));
    } else if (std::sscanf(line, "%d %d %d %d %d %d %d", c, c + 1, c + 2, c + 3, c + 4, c + 5, &answer) == 7) {
      const int32_t got = apply(book, c);
      if (got != answer) fail(where + "answer " + std::to_string(got));
    } else {
      fail(where + "expected seven numbers or `hash` and two");
    }
  }
  std::fclose(file);
  if (hashes == 0) fail("no hash in the vector");
  std::printf("%s: %d commands and %d hashes agree\n", path, number - 1 - hashes, hashes);
  return 0;
}

struct Header {
  uint32_t magic, version, messages, preload, ids, priceMin, priceMax, seed, target, spare[7];
};

/** Applies messages from..to-1; the best prices are hashed every 1,024 messages. */
uint32_t applyMessages(Book<TradeTape>& book, const std::vector<int32_t>& records, uint32_t from, uint32_t to,
                       uint32_t bboHash) {
  for (uint32_t i = from; i < to; i++) {
    const int32_t* r = &records[size_t{i} * 4];
    const int32_t type = r[0] & 255, side = r[0] >> 8;
    if (type == 0) book.limit(r[1], side, r[2], r[3], TIF_GTC);
    else if (type == 1) book.cancel(r[1]);
    else if (type == 3) book.market(r[1], side, r[3]);
    else {
      book.cancel(r[1]);
      book.limit(r[1], side, r[2], r[3], TIF_GTC);
    }
    if ((i & 1023) == 1023) {
      const uint32_t h = TradeTape::mixWord(TradeTape::mixWord(bboHash, book.bestBidTicks()), book.bestAskTicks());
      bboHash = h ^ (h >> 15);
    }
  }
  return bboHash;
}

int replay(const char* path, int passes) {
  FILE* file = open(path);
  Header head;
  if (std::fread(&head, sizeof head, 1, file) != 1 || head.magic != 0x4c4f424d) fail("not a workload file");
  std::vector<int32_t> records(size_t{head.messages} * 4);
  if (std::fread(records.data(), 16, head.messages, file) != head.messages) fail("the workload file is cut short");
  std::fclose(file);
  for (int pass = 1; pass <= passes; pass++) {
    TradeTape tape;
    Book<TradeTape> book({static_cast<int32_t>(head.priceMax), static_cast<int32_t>(2 * head.target),
                          static_cast<int32_t>(head.ids)},
                         tape);
    uint32_t bboHash = applyMessages(book, records, 0, head.preload, 2166136261u);
    const auto start = std::chrono::steady_clock::now();
    bboHash = applyMessages(book, records, head.preload, head.messages, bboHash);
    const std::chrono::duration<double, std::nano> ns = std::chrono::steady_clock::now() - start;
    std::fprintf(stderr, "%s pass %d: %.4g M messages/s\n", path, pass,
                 1e3 * (head.messages - head.preload) / ns.count());
    if (pass < passes) continue;
    int64_t endLevels, endQty;
    book.totals(endLevels, endQty);
    std::printf("trades %" PRId64 "\nvolume %" PRId64 "\nnotional %" PRId64 "\n", tape.trades, tape.volume,
                tape.notional);
    std::printf("tradeHash %" PRIu32 "\nbboHash %" PRIu32 "\n", tape.hash, bboHash);
    std::printf("endOrders %" PRId32 "\nendLevels %" PRId64 "\nendQty %" PRId64 "\n", book.ordersLive, endLevels,
                endQty);
    std::printf("stateHash %" PRIu32 "\n", book.stateHash());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "vector") == 0) return vector(argv[2]);
  if ((argc == 3 || argc == 4) && std::strcmp(argv[1], "replay") == 0) {
    return replay(argv[2], argc == 4 ? std::max(1, std::atoi(argv[3])) : 1);
  }
  fail("usage: check vector FILE | check replay FILE [PASSES]");
}
