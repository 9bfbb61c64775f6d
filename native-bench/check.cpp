// Replays what the TypeScript book wrote down: `check vector FILE` a command vector, answer by answer, and
// `check replay FILE [PASSES]` a workload, whose figures go to stdout and whose speed goes to stderr.
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "book.hpp"

using namespace mms;

namespace {

/** Hashes every trade in order: maker, taker, price, lots. Twin of TradeTape in tests/bench/replay.ts. */
struct TradeTape {
  int64_t trades = 0, volume = 0, notional = 0;
  uint32_t hash = 2166136261u;

  static uint32_t mixWord(uint32_t h, int32_t value) {
    return (h ^ static_cast<uint32_t>(value)) * 16777619u;
  }

  void onTrade(int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots, int32_t) {
    trades++;
    volume += qtyLots;
    notional += int64_t{priceTicks} * qtyLots;
    const uint32_t h = mixWord(mixWord(mixWord(mixWord(hash, makerId), takerId), priceTicks), qtyLots);
    hash = h ^ (h >> 15);
  }
};

/** Reads every event as cheaply as can be: for timing. Twin of EventMeter in tests/bench/replay.ts. */
struct EventMeter {
  int64_t records = 0;
  uint32_t sum = 0;

  void onEvents(const int32_t* words, int32_t count) {
    records += count / EVENT_WORDS;
    uint32_t s = sum;
    for (int32_t at = 0; at < count; at += EVENT_WORDS) {
      s += static_cast<uint32_t>(words[at] ^ words[at + 1] ^ words[at + 2] ^ words[at + 3] ^ words[at + 4]);
    }
    sum = s;
  }
};

/** Hashes every used word of the events. Twin of EventTape in tests/bench/replay.ts. */
struct EventTape {
  int64_t records = 0;
  uint32_t sum = 2166136261u;

  void onEvents(const int32_t* words, int32_t count) {
    records += count / EVENT_WORDS;
    sum = hashEvents(sum, words, count);
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

template <class AnyBook>
int32_t apply(AnyBook& book, const int32_t* c) {
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
  if (std::fscanf(file, "book %d %d %d %d %d ", &o.ticks, &o.orders, &o.ids, &o.maxOrders, &o.maxIds) != 5) {
    fail("the first line must be `book` and five numbers");
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
    } else if (std::sscanf(line, "%d %d %d %d %d %d %d", c, c + 1, c + 2, c + 3, c + 4, c + 5, &answer) ==
               7) {
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
template <class AnyBook>
uint32_t applyMessages(AnyBook& book, const std::vector<int32_t>& records, uint32_t from, uint32_t to,
                       uint32_t bboHash) {
  for (uint32_t i = from; i < to; i++) {
    const int32_t* r = &records[size_t{i} * 4];
    const int32_t type = r[0] & 255, side = r[0] >> 8;
    if (type == 1 || type == 2) book.cancel(r[1]);
    if (type == 0 || type == 2) book.limit(r[1], side, r[2], r[3], TIF_GTC);
    else if (type == 3) book.market(r[1], side, r[3]);
    if ((i & 1023) == 1023) {
      const uint32_t h =
          TradeTape::mixWord(TradeTape::mixWord(bboHash, book.bestBidTicks()), book.bestAskTicks());
      bboHash = h ^ (h >> 15);
    }
  }
  return bboHash;
}

/** A workload file in memory. */
struct Workload {
  Header head;
  std::vector<int32_t> records;

  explicit Workload(const char* path) {
    FILE* file = open(path);
    if (std::fread(&head, sizeof head, 1, file) != 1 || head.magic != 0x4c4f424d) fail("not a workload file");
    records.resize(size_t{head.messages} * 4);
    if (std::fread(records.data(), 16, head.messages, file) != head.messages)
      fail("the workload file is cut short");
    std::fclose(file);
  }

  BookOptions options() const {
    return {std::min(static_cast<int32_t>(head.priceMax), 65536), static_cast<int32_t>(2 * head.target),
            static_cast<int32_t>(head.ids)};
  }
};

/** Time that this process has had of a processor: other work on the machine does not count. */
double cpuNs() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e9 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec);
}

std::string digestOf(const TradeTape& tape) {
  char text[16];
  std::snprintf(text, sizeof text, "%08" PRIx32, tape.hash);
  return text;
}

template <class Sink>
std::string digestOf(const Sink& sink) {
  char text[40];
  std::snprintf(text, sizeof text, "%" PRId64 "-%08" PRIx32, sink.records, sink.sum);
  return text;
}

/** Replays the workload for every line that comes in; answers nanoseconds per message and the hashes. */
template <class Sink, bool Recording>
int serve(const char* path) {
  const Workload workload(path);
  const Header& head = workload.head;
  Sink sink;
  Book<Sink, Recording> book(workload.options(), sink);
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    sink = Sink();
    book.reset();
    uint32_t bboHash = applyMessages(book, workload.records, 0, head.preload, 2166136261u);
    const double start = cpuNs();
    bboHash = applyMessages(book, workload.records, head.preload, head.messages, bboHash);
    book.flush();
    const double ns = cpuNs() - start;
    std::printf("%.4f %s-%08" PRIx32 "-%" PRIu32 "\n", ns / (head.messages - head.preload),
                digestOf(sink).c_str(), bboHash, book.stateHash());
    std::fflush(stdout);
  }
  return 0;
}

/** Levels of both sides and the lots on them. */
template <class AnyBook>
void totals(const AnyBook& book, uint32_t priceMax, int64_t& levelCount, int64_t& lots) {
  std::vector<int32_t> pricesTicks(priceMax), qtysLots(priceMax);
  levelCount = lots = 0;
  for (const int32_t side : {BUY, SELL}) {
    const int32_t count =
        book.depth(side, pricesTicks.data(), qtysLots.data(), static_cast<int32_t>(priceMax));
    levelCount += count;
    for (int32_t i = 0; i < count; i++) lots += qtysLots[i];
  }
}

int replay(const char* path, int passes) {
  const Workload workload(path);
  const Header& head = workload.head;
  const std::vector<int32_t>& records = workload.records;
  for (int pass = 1; pass <= passes; pass++) {
    TradeTape tape;
    Book<TradeTape> book(workload.options(), tape);
    uint32_t bboHash = applyMessages(book, records, 0, head.preload, 2166136261u);
    const auto start = std::chrono::steady_clock::now();
    bboHash = applyMessages(book, records, head.preload, head.messages, bboHash);
    const std::chrono::duration<double, std::nano> ns = std::chrono::steady_clock::now() - start;
    std::fprintf(stderr, "%s pass %d: %.4g M messages/s\n", path, pass,
                 1e3 * (head.messages - head.preload) / ns.count());
    if (pass < passes) continue;
    int64_t endLevels, endQty;
    totals(book, head.priceMax, endLevels, endQty);
    std::printf("trades %" PRId64 "\nvolume %" PRId64 "\nnotional %" PRId64 "\n", tape.trades, tape.volume,
                tape.notional);
    std::printf("tradeHash %" PRIu32 "\nbboHash %" PRIu32 "\n", tape.hash, bboHash);
    std::printf("endOrders %" PRId32 "\nendLevels %" PRId64 "\nendQty %" PRId64 "\n", book.ordersLive(),
                endLevels, endQty);
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
  if (argc == 4 && std::strcmp(argv[1], "serve") == 0) {
    const std::string mode = argv[3];
    if (mode == "trades") return serve<TradeTape, false>(argv[2]);
    if (mode == "events") return serve<EventMeter, true>(argv[2]);
    if (mode == "hash") return serve<EventTape, true>(argv[2]);
  }
  fail("usage: check vector FILE | check replay FILE [PASSES] | check serve FILE trades|events|hash");
}
