// Obeys a stream of commands of every sort: `differential events|trades TICKS ORDERS IDS MAXORDERS MAXIDS
// BATCH` reads records of 16 int32 words from stdin (tests/support/any-command.ts says what they mean)
// and answers each batch with one line: hashes of all answers, of the state and of all that was reported.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "auction.hpp"
#include "book.hpp"

using namespace mms;

namespace {

enum : int32_t {
  OP_LIMIT,
  OP_MARKET,
  OP_CANCEL,
  OP_REPLACE,
  OP_SUBMIT,
  OP_CANCEL_OWNER,
  OP_ADVANCE,
  OP_ALLOCATE,
  OP_HALT,
  OP_BAND,
  OP_RESET,
  /** To the call auction instead of the book. */
  CALL = 16,
  OP_UNCROSS = 32,
  OP_CALL_TAKE,
  OP_CALL_MOVE,
};

/** One command; ops read the fields that they need. */
struct Command {
  int32_t op, id, side, type, priceTicks, qtyLots, tif, displayLots, ownerId, selfTrade, triggerTicks,
      partnerId;
  double tNs;
  int32_t spare[2];
};
static_assert(sizeof(Command) == 64, "a command is 16 words");

/** Hashes every trade: maker, taker, price, lots, side. */
struct TradeTape {
  uint32_t hash = 2166136261u;

  void onTrade(int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots, int32_t takerSide) {
    hash = mix(mix(mix(mix(mix(hash, makerId), takerId), priceTicks), qtyLots), takerSide);
  }
};

/** Hashes every event. */
struct EventTape {
  uint32_t hash = 2166136261u;

  void onEvents(const int32_t* records, int32_t words) { hash = hashEvents(hash, records, words); }
};

template <class Sink, bool Recording>
class Player {
 public:
  explicit Player(const BookOptions& options) : book(options, tape) {}

  int run(size_t batch) {
    std::vector<Command> commands(batch);
    for (;;) {
      const size_t count = std::fread(commands.data(), sizeof(Command), batch, stdin);
      if (count == 0) return 0;
      for (size_t i = 0; i < count; i++) answer(apply(commands[i]));
      book.flush();
      std::printf("%" PRIu32 " %" PRIu32 " %" PRIu32 "\n", answers, book.stateHash(),
                  mix(tape.hash, callTape.hash));
      std::fflush(stdout);
    }
  }

 private:
  Sink tape;
  TradeTape callTape;
  Book<Sink, Recording> book;
  CallAuction auction;
  uint32_t answers = 2166136261u;

  void answer(int64_t value) { answers = mix(answers, static_cast<int32_t>(value)); }

  static OrderRequest requestOf(const Command& c) {
    return {c.id,      c.side,      c.type,         c.priceTicks, c.qtyLots, c.tif, c.displayLots,
            c.ownerId, c.selfTrade, c.triggerTicks, c.partnerId,  c.tNs};
  }

  int32_t apply(const Command& c) {
    switch (c.op) {
      case OP_LIMIT: return book.limit(c.id, c.side, c.priceTicks, c.qtyLots, c.tif);
      case OP_MARKET: return book.market(c.id, c.side, c.qtyLots);
      case OP_CANCEL: return book.cancel(c.id);
      case OP_REPLACE: return book.replace(c.id, c.priceTicks, c.qtyLots);
      case OP_SUBMIT: return book.submit(requestOf(c));
      case OP_CANCEL_OWNER: return book.cancelOwner(c.ownerId);
      case OP_ADVANCE: return book.advance(c.tNs);
      case OP_ALLOCATE: book.allocate(c.type); return 0;
      case OP_HALT: book.halt(c.side != 0); return 0;
      case OP_BAND: book.band(c.priceTicks, c.qtyLots); return 0;
      case OP_RESET: book.reset(); return 0;
      case CALL + OP_LIMIT: return auction.limit(c.id, c.side, c.priceTicks, c.qtyLots);
      case CALL + OP_MARKET: return auction.market(c.id, c.side, c.qtyLots);
      case CALL + OP_CANCEL: return auction.cancel(c.id);
      case CALL + OP_SUBMIT: return auction.submit(requestOf(c));
      case CALL + OP_ADVANCE: return auction.advance(c.tNs);
      case CALL + OP_ALLOCATE: auction.allocate(c.type); return 0;
      case CALL + OP_HALT: auction.halt(c.side != 0); return 0;
      case CALL + OP_BAND: auction.band(c.priceTicks, c.qtyLots); return 0;
      case CALL + OP_RESET: auction.reset(); return 0;
      case OP_UNCROSS: return uncross(c.priceTicks);
      case OP_CALL_TAKE: auction.takeFrom(book); return 0;
      case OP_CALL_MOVE: auction.moveTo(book, c.priceTicks); return 0;
      default: std::fprintf(stderr, "differential: unknown op %d\n", c.op); std::exit(1);
    }
  }

  int32_t uncross(int32_t referenceTicks) {
    const Uncross result = auction.uncross(referenceTicks, callTape);
    answer(result.volumeLots);
    answer(result.surplusLots);
    return result.priceTicks;
  }
};

}  // namespace

int main(int argc, char** argv) {
  int32_t n[6];
  bool good = argc == 8;
  for (int i = 0; good && i < 6; i++) good = (n[i] = std::atoi(argv[i + 2])) > 0;
  if (good) {
    const BookOptions options{n[0], n[1], n[2], n[3], n[4]};
    const size_t batch = static_cast<size_t>(n[5]);
    if (std::strcmp(argv[1], "events") == 0) return Player<EventTape, true>(options).run(batch);
    if (std::strcmp(argv[1], "trades") == 0) return Player<TradeTape, false>(options).run(batch);
  }
  std::fprintf(stderr, "usage: differential events|trades TICKS ORDERS IDS MAXORDERS MAXIDS BATCH\n");
  return 2;
}
