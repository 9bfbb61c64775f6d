// The order flow of Cont, Stoikov & Talreja on a book. Twins of src/core/flow/{alias-table,order-size,live-orders,
// poisson-flow}.ts: the rules stand there.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "book.hpp"
#include "sim_random.hpp"

namespace mms {

class AliasTable {
 public:
  explicit AliasTable(const std::vector<double>& weights)
      : cut(weights.size(), 1), held(2 * weights.size(), 0) {
    const size_t n = weights.size();
    for (size_t i = 0; i < n; i++) held[2 * i] = static_cast<int32_t>(i);
    double total = 0;
    for (const double weight : weights) total += weight;
    std::vector<double> share(n);
    std::vector<int32_t> small, large;
    for (size_t i = 0; i < n; i++) {
      share[i] = total > 0 ? weights[i] / total * static_cast<double>(n) : 1;
      (share[i] < 1 ? small : large).push_back(static_cast<int32_t>(i));
    }
    while (!small.empty() && !large.empty()) {
      const int32_t poor = small.back(), rich = large.back();
      small.pop_back();
      cut[poor] = share[poor];
      held[2 * poor + 1] = rich;
      share[rich] -= 1 - share[poor];
      if (share[rich] < 1) {
        large.pop_back();
        small.push_back(rich);
      }
    }
  }

  int32_t pick(double uniform) const {
    const int32_t n = static_cast<int32_t>(cut.size());
    const double x = uniform * n;
    const int32_t i = std::min(static_cast<int32_t>(x), n - 1);
    return held[2 * i + (x - i >= cut[i])];
  }

 private:
  std::vector<double> cut;
  std::vector<int32_t> held;
};

/** Geometric sizes; the constant ones draw nothing and are not part of any case. */
class OrderSize {
 public:
  explicit OrderSize(double meanLots) : scale(-1 / log1p(-1 / meanLots)) {}

  int32_t draw(Draws& draws) const { return 1 + static_cast<int32_t>(draws.exponential() * scale); }

 private:
  const double scale;
};

class LiveOrders {
 public:
  int32_t count = 0;

  LiveOrders() : order(1024), place(1024), orders(1024) { clear(); }

  int32_t nextSlot() {
    if (count == static_cast<int32_t>(order.size())) grow();
    return order[count];
  }

  void add(int32_t side, int32_t priceTicks, int32_t qtyLots) {
    orders[nextSlot()] = {priceTicks, qtyLots, side};
    count++;
  }

  int32_t at(int32_t k) const { return order[k]; }
  int32_t sideOf(int32_t slot) const { return orders[slot].side; }
  int32_t priceOf(int32_t slot) const { return orders[slot].priceTicks; }

  void fill(int32_t slot, int32_t qtyLots) {
    orders[slot].qtyLots -= qtyLots;
    if (orders[slot].qtyLots == 0) remove(slot);
  }

  void remove(int32_t slot) {
    const int32_t k = place[slot];
    const int32_t last = --count;
    const int32_t moved = order[last];
    order[k] = moved;
    place[moved] = k;
    order[last] = slot;
    place[slot] = last;
  }

  void clear() {
    count = 0;
    std::iota(order.begin(), order.end(), 0);
    std::iota(place.begin(), place.end(), 0);
  }

 private:
  struct Order {
    int32_t priceTicks, qtyLots, side;
  };
  std::vector<int32_t> order, place;
  std::vector<Order> orders;

  void grow() {
    const size_t old = order.size();
    for (std::vector<int32_t>* list : {&order, &place}) {
      list->resize(2 * old);
      std::iota(list->begin() + static_cast<int64_t>(old), list->end(), static_cast<int32_t>(old));
    }
    orders.resize(2 * old);
  }
};

struct FlowRates {
  std::vector<double> limitPerS, cancelPerS;
  double marketPerS, meanLots;
};

template <class AnyBook>
class PoissonFlow {
 public:
  PoissonFlow(const FlowRates& rates, Draws& draws, int32_t firstId)
      : draws(draws),
        firstId(firstId),
        size(rates.meanLots),
        limitRates(rates.limitPerS),
        distances(limitRates),
        cancelRates(rates.cancelPerS),
        limitTotal(std::accumulate(limitRates.begin(), limitRates.end(), 0.0)),
        limitEnd(2 * limitTotal),
        market(rates.marketPerS),
        marketEnd(limitEnd + 2 * market),
        cancelMax(*std::max_element(cancelRates.begin(), cancelRates.end())) {}

  double nextNs() const { return next; }

  void seed(AnyBook& book, int32_t midTicks) {
    live.clear();
    facingTicks[SELL] = midTicks;
    facingTicks[BUY] = midTicks + 1;
    for (int32_t i = 1; i <= static_cast<int32_t>(limitRates.size()); i++) {
      const double wanted = std::floor(limitRates[i - 1] / cancelRates[i - 1] + 0.5);
      for (int32_t n = static_cast<int32_t>(std::min(wanted, 2000.0)); n > 0; n--) {
        rest(book, BUY, midTicks + 1 - i);
        rest(book, SELL, midTicks + i);
      }
    }
    restartClock();
  }

  void restartClock() {
    next = 0;
    wait();
  }

  void step(AnyBook& book, int32_t bidTicks, int32_t askTicks) {
    if (askTicks != NIL) facingTicks[BUY] = askTicks;
    if (bidTicks != NIL) facingTicks[SELL] = bidTicks;
    double u = draws.uniform() * totalRate();
    if (u < limitEnd) {
      const int32_t side = u >= limitTotal;
      const int32_t sign = 1 - 2 * side;
      u -= side * limitTotal;
      const int32_t distance = 1 + distances.pick(u / limitTotal);
      const int32_t facing = sign * facingTicks[side], own = sign * facingTicks[1 - side];
      const int32_t from = std::min(facing, own + static_cast<int32_t>(limitRates.size()));
      rest(book, side, sign * (from - distance));
    } else if (u < marketEnd) {
      const int32_t side = u < limitEnd + market ? BUY : SELL;
      const int32_t id = firstId + live.nextSlot();
      book.market(id, side, size.draw(draws));
    } else if (live.count > 0) {
      u -= marketEnd;
      const int32_t k = std::min(static_cast<int32_t>(u / cancelMax), live.count - 1);
      const int32_t slot = live.at(k);
      if (u - k * cancelMax < cancelRates[cancelIndex(slot)]) {
        book.cancel(firstId + slot);
        live.remove(slot);
      }
    }
    wait();
  }

  void fill(int32_t id, int32_t qtyLots) { live.fill(id - firstId, qtyLots); }

 private:
  LiveOrders live;
  double next = 0;
  Draws& draws;
  const int32_t firstId;
  const OrderSize size;
  const std::vector<double> limitRates;
  const AliasTable distances;
  const std::vector<double> cancelRates;
  const double limitTotal, limitEnd, market, marketEnd, cancelMax;
  int32_t facingTicks[2] = {0, 0};

  double totalRate() const { return marketEnd + cancelMax * live.count; }

  void wait() { next += std::ceil(draws.exponential() * 1e9 / totalRate()); }

  void rest(AnyBook& book, int32_t side, int32_t priceTicks) {
    const int32_t qtyLots = size.draw(draws);
    const int32_t traded = book.limit(firstId + live.nextSlot(), side, priceTicks, qtyLots, TIF_GTC);
    if (traded >= 0 && traded < qtyLots) live.add(side, priceTicks, qtyLots - traded);
  }

  int32_t cancelIndex(int32_t slot) const {
    const int32_t side = live.sideOf(slot);
    const int32_t distance = (1 - 2 * side) * (facingTicks[side] - live.priceOf(slot));
    return std::max(0, std::min(distance, static_cast<int32_t>(cancelRates.size())) - 1);
  }
};

}  // namespace mms
