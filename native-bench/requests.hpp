// Orders of every type enter the book: checks, stop orders that wait, pairs, and how a special order rests.
// Twin of src/core/book/requests.ts.
#pragma once
#include "book.hpp"

namespace mms {

inline bool isPlain(const OrderRequest& order) {
  if (order.type != ORDER_LIMIT || order.triggerTicks != NIL || order.displayLots != NIL) return false;
  return order.ownerId == NIL && order.expiryNs == NEVER_NS && order.partnerId == NIL;
}

inline bool typeAllows(int32_t type, int32_t tif) {
  if (type == ORDER_LIMIT) return tif >= TIF_GTC && tif <= TIF_SLIDE;
  if (type == ORDER_MARKET) return tif >= TIF_GTC && tif <= TIF_FOK;
  return type == ORDER_MARKET_TO_LIMIT && tif == TIF_GTC;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::submit(const OrderRequest& order) {
  const int32_t code = check(order);
  if (code != 0) return refuse(order.id, code);
  if (isPlain(order)) return limit(order.id, order.side, order.priceTicks, order.qtyLots, order.tif);
  const int32_t extra = fillExtra(order);
  if (order.triggerTicks != NIL && !isTriggered(order.side, order.triggerTicks)) {
    if (stopsWaiting >= maxOrders) return refuseExtra(extra, REJECT_FULL);
    wait(extra);
    return 0;
  }
  const int32_t traded = enterExtra(extra);
  if (stopsWaiting != 0) triggerStops();
  return traded;
}

/** 0, or why a request is refused whatever the other side holds. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::check(const OrderRequest& order) {
  const int32_t priceTicks = order.priceTicks, triggerTicks = order.triggerTicks;
  if (order.qtyLots < 1) return REJECT_QTY;
  if (halted) return REJECT_HALTED;
  if (order.type == ORDER_LIMIT) {
    if (!isPrice(priceTicks)) return REJECT_PRICE;
    if (!isInBand(priceTicks)) return REJECT_BAND;
  }
  if (order.id < 0 || order.id >= maxIds) return REJECT_ID;
  if (nodeAt(order.id) != 0) return REJECT_DUPLICATE_ID;
  if ((order.side != BUY && order.side != SELL) || !typeAllows(order.type, order.tif)) return REJECT_TYPE;
  if (order.displayLots < NIL || order.displayLots > order.qtyLots) return REJECT_DISPLAY;
  if (order.displayLots > 0 && order.qtyLots > order.displayLots * MAX_PEAKS) return REJECT_DISPLAY;
  if (order.ownerId < NIL || order.selfTrade < 0 || order.selfTrade > SELF_TRADE_DECREMENT)
    return REJECT_OWNER;
  if (order.selfTrade != SELF_TRADE_ALLOWED && order.ownerId == NIL) return REJECT_OWNER;
  if (!(order.expiryNs > nowNs)) return REJECT_EXPIRED;
  if (triggerTicks < NIL || triggerTicks > MAX_PRICE_TICKS) return REJECT_TRIGGER;
  if (order.partnerId == NIL) return 0;
  if (nodeAt(order.partnerId) == 0) return REJECT_PARTNER;
  const int32_t partner = extraOf(order.partnerId);
  return partner != 0 && extras[partner + X_PARTNER] != NIL ? REJECT_PARTNER : 0;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::fillExtra(const OrderRequest& order) {
  const int32_t extra = newExtra();
  int32_t* const x = &extras[extra];
  const bool hidden = order.displayLots == 0;
  x[X_ID] = order.id;
  x[X_NODE] = 0;
  x[X_OWNER] = order.ownerId;
  x[X_PARTNER] = order.partnerId;
  x[X_RESERVE] = 0;
  x[X_PEAK] = hidden || order.displayLots == NIL ? 0 : order.displayLots;
  x[X_HIDDEN] = hidden ? 1 : 0;
  x[X_SIDE] = order.side;
  x[X_TRIGGER] = order.triggerTicks;
  x[X_PRICE] = order.type == ORDER_LIMIT ? order.priceTicks : NIL;
  x[X_LOTS] = order.qtyLots;
  x[X_TYPE] = order.type;
  x[X_TIF] = order.tif;
  x[X_SELF_TRADE] = order.selfTrade;
  x[X_DISPLAY] = order.displayLots;
  x[X_SERIAL] = serial = static_cast<int32_t>(static_cast<uint32_t>(serial) + 1);
  expiries[extra / EXTRA_WORDS] = order.expiryNs;
  return extra;
}

/** The order of a record trades, rests or is refused. Returns lots traded or a reject code. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::enterExtra(int32_t extra) {
  const int32_t id = extras[extra + X_ID];
  const int32_t side = extras[extra + X_SIDE];
  const int32_t type = extras[extra + X_TYPE];
  const int32_t lots = extras[extra + X_LOTS];
  int32_t tif = extras[extra + X_TIF];
  int32_t priceTicks = marketTicks(side);
  if (type == ORDER_LIMIT) {
    if (!isInBand(extras[extra + X_PRICE])) return refuseExtra(extra, REJECT_BAND);
    priceTicks = extras[extra + X_PRICE];
  } else if (type == ORDER_MARKET_TO_LIMIT) {
    priceTicks = side == BUY ? askTicks : bidTicks;
    if (!isPrice(priceTicks)) return refuseExtra(extra, REJECT_NO_LIQUIDITY);
    if (!isInBand(priceTicks)) return refuseExtra(extra, REJECT_BAND);
    tif = TIF_GTC;
  } else if (tif != TIF_FOK) {
    tif = TIF_IOC;
  }
  takerOwner = extras[extra + X_OWNER];
  takerSelfTrade = extras[extra + X_SELF_TRADE];
  const int32_t result = enterAt(extra, id, side, priceTicks, lots, tif);
  takerSelfTrade = SELF_TRADE_ALLOWED;
  return result;
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::enterAt(int32_t extra, int32_t id, int32_t side, int32_t priceTicks,
                                       int32_t lots, int32_t tif) {
  if (side == BUY ? priceTicks < askTicks : priceTicks > bidTicks) {
    if (tif == TIF_FOK) return refuseExtra(extra, REJECT_WOULD_NOT_FILL);
    if (tif != TIF_IOC) return restExtra(extra, priceTicks, lots);
    return done(extra, 0, lots);
  }
  if (tif >= TIF_POST_ONLY || tif == TIF_FOK) {
    const int32_t code = crossing(side, priceTicks, lots, tif);
    if (code < 0) return refuseExtra(extra, code);
    if (code > 0) return restExtra(extra, code - 1, lots);
  }
  droppedLots = 0;
  if (takerSelfTrade != SELF_TRADE_ALLOWED) careful |= CAREFUL_TAKER;
  const int32_t left = take(id, side, priceTicks, lots);
  careful &= ~CAREFUL_TAKER;
  const int32_t traded = lots - left - droppedLots;
  if (left == 0 || tif != TIF_GTC) return done(extra, traded, left + droppedLots);
  if (traded > 0) cancelPartner(extra);
  restExtra(extra, priceTicks, left);
  return traded;
}

/** An order ends without resting. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::done(int32_t extra, int32_t traded, int32_t dropped) {
  record(EVENT_DONE | extras[extra + X_SIDE] << SIDE_SHIFT, extras[extra], NIL, traded, dropped);
  cancelPartner(extra);
  freeExtra(extra);
  return traded;
}

/** An incoming order has traded or is over: its partner goes, if it is still there. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::cancelPartner(int32_t extra) {
  const int32_t partner = extras[extra + X_PARTNER];
  extras[extra + X_PARTNER] = NIL;
  if (partner == NIL) return;
  const int32_t other = extraOf(partner);
  if (other != 0) extras[other + X_PARTNER] = NIL;
  end(partner, CAUSE_PARTNER);
}

template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::refuseExtra(int32_t extra, int32_t code) {
  const int32_t id = extras[extra];
  freeExtra(extra);
  return refuse(id, code);
}

/** Tells the partner of an accepted order about it, unless self-trade prevention has just removed it. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::link(int32_t extra) {
  const int32_t partner = extras[extra + X_PARTNER];
  const int32_t node = nodeAt(partner);
  if (node == 0) {
    extras[extra + X_PARTNER] = NIL;
    return;
  }
  int32_t other = extraOf(partner);
  if (other == 0) other = makeSpecial(node);
  extras[other + X_PARTNER] = extras[extra];
}

/** Gives a plain resting order a record. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::makeSpecial(int32_t node) {
  const int32_t sentinel = nodes[node + LEVEL];
  OrderRequest order{nodes[node + ID], nodes[sentinel + PRICE] <= bidTicks ? BUY : SELL};
  order.priceTicks = nodes[sentinel + PRICE];
  order.qtyLots = nodes[node + QTY];
  const int32_t extra = fillExtra(order);
  extras[extra + X_NODE] = node;
  nodes[node + EXTRA] = extra;
  nodes[sentinel + SPECIAL]++;
  return extra;
}

/** Puts an order to rest or refuses it; the latter cannot happen after a trade. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::restExtra(int32_t extra, int32_t priceTicks, int32_t lots) {
  if (int64_t{heldAt(priceTicks)} + lots > MAX_LEVEL_LOTS) return refuseExtra(extra, REJECT_QTY);
  if (!hasFree()) return refuseExtra(extra, REJECT_FULL);
  link(extra);
  const int32_t sentinel = openLevel(extras[extra + X_SIDE], priceTicks);
  const int32_t id = extras[extra];
  const int32_t peak = extras[extra + X_PEAK];
  const int32_t shown = peak > 0 ? std::min(peak, lots) : lots;
  if (id >= idCount()) makeRoomForId(id);
  const int32_t node = settle(id, sentinel, shown, extras[extra + X_HIDDEN] != 0);
  nodes[node + EXTRA] = extra;
  nodes[sentinel + UNSEEN] += lots - shown;
  nodes[sentinel + SPECIAL]++;
  extras[extra + X_NODE] = node;
  extras[extra + X_RESERVE] = lots - shown;
  nextExpiryNs = std::min(nextExpiryNs, expiries[extra / EXTRA_WORDS]);
  recordRest(node);
  return 0;
}

template <class Sink, bool Recording>
bool Book<Sink, Recording>::isTriggered(int32_t side, int32_t triggerTicks) const {
  if (lastTicks == NIL) return false;
  return side == BUY ? lastTicks >= triggerTicks : lastTicks <= triggerTicks;
}

/** A stop order begins to wait. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::wait(int32_t extra) {
  link(extra);
  holdStop(extra);
  const int32_t* const x = &extras[extra];
  record(EVENT_STOP | x[X_SIDE] << SIDE_SHIFT, x[X_ID], x[X_TRIGGER], x[X_LOTS], x[X_PRICE]);
}

/** Puts the record of a stop order among those that wait. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::holdStop(int32_t extra) {
  const int32_t id = extras[extra];
  const int32_t trigger = extras[extra + X_TRIGGER];
  if (id >= idCount()) makeRoomForId(id);
  nodeOf[id] = -extra;
  stopsWaiting++;
  if (extras[extra + X_SIDE] == BUY) buyTrigger = std::min(buyTrigger, trigger);
  else sellTrigger = std::max(sellTrigger, trigger);
  nextExpiryNs = std::min(nextExpiryNs, expiries[extra / EXTRA_WORDS]);
}

template <class Sink, bool Recording>
void Book<Sink, Recording>::endStop(int32_t extra, int32_t cause) {
  const int32_t* const x = &extras[extra];
  nodeOf[x[X_ID]] = 0;
  stopsWaiting--;
  const int32_t what = EVENT_STOP_END | x[X_SIDE] << SIDE_SHIFT | cause << CAUSE_SHIFT;
  record(what, x[X_ID], x[X_TRIGGER], x[X_LOTS], x[X_PRICE]);
  partnerLeaves(extra);
  if (cause != CAUSE_TRIGGER) freeExtra(extra);
}

/** Stop orders that the last trade meets enter one by one; each may trade and so meet others. */
template <class Sink, bool Recording>
void Book<Sink, Recording>::triggerStops() {
  while (lastTicks != NIL && (lastTicks >= buyTrigger || lastTicks <= sellTrigger)) {
    const int32_t extra = firstTriggered();
    if (extra == 0) return;
    endStop(extra, CAUSE_TRIGGER);
    cancelLeaving();
    enterExtra(extra);
  }
}

/** The stop order to trigger next, 0 for none; brings the nearest triggers up to date. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::firstTriggered() {
  int32_t buy = 0, sell = 0;
  for (int32_t extra = EXTRA_WORDS; extra < extraFresh; extra += EXTRA_WORDS) {
    if (extras[extra] == NIL || extras[extra + X_NODE] != 0) continue;
    if (extras[extra + X_SIDE] == BUY) {
      if (buy == 0 || isBefore(extra, buy, 1)) buy = extra;
    } else if (sell == 0 || isBefore(extra, sell, -1)) {
      sell = extra;
    }
  }
  buyTrigger = buy == 0 ? NEVER : extras[buy + X_TRIGGER];
  sellTrigger = sell == 0 ? NIL : extras[sell + X_TRIGGER];
  if (buy != 0 && lastTicks >= buyTrigger) return buy;
  return sell != 0 && lastTicks <= sellTrigger ? sell : 0;
}

/** Records of the stop orders that wait, oldest first. */
template <class Sink, bool Recording>
std::vector<int32_t> Book<Sink, Recording>::waitingStops() const {
  std::vector<int32_t> waiting;
  for (int32_t extra = EXTRA_WORDS; extra < extraFresh; extra += EXTRA_WORDS) {
    if (extras[extra] != NIL && extras[extra + X_NODE] == 0) waiting.push_back(extra);
  }
  std::sort(waiting.begin(), waiting.end(),
            [&](int32_t a, int32_t b) { return extras[a + X_SERIAL] < extras[b + X_SERIAL]; });
  return waiting;
}

/** Whether a stop order is triggered before another one of its side. */
template <class Sink, bool Recording>
bool Book<Sink, Recording>::isBefore(int32_t extra, int32_t other, int32_t sign) const {
  const int32_t nearer = sign * (extras[other + X_TRIGGER] - extras[extra + X_TRIGGER]);
  return nearer > 0 || (nearer == 0 && extras[extra + X_SERIAL] < extras[other + X_SERIAL]);
}

/** A special order gets a new price and size; the checks of replace have been passed. */
template <class Sink, bool Recording>
int32_t Book<Sink, Recording>::replaceSpecial(int32_t node, int32_t priceTicks, int32_t qtyLots) {
  const int32_t extra = nodes[node + EXTRA];
  const int32_t sentinel = nodes[node + LEVEL];
  const int32_t reserve = extras[extra + X_RESERVE];
  const int32_t less = nodes[node + QTY] + reserve - qtyLots;
  if (priceTicks == nodes[sentinel + PRICE] && less >= 0) {
    const int32_t unseen = std::min(less, reserve);
    extras[extra + X_RESERVE] -= unseen;
    nodes[sentinel + UNSEEN] -= unseen;
    nodes[node + QTY] -= less - unseen;
    nodes[sentinel + (isHidden(node) ? UNSEEN : QTY)] -= less - unseen;
    recordReduce(node);
    return 0;
  }
  const std::vector<int32_t> copy(&extras[extra], &extras[extra] + EXTRA_WORDS);
  const double expiryNs = expiries[extra / EXTRA_WORDS];
  extras[extra + X_PARTNER] = NIL;
  leave(node, CAUSE_REPLACE);
  const int32_t again = newExtra();
  int32_t* const x = &extras[again];
  std::copy(copy.begin(), copy.end(), x);
  x[X_NODE] = 0;
  x[X_TYPE] = ORDER_LIMIT;
  x[X_PRICE] = priceTicks;
  x[X_LOTS] = qtyLots;
  x[X_TIF] = TIF_GTC;
  expiries[again / EXTRA_WORDS] = expiryNs;
  return enterExtra(again);
}

template <class Sink, bool Recording>
std::vector<OrderRequest> Book<Sink, Recording>::resting() const {
  std::vector<OrderRequest> orders;
  for (const int32_t side : {BUY, SELL}) {
    int32_t priceTicks = side == BUY ? bidTicks : askTicks;
    for (; isPrice(priceTicks); priceTicks = nextTicks(side, priceTicks)) {
      const int32_t sentinel = levelAt(priceTicks);
      for (int32_t node = nodes[sentinel]; node != sentinel; node = nodes[node]) orders.push_back(requestOf(node));
    }
  }
  return orders;
}

template <class Sink, bool Recording>
OrderRequest Book<Sink, Recording>::requestOf(int32_t node) const {
  const int32_t id = nodes[node + ID], extra = nodes[node + EXTRA];
  OrderRequest order{id, sideOf(id)};
  order.priceTicks = nodes[nodes[node + LEVEL] + PRICE];
  order.qtyLots = nodes[node + QTY];
  if (extra == 0) return order;
  order.qtyLots += extras[extra + X_RESERVE];
  const int32_t peak = extras[extra + X_PEAK];
  order.displayLots = extras[extra + X_HIDDEN] != 0 ? 0 : peak == 0 ? NIL : std::min(peak, order.qtyLots);
  order.ownerId = extras[extra + X_OWNER];
  order.expiryNs = expiries[extra / EXTRA_WORDS];
  return order;
}

}  // namespace mms
