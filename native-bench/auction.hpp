// A call auction: orders gather without trading, then all that can trade does so at one price. Twin of
// src/core/book/auction.ts, where the rules and their sources stand.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "codes.hpp"

namespace mms {

/** What an auction gives, or would give now. */
struct Uncross {
  int32_t priceTicks = NIL;
  int64_t volumeLots = 0, surplusLots = 0;
};

class CallAuction {
 public:
  int32_t ordersLive() const { return static_cast<int32_t>(orders.size()); }

  int32_t add(int32_t id, int32_t side, int32_t priceTicks, int32_t qtyLots) {
    if (qtyLots < 1) return REJECT_QTY;
    if (priceTicks < NIL || priceTicks > MAX_PRICE_TICKS) return REJECT_PRICE;
    if (id < 0) return REJECT_ID;
    if (find(id) != orders.end()) return REJECT_DUPLICATE_ID;
    orders.push_back({id, side, priceTicks, qtyLots});
    return 0;
  }

  int32_t cancel(int32_t id) {
    const auto order = find(id);
    if (order == orders.end()) return REJECT_UNKNOWN_ID;
    const int32_t lots = order->lots;
    orders.erase(order);
    return lots;
  }

  Uncross indicative(int32_t referenceTicks) const {
    const std::vector<Step> best = bestSteps();
    if (best.empty()) return withoutLimits(referenceTicks);
    const Step &first = best.front(), &last = best.back();
    if (last.surplusLots > 0) return {last.high, first.volumeLots, last.surplusLots};
    if (first.surplusLots < 0) return {first.low, first.volumeLots, first.surplusLots};
    int32_t low = first.low, high = last.high;
    if (first.surplusLots != 0) {
      for (const Step& step : best) {
        if (step.surplusLots > 0) low = step.high;
      }
      high = low + 1;
    }
    const int32_t priceTicks = std::max(low, std::min(high, referenceTicks));
    for (const Step& step : best) {
      if (step.low <= priceTicks && priceTicks <= step.high) {
        return {priceTicks, first.volumeLots, step.surplusLots};
      }
    }
    return {};
  }

  /** The sink hears each trade with the seller as maker, the buyer as taker and NIL as the taker's side. */
  template <class Sink>
  Uncross uncross(int32_t referenceTicks, Sink& sink) {
    const Uncross result = indicative(referenceTicks);
    const std::vector<Order*> buys = queue(BUY), sells = queue(SELL);
    int64_t left = result.volumeLots;
    for (size_t b = 0, s = 0; left > 0;) {
      const int32_t lots =
          static_cast<int32_t>(std::min<int64_t>(left, std::min(buys[b]->lots, sells[s]->lots)));
      buys[b]->lots -= lots;
      sells[s]->lots -= lots;
      left -= lots;
      sink.onTrade(sells[s]->id, buys[b]->id, result.priceTicks, lots, NIL);
      if (buys[b]->lots == 0) b++;
      if (sells[s]->lots == 0) s++;
    }
    const auto isOver = [](const Order& order) { return order.lots == 0 || order.priceTicks == NIL; };
    orders.erase(std::remove_if(orders.begin(), orders.end(), isOver), orders.end());
    return result;
  }

  /** Gives the orders that are left to a book, oldest first. */
  template <class AnyBook>
  void moveTo(AnyBook& book) {
    for (const Order& o : orders) book.limit(o.id, o.side, o.priceTicks, o.lots, TIF_GTC);
    orders.clear();
  }

 private:
  struct Order {
    int32_t id, side, priceTicks, lots;
  };
  /** Prices low..high at which the same lots are wanted and offered. */
  struct Step {
    int32_t low, high;
    int64_t volumeLots, surplusLots;
  };

  /** In order of arrival. */
  std::vector<Order> orders;

  std::vector<Order>::iterator find(int32_t id) {
    return std::find_if(orders.begin(), orders.end(), [&](const Order& order) { return order.id == id; });
  }

  /** Orders of a side as they trade. */
  std::vector<Order*> queue(int32_t side) {
    std::vector<Order*> line;
    for (Order& order : orders) {
      if (order.side == side) line.push_back(&order);
    }
    const auto rank = [&](const Order* order) {
      if (order->priceTicks == NIL) return INT32_MIN;
      return side == BUY ? -order->priceTicks : order->priceTicks;
    };
    std::stable_sort(line.begin(), line.end(), [&](Order* a, Order* b) { return rank(a) < rank(b); });
    return line;
  }

  static Step stepOf(int32_t low, int32_t high, int64_t wanted, int64_t offered) {
    return {low, high, std::min(wanted, offered), wanted - offered};
  }

  /** > 0 when a step is better than another. */
  static int64_t compare(const Step& a, const Step& b) {
    if (a.volumeLots != b.volumeLots) return a.volumeLots - b.volumeLots;
    return std::abs(b.surplusLots) - std::abs(a.surplusLots);
  }

  std::vector<Step> bestSteps() const {
    std::vector<Step> best;
    for (const Step& step : steps()) {
      const int64_t better = best.empty() ? 1 : compare(step, best.front());
      if (better > 0) best.clear();
      if (better >= 0) best.push_back(step);
    }
    if (!best.empty() && best.front().volumeLots == 0) best.clear();
    return best;
  }

  /** Each limit price and each gap between two of them, ascending. */
  std::vector<Step> steps() const {
    struct Lots {
      int64_t wanted = 0, offered = 0;
    };
    std::map<int32_t, Lots> byPrice;
    int64_t wanted = 0, offered = 0;
    for (const Order& o : orders) {
      if (o.side == BUY) wanted += o.lots;
      else if (o.priceTicks == NIL) offered += o.lots;
      if (o.priceTicks == NIL) continue;
      Lots& here = byPrice[o.priceTicks];
      (o.side == BUY ? here.wanted : here.offered) += o.lots;
    }
    std::vector<Step> all;
    for (auto it = byPrice.begin(); it != byPrice.end(); ++it) {
      const int32_t price = it->first;
      offered += it->second.offered;
      all.push_back(stepOf(price, price, wanted, offered));
      wanted -= it->second.wanted;
      const auto after = std::next(it);
      if (after != byPrice.end() && after->first > price + 1) {
        all.push_back(stepOf(price + 1, after->first - 1, wanted, offered));
      }
    }
    return all;
  }

  /** Market orders alone trade at the reference. */
  Uncross withoutLimits(int32_t referenceTicks) const {
    int64_t wanted = 0, offered = 0;
    for (const Order& o : orders) {
      if (o.priceTicks != NIL) return {};
      (o.side == BUY ? wanted : offered) += o.lots;
    }
    if (referenceTicks == NIL || std::min(wanted, offered) == 0) return {};
    return {referenceTicks, std::min(wanted, offered), wanted - offered};
  }
};

}  // namespace mms
