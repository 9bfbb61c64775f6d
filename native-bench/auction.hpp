// A call auction: orders gather without trading, then all that can trade does so at one price. Twin of
// src/core/book/auction.ts, where the rules and their sources stand: each side waits in a book of its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "book.hpp"

namespace mms {

/** What an auction gives, or would give now. */
struct Uncross {
  int32_t priceTicks = NIL;
  int64_t volumeLots = 0, surplusLots = 0;
};

/** Ids and lots, oldest first: market orders that wait, or the fills of one side. */
struct OrderList {
  std::vector<int32_t> ids, lots;
  int64_t totalLots = 0;

  void add(int32_t id, int32_t qtyLots) {
    ids.push_back(id);
    lots.push_back(qtyLots);
    totalLots += qtyLots;
  }

  /** Place of an id, NIL when it is not in the list. */
  int32_t indexOf(int32_t id) const {
    const auto at = std::find(ids.begin(), ids.end(), id);
    return at == ids.end() ? NIL : static_cast<int32_t>(at - ids.begin());
  }

  int32_t removeAt(int32_t index) {
    const int32_t left = lots[index];
    ids.erase(ids.begin() + index);
    lots.erase(lots.begin() + index);
    totalLots -= left;
    return left;
  }

  void clear() {
    ids.clear();
    lots.clear();
    totalLots = 0;
  }
};

/** Orders that wait on one side, and the fills of an uncross as they come. */
class AuctionSide {
 public:
  /** The id under which a side's orders are taken; no order can have it, the auction refuses it. */
  static constexpr int32_t TAKER_ID = (1 << 26) - 1;

  Book<AuctionSide> book;
  OrderList atMarket, fills;
  /** All levels, best first, hidden lots and reserves included. */
  int32_t levels = 0;
  std::vector<int32_t> pricesTicks = std::vector<int32_t>(64), qtysLots = std::vector<int32_t>(64);

  AuctionSide(const BookOptions& options, int32_t side) : book(options, *this), side(side) {}

  void onTrade(int32_t makerId, int32_t, int32_t, int32_t qtyLots, int32_t) { fills.add(makerId, qtyLots); }

  void look() {
    for (;;) {
      const int32_t max = static_cast<int32_t>(pricesTicks.size());
      levels = book.wholeDepth(side, pricesTicks.data(), qtysLots.data(), max);
      if (levels < max) return;
      pricesTicks.resize(2 * max);
      qtysLots.resize(2 * max);
    }
  }

  /** Lots of all limit orders; look() first. */
  int64_t limitLots() const {
    int64_t lots = 0;
    for (int32_t i = 0; i < levels; i++) lots += qtysLots[i];
    return lots;
  }

  /** Takes so many lots by priority into `fills`; there must be as many. */
  void fill(int64_t qtyLots) {
    int64_t left = qtyLots;
    for (size_t i = 0; i < atMarket.ids.size() && left > 0; i++) {
      const int32_t lots = static_cast<int32_t>(std::min<int64_t>(left, atMarket.lots[i]));
      fills.add(atMarket.ids[i], lots);
      left -= lots;
    }
    for (; left > 0; left -= MAX_LEVEL_LOTS) {
      book.market(TAKER_ID, 1 - side, static_cast<int32_t>(std::min<int64_t>(left, MAX_LEVEL_LOTS)));
    }
  }

 private:
  const int32_t side;
};

class CallAuction {
 public:
  explicit CallAuction(const BookOptions& options = {32, 32, 64})
      : sides{AuctionSide(options, BUY), AuctionSide(options, SELL)} {}

  int32_t limit(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots) {
    const int32_t code = qtyLots < 1 ? REJECT_QTY : checkId(id);
    return code != 0 ? code : sides[side].book.limit(id, side, priceTicks, qtyLots, TIF_GTC);
  }

  int32_t market(int32_t id, int32_t side, int32_t qtyLots) {
    if (qtyLots < 1) return REJECT_QTY;
    const int32_t code = id == NIL ? 0 : checkId(id);
    if (code != 0) return code;
    sides[side].atMarket.add(id, qtyLots);
    return 0;
  }

  int32_t submit(const OrderRequest& order) {
    const int32_t code = checkId(order.id);
    if (code != 0) return code;
    if (order.side != BUY && order.side != SELL) return REJECT_TYPE;
    OrderRequest single = order;
    single.partnerId = NIL;
    if (order.triggerTicks != NIL) {
      if (order.qtyLots < 1) return REJECT_QTY;
      stops.push_back(single);
      return 0;
    }
    if (order.type == ORDER_MARKET) return market(order.id, order.side, order.qtyLots);
    if (order.type != ORDER_LIMIT || order.tif == TIF_IOC || order.tif == TIF_FOK) return REJECT_TYPE;
    single.tif = TIF_GTC;
    return sides[order.side].book.submit(single);
  }

  int32_t cancel(int32_t id) {
    if (id < 0) return REJECT_UNKNOWN_ID;
    for (AuctionSide& side : sides) {
      if (side.book.sideOf(id) != NIL) return side.book.cancel(id);
      const int32_t at = side.atMarket.indexOf(id);
      if (at >= 0) return side.atMarket.removeAt(at);
    }
    const auto stop = stopOf(id);
    if (stop == stops.end()) return REJECT_UNKNOWN_ID;
    const int32_t lots = stop->qtyLots;
    stops.erase(stop);
    return lots;
  }

  void halt(bool on) {
    halted = on;
    for (AuctionSide& side : sides) side.book.halt(on);
  }

  void band(int32_t low, int32_t high) {
    lowTicks = low;
    highTicks = high;
    for (AuctionSide& side : sides) side.book.band(low, high);
  }

  void allocate(int32_t rule) {
    for (AuctionSide& side : sides) side.book.allocate(rule);
  }

  int32_t advance(double tNs) {
    nowNs = std::max(nowNs, tNs);
    return sides[BUY].book.advance(tNs) + sides[SELL].book.advance(tNs);
  }

  Uncross indicative(int32_t referenceTicks) {
    if (halted) return {};
    for (AuctionSide& side : sides) side.look();
    if (sides[BUY].levels + sides[SELL].levels == 0) return withoutLimits(referenceTicks);
    findBest();
    if (volumeLots == 0) return {};
    if (lastSurplus > 0) return {lastTicks, volumeLots, leastSurplus};
    if (firstSurplus < 0) return {firstTicks, volumeLots, -leastSurplus};
    // Between more buyers below and more sellers above, or where there is no surplus: the reference decides.
    const int32_t low = leastSurplus == 0 ? firstTicks : lastBoughtTicks;
    const int32_t high = leastSurplus == 0 ? lastTicks : lastBoughtTicks + 1;
    const int32_t priceTicks = std::max(low, std::min(high, referenceTicks));
    const bool isBought = leastSurplus == 0 || priceTicks == low;
    return {priceTicks, volumeLots, isBought ? leastSurplus : -leastSurplus};
  }

  /** The sink hears each trade with the seller as maker, the buyer as taker and NIL as the taker's side. */
  template <class Sink>
  Uncross uncross(int32_t referenceTicks, Sink& sink) {
    const Uncross result = indicative(referenceTicks);
    if (result.volumeLots > 0) {
      for (AuctionSide& side : sides) side.fill(result.volumeLots);
      tellPairs(sides[BUY].fills, sides[SELL].fills, result.priceTicks, sink);
    }
    for (AuctionSide& side : sides) {
      side.atMarket.clear();
      side.fills.clear();
    }
    return result;
  }

  template <class AnyBook>
  void takeFrom(AnyBook& book) {
    const int32_t low = lowTicks, high = highTicks;
    band(0, MAX_PRICE_TICKS);
    for (const OrderRequest& order : book.resting()) {
      book.cancel(order.id);
      mustRest(submit(order), order);
    }
    band(low, high);
  }

  template <class AnyBook>
  void moveTo(AnyBook& book, int32_t priceTicks) {
    book.band(0, MAX_PRICE_TICKS);
    for (const AuctionSide& side : sides) {
      for (const OrderRequest& order : side.book.resting()) mustRest(book.submit(order), order);
    }
    book.band(lowTicks, highTicks);
    if (priceTicks != NIL) book.noteTrade(priceTicks);
    for (const OrderRequest& stop : stops) book.submit(stop);
    const double tNs = nowNs;
    reset();
    advance(tNs);
  }

  void reset() {
    for (AuctionSide& side : sides) {
      side.book.reset();
      side.atMarket.clear();
    }
    stops.clear();
    nowNs = 0;
  }

 private:
  AuctionSide sides[2];
  std::vector<OrderRequest> stops;
  bool halted = false;
  double nowNs = 0;
  int32_t lowTicks = 0, highTicks = MAX_PRICE_TICKS;
  /** The best step so far, and of the steps as good as it: first price, last price, last with a surplus. */
  int64_t volumeLots = 0, leastSurplus = 0, firstSurplus = 0, lastSurplus = 0;
  int32_t firstTicks = NIL, lastTicks = NIL, lastBoughtTicks = NIL;

  std::vector<OrderRequest>::iterator stopOf(int32_t id) {
    return std::find_if(stops.begin(), stops.end(), [&](const OrderRequest& stop) { return stop.id == id; });
  }

  int32_t checkId(int32_t id) {
    if (id < 0 || id >= AuctionSide::TAKER_ID) return REJECT_ID;
    for (const AuctionSide& side : sides) {
      if (side.book.sideOf(id) != NIL || side.atMarket.indexOf(id) >= 0) return REJECT_DUPLICATE_ID;
    }
    return stopOf(id) == stops.end() ? 0 : REJECT_DUPLICATE_ID;
  }

  /** Looks at each limit price and each gap between two of them, ascending; look() comes before. */
  void findBest() {
    const AuctionSide &buy = sides[BUY], &sell = sides[SELL];
    const int64_t NONE = INT64_MAX;
    volumeLots = 0;
    firstTicks = NIL;
    int64_t wanted = buy.atMarket.totalLots + buy.limitLots(), offered = sell.atMarket.totalLots;
    int32_t b = buy.levels - 1, s = 0;
    while (b >= 0 || s < sell.levels) {
      const int64_t bid = b >= 0 ? buy.pricesTicks[b] : NONE;
      const int64_t ask = s < sell.levels ? sell.pricesTicks[s] : NONE;
      const int64_t price = std::min(bid, ask);
      if (ask == price) offered += sell.qtysLots[s++];
      consider(price, price, wanted, offered);
      if (bid == price) wanted -= buy.qtysLots[b--];
      const int64_t next = std::min(b >= 0 ? int64_t{buy.pricesTicks[b]} : NONE,
                                    s < sell.levels ? int64_t{sell.pricesTicks[s]} : NONE);
      if (next != NONE) consider(price + 1, next - 1, wanted, offered);
    }
  }

  /** Prices from..to at which the same lots are wanted and offered; only those within the band count. */
  void consider(int64_t from, int64_t to, int64_t wanted, int64_t offered) {
    const int64_t low = std::max<int64_t>(from, lowTicks), high = std::min<int64_t>(to, highTicks);
    const int64_t volume = std::min(wanted, offered);
    if (low > high || volume == 0) return;
    const int64_t surplus = wanted - offered, size = std::abs(surplus);
    const bool isFirst = firstTicks == NIL || volume > volumeLots;
    if (!isFirst && (volume < volumeLots || size > leastSurplus)) return;
    if (isFirst || size < leastSurplus) {
      volumeLots = volume;
      leastSurplus = size;
      firstSurplus = surplus;
      firstTicks = static_cast<int32_t>(low);
    }
    lastSurplus = surplus;
    lastTicks = static_cast<int32_t>(high);
    if (surplus > 0) lastBoughtTicks = lastTicks;
  }

  /** Market orders alone trade at the reference. */
  Uncross withoutLimits(int32_t referenceTicks) const {
    const int64_t wanted = sides[BUY].atMarket.totalLots, offered = sides[SELL].atMarket.totalLots;
    const int64_t volume = std::min(wanted, offered);
    if (referenceTicks < lowTicks || referenceTicks > highTicks || volume == 0) return {};
    return {referenceTicks, volume, wanted - offered};
  }

  /** Pairs the fills of both sides, which sum to the same lots. */
  template <class Sink>
  static void tellPairs(OrderList& buys, OrderList& sells, int32_t priceTicks, Sink& sink) {
    for (size_t b = 0, s = 0; b < buys.ids.size();) {
      const int32_t lots = std::min(buys.lots[b], sells.lots[s]);
      sink.onTrade(sells.ids[s], buys.ids[b], priceTicks, lots, NIL);
      buys.lots[b] -= lots;
      sells.lots[s] -= lots;
      if (buys.lots[b] == 0) b++;
      if (sells.lots[s] == 0) s++;
    }
  }

  static void mustRest(int32_t code, const OrderRequest& order) {
    if (code == 0) return;
    std::fprintf(stderr, "order %d was lost by a call auction: %d\n", order.id, code);
    std::abort();
  }
};

}  // namespace mms
