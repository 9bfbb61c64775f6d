// The limit order book of one instrument in one int array. Twin of src/core/book/book.ts: same structure,
// same names, same order of steps, same answers, state and stream hash; the rules and their reasons stand
// there. One class, whose methods stand in the files that their TypeScript twins stand in: matching.hpp
// (the hot path), special_orders.hpp, requests.hpp, and here the calls and questions. Snapshots are not
// twinned: they are made between runs.
#pragma once
#include "codes.hpp"
#include "events.hpp"
#include "ladder.hpp"

namespace mms {

/**
 * Sink: a class with onTrade(makerId, takerId, priceTicks, qtyLots, takerSide) or, when Recording, with
 * onEvents(const int32_t* records, int32_t words). The choice is the compiler's: neither pays for the other.
 */
template <class Sink, bool Recording = false>
class Book : public Ladder {
 public:
  Book(const BookOptions& options, Sink& sink) : Ladder(options, Recording), sink(sink) {}

  int32_t limit(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots, int32_t tif);
  int32_t cancel(int32_t id);
  int32_t submit(const OrderRequest& order);
  int32_t cancelOwner(int32_t ownerId);
  int32_t advance(double tNs);
  void allocate(int32_t rule);

  int32_t market(int32_t id, int32_t side, int32_t qtyLots) {
    if (qtyLots < 1) return refuse(id, REJECT_QTY);
    if (halted) return refuse(id, REJECT_HALTED);
    if (id < 0 || id >= maxIds) return refuse(id, REJECT_ID);
    if (nodeAt(id) != 0) return refuse(id, REJECT_DUPLICATE_ID);
    return cross(id, side, marketTicks(side), qtyLots, TIF_IOC);
  }

  int32_t replace(int32_t id, int32_t priceTicks, int32_t qtyLots) {
    if (qtyLots < 1) return refuse(id, REJECT_QTY);
    if (halted) return refuse(id, REJECT_HALTED);
    if (nodeAt(id) <= 0) return refuse(id, REJECT_UNKNOWN_ID);
    if (!isInBand(priceTicks)) return refuse(id, REJECT_BAND);
    if (!isPrice(priceTicks)) return refuse(id, REJECT_PRICE);
    const int32_t node = nodeOf[id];
    const int32_t sentinel = nodes[node + LEVEL];
    const bool isSame = priceTicks == nodes[sentinel + PRICE];
    const int32_t extra = nodes[node + EXTRA];
    const int32_t ownLots = nodes[node + QTY] + (extra == 0 ? 0 : extras[extra + X_RESERVE]);
    const int32_t side = nodes[sentinel + PRICE] <= bidTicks ? BUY : SELL;
    const int32_t peak = extra == 0 ? 0 : extras[extra + X_PEAK];
    if (peak > 0 && qtyLots > peak * MAX_PEAKS) return refuse(id, REJECT_DISPLAY);
    const bool keeps = isSame && qtyLots <= ownLots;
    if (!keeps && (side == BUY ? priceTicks < askTicks : priceTicks > bidTicks)) {
      const int32_t others = heldAt(priceTicks) - (isSame ? ownLots : 0);
      if (int64_t{others} + qtyLots > MAX_LEVEL_LOTS) return refuse(id, REJECT_QTY);
    }
    int32_t traded = 0;
    if (extra != 0) {
      traded = replaceSpecial(node, priceTicks, qtyLots);
    } else if (keeps) {
      nodes[sentinel + QTY] -= ownLots - qtyLots;
      nodes[node + QTY] = qtyLots;
      recordReduce(node);
    } else {
      remove(id, node, CAUSE_REPLACE);
      traded = limit(id, side, priceTicks, qtyLots, TIF_GTC);
    }
    if (stopsWaiting != 0) triggerStops();
    return traded;
  }

  /** Hands the events that wait to the sink. */
  void flush() {
    if (head > 0) spill();
  }

  void reset() {
    Ladder::reset();
    resetSpecial();
  }

  int32_t bestBidTicks() const { return bidTicks; }
  int32_t bestAskTicks() const { return askTicks == BEYOND ? NIL : askTicks; }

  int32_t qtyAt(int32_t priceTicks) const {
    const int32_t sentinel = levelAt(priceTicks);
    return sentinel == NIL ? 0 : nodes[sentinel + QTY];
  }

  int32_t sideOf(int32_t id) const {
    const int32_t node = nodeAt(id);
    if (node <= 0) return NIL;
    return nodes[nodes[node + LEVEL] + PRICE] <= bidTicks ? BUY : SELL;
  }

  int32_t priceOf(int32_t id) const {
    const int32_t node = nodeAt(id);
    return node <= 0 ? NIL : nodes[nodes[node + LEVEL] + PRICE];
  }

  int32_t qtyOf(int32_t id) const {
    const int32_t node = nodeAt(id);
    return node <= 0 ? 0 : nodes[node + QTY];
  }

  int32_t queueAheadLots(int32_t id) const {
    int32_t node = nodeAt(id);
    if (node <= 0) return NIL;
    const int32_t level = nodes[node + LEVEL];
    int32_t lots = 0;
    for (node = nodes[node + PREV]; node != level; node = nodes[node + PREV]) lots += nodes[node + QTY];
    return lots;
  }

  int32_t depth(int32_t side, int32_t* outPricesTicks, int32_t* outQtysLots, int32_t max) const {
    return writeLevels(side, outPricesTicks, outQtysLots, max, false);
  }

  int32_t wholeDepth(int32_t side, int32_t* outPricesTicks, int32_t* outQtysLots, int32_t max) const {
    return writeLevels(side, outPricesTicks, outQtysLots, max, true);
  }

  std::vector<OrderRequest> resting() const;

  void noteTrade(int32_t priceTicks) {
    lastTicks = priceTicks;
    if (stopsWaiting != 0) triggerStops();
  }

  uint32_t stateHash() const {
    uint32_t h = 2166136261u;
    for (int32_t side = BUY; side <= SELL; side++) {
      int32_t priceTicks = side == BUY ? bidTicks : askTicks;
      while (isPrice(priceTicks)) {
        const int32_t sentinel = levelAt(priceTicks);
        h = mix(mix(h, priceTicks), nodes[sentinel + QTY]);
        for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) {
          h = mix(mix(h, nodes[node + ID]), nodes[node + QTY]);
          if (nodes[node + EXTRA] != 0) h = mixExtra(mix(h, -3), nodes[node + EXTRA], RESTING_WORDS);
        }
        priceTicks = nextTicks(side, priceTicks);
      }
      h = mix(h, -1 - side);
    }
    if (stopsWaiting == 0) return h;
    h = mix(h, lastTicks);
    for (const int32_t extra : waitingStops()) h = mixExtra(h, extra, WAITING_WORDS);
    return h;
  }

 private:
  int32_t writeLevels(int32_t side, int32_t* outPricesTicks, int32_t* outQtysLots, int32_t max,
                      bool whole) const {
    int32_t count = 0, priceTicks = side == BUY ? bidTicks : askTicks;
    while (count < max && isPrice(priceTicks)) {
      outPricesTicks[count] = priceTicks;
      const int32_t sentinel = levelAt(priceTicks);
      outQtysLots[count] = nodes[sentinel + QTY] + (whole ? nodes[sentinel + UNSEEN] : 0);
      if (outQtysLots[count] > 0) count++;
      priceTicks = nextTicks(side, priceTicks);
    }
    return count;
  }

  static constexpr int32_t RESTING_WORDS[] = {X_OWNER, X_PARTNER, X_RESERVE, X_PEAK, X_HIDDEN};
  static constexpr int32_t WAITING_WORDS[] = {X_ID,  X_SIDE,    X_TRIGGER, X_PRICE,      X_LOTS,   X_TYPE,
                                              X_TIF, X_DISPLAY, X_OWNER,   X_SELF_TRADE, X_PARTNER};
  /** `careful` bits: the taker prevents self-trades; levels are shared out by size. */
  enum : int32_t { CAREFUL_TAKER = 1, CAREFUL_RULE = 2 };
  /** No stop order to buy waits: above every price. */
  static constexpr int32_t NEVER = 0x7fffffff;

  Sink& sink;

  // matching.hpp
  int32_t lastTicks = NIL, careful = 0, stopsWaiting = 0;
  int32_t rest(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots);
  int32_t restAnywhere(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots);
  int32_t remove(int32_t id, int32_t node, int32_t cause);
  [[gnu::noinline]] int32_t cross(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots, int32_t tif);
  int32_t take(int32_t takerId, int32_t side, int32_t limitTicks, int32_t qtyLots);
  int32_t takeLevel(int32_t takerId, int32_t side, int32_t priceTicks, int32_t qtyLots);
  void record(int32_t what, int32_t id, int32_t priceTicks, int32_t qtyLots, int32_t levelLots);
  void recordCancel(int32_t id, int32_t priceTicks, int32_t qtyLots, int32_t levelLots, int32_t cause);
  void report(int32_t takerSide, int32_t makerId, int32_t takerId, int32_t priceTicks, int32_t qtyLots,
              int32_t levelLots, int32_t leftLots);
  int32_t* nextRecord();
  int32_t refuse(int32_t id, int32_t code);

  // special_orders.hpp
  int32_t allocation = ALLOCATE_PRICE_TIME;
  double nowNs = 0, nextExpiryNs = NEVER_NS;
  int32_t takerOwner = NIL, takerSelfTrade = SELF_TRADE_ALLOWED, droppedLots = 0;
  std::vector<int32_t> leaving, sharers, sharerLots, shares;
  int32_t backOfVisible(int32_t sentinel) const;
  [[gnu::noinline]] int32_t restSlowly(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots);
  int32_t settle(int32_t id, int32_t sentinel, int32_t lots, bool hidden);
  [[gnu::noinline]] int32_t takeCarefully(int32_t takerId, int32_t side, int32_t priceTicks, int32_t qtyLots);
  int32_t takeShared(int32_t takerId, int32_t side, int32_t sentinel, int32_t qtyLots);
  int32_t fillMaker(int32_t takerId, int32_t side, int32_t node, int32_t lots);
  void refreshOrDrop(int32_t node);
  void recordRest(int32_t node);
  void recordReduce(int32_t node);
  void unlink(int32_t node);
  void insert(int32_t node, int32_t next);
  void dropOrder(int32_t node);
  int32_t leave(int32_t node, int32_t cause);
  [[gnu::noinline]] int32_t cancelRare(int32_t id, int32_t node);
  void partnerLeaves(int32_t extra);
  void cancelLeaving();
  bool end(int32_t id, int32_t cause);
  int32_t extraOf(int32_t id) const;
  template <class IsMeant>
  int32_t endAll(IsMeant isMeant, int32_t cause);
  bool isHidden(int32_t node) const;
  bool isOwn(int32_t node) const;
  int32_t preventSelfTrade(int32_t node, int32_t qtyLots);
  void decrement(int32_t node, int32_t lots);
  bool canFill(int32_t side, int32_t limitTicks, int32_t qtyLots) const;
  void resetSpecial();

  // requests.hpp
  int32_t serial = 0, buyTrigger = NEVER, sellTrigger = NIL;
  int32_t check(const OrderRequest& order);
  int32_t fillExtra(const OrderRequest& order);
  int32_t enterExtra(int32_t extra);
  int32_t enterAt(int32_t extra, int32_t id, int32_t side, int32_t priceTicks, int32_t lots, int32_t tif);
  int32_t done(int32_t extra, int32_t traded, int32_t dropped);
  void cancelPartner(int32_t extra);
  int32_t refuseExtra(int32_t extra, int32_t code);
  void link(int32_t extra);
  int32_t makeSpecial(int32_t node);
  int32_t restExtra(int32_t extra, int32_t priceTicks, int32_t lots);
  bool isTriggered(int32_t side, int32_t triggerTicks) const;
  void wait(int32_t extra);
  void holdStop(int32_t extra);
  void endStop(int32_t extra, int32_t cause);
  [[gnu::noinline]] void triggerStops();
  int32_t firstTriggered();
  std::vector<int32_t> waitingStops() const;
  OrderRequest requestOf(int32_t node) const;
  bool isBefore(int32_t extra, int32_t other, int32_t sign) const;
  int32_t replaceSpecial(int32_t node, int32_t priceTicks, int32_t qtyLots);

  template <size_t N>
  uint32_t mixExtra(uint32_t h, int32_t extra, const int32_t (&words)[N]) const {
    for (const int32_t word : words) h = mix(h, extras[extra + word]);
    return h;
  }

  void spill() {
    if constexpr (Recording) sink.onEvents(events.data(), head);
    head = 0;
  }

  [[gnu::noinline]] int32_t limitSlowly(int32_t id, int32_t side, int32_t priceTicks, int32_t lots,
                                        int32_t tif) {
    if (lots < 1) return refuse(id, REJECT_QTY);
    if (halted) return refuse(id, REJECT_HALTED);
    if (!isInBand(priceTicks)) return refuse(id, REJECT_BAND);
    if (!isPrice(priceTicks)) return refuse(id, REJECT_PRICE);
    if (id < 0 || id >= maxIds) return refuse(id, REJECT_ID);
    if (nodeAt(id) != 0) return refuse(id, REJECT_DUPLICATE_ID);
    if (id >= idCount()) makeRoomForId(id);
    if (inWindow(priceTicks)) return limit(id, side, priceTicks, lots, tif);
    const bool reaches = side == BUY ? priceTicks >= askTicks : priceTicks <= bidTicks;
    if (reaches) return cross(id, side, priceTicks, lots, tif);
    return restOrNot(id, side, priceTicks, lots, tif);
  }

  [[gnu::noinline]] int32_t restOrNot(int32_t id, int32_t side, int32_t priceTicks, int32_t lots,
                                      int32_t tif) {
    if (tif == TIF_FOK) return refuse(id, REJECT_WOULD_NOT_FILL);
    if (tif != TIF_IOC) return restAnywhere(id, side, priceTicks, lots);
    record(EVENT_DONE | side << SIDE_SHIFT, id, NIL, 0, lots);
    return 0;
  }

  [[gnu::noinline]] int32_t crossing(int32_t side, int32_t limitTicks, int32_t qtyLots, int32_t tif) {
    if (tif == TIF_FOK) return canFill(side, limitTicks, qtyLots) ? 0 : REJECT_WOULD_NOT_FILL;
    if (tif != TIF_SLIDE) return REJECT_WOULD_TRADE;
    const int32_t priceTicks = side == BUY ? askTicks - 1 : bidTicks + 1;
    if (!isPrice(priceTicks)) return REJECT_WOULD_TRADE;
    if (!isInBand(priceTicks)) return REJECT_BAND;
    return 1 + priceTicks;
  }
};

}  // namespace mms

#include "matching.hpp"
#include "requests.hpp"
#include "special_orders.hpp"
