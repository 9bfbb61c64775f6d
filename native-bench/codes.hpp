// Numbers that the order book speaks, and what its calls take. Twin of src/core/book/{codes,types}.ts,
// where each is explained.
#pragma once
#include <cstdint>
#include <limits>

namespace mms {

enum : int32_t { BUY = 0, SELL = 1, NIL = -1 };
enum : int32_t { TIF_GTC = 0, TIF_IOC = 1, TIF_FOK = 2, TIF_POST_ONLY = 3, TIF_SLIDE = 4 };
enum : int32_t { ORDER_LIMIT = 0, ORDER_MARKET = 1, ORDER_MARKET_TO_LIMIT = 2 };
enum : int32_t {
  SELF_TRADE_ALLOWED = 0,
  SELF_TRADE_CANCEL_NEWEST = 1,
  SELF_TRADE_CANCEL_OLDEST = 2,
  SELF_TRADE_CANCEL_BOTH = 3,
  SELF_TRADE_DECREMENT = 4,
};
enum : int32_t { ALLOCATE_PRICE_TIME = 0, ALLOCATE_PRO_RATA = 1, ALLOCATE_TOP_PRO_RATA = 2 };
constexpr int32_t MAX_PRICE_TICKS = 0x3fffffff;
constexpr int32_t MAX_LEVEL_LOTS = 0x7fffffff;
constexpr int64_t MAX_PEAKS = 1000;
enum : int32_t {
  REJECT_QTY = -1,
  REJECT_PRICE = -2,
  REJECT_ID = -3,
  REJECT_DUPLICATE_ID = -4,
  REJECT_UNKNOWN_ID = -5,
  REJECT_WOULD_TRADE = -6,
  REJECT_WOULD_NOT_FILL = -7,
  REJECT_FULL = -8,
  REJECT_NO_LIQUIDITY = -9,
  REJECT_DISPLAY = -10,
  REJECT_OWNER = -11,
  REJECT_EXPIRED = -12,
  REJECT_PARTNER = -13,
  REJECT_TRIGGER = -14,
  REJECT_HALTED = -15,
  REJECT_BAND = -16,
  REJECT_TYPE = -17,
};
constexpr double NEVER_NS = std::numeric_limits<double>::infinity();

/** Sizes of a book and where growth ends. */
struct BookOptions {
  int32_t ticks, orders, ids;
  int32_t maxOrders = 1 << 24, maxIds = 1 << 26;
};

/** An order with everything that can be said of one. */
struct OrderRequest {
  int32_t id, side, type = ORDER_LIMIT, priceTicks = NIL, qtyLots = 0, tif = TIF_GTC, displayLots = NIL,
                    ownerId = NIL;
  int32_t selfTrade = SELF_TRADE_ALLOWED, triggerTicks = NIL, partnerId = NIL;
  double expiryNs = NEVER_NS;
};

/** One step of the hashes over states and events. */
inline uint32_t mix(uint32_t h, int32_t value) {
  const uint32_t product = (h ^ static_cast<uint32_t>(value)) * 16777619u;
  return product ^ (product >> 15);
}

}  // namespace mms
