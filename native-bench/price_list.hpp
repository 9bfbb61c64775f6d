// Prices of one side in order, the worst first, each with a value. Twin of src/core/book/price-list.ts.
#pragma once
#include <cstdint>
#include <vector>

#include "codes.hpp"

namespace mms {

class PriceList {
 public:
  explicit PriceList(int32_t side) : sign(side == BUY ? 1 : -1) {}

  bool empty() const { return entries.empty(); }
  void clear() { entries.clear(); }

  /** Best price, NIL when there is none. */
  int32_t bestTicks() const { return entries.empty() ? NIL : entries.back().priceTicks; }

  /** Value of a price, NIL when it is not there. */
  int32_t valueOf(int32_t priceTicks) const {
    const size_t at = find(priceTicks);
    return isAt(at, priceTicks) ? entries[at].value : NIL;
  }

  /** Best price that is worse than this one, which need not be there; NIL when there is none. */
  int32_t worseThan(int32_t priceTicks) const {
    const size_t at = find(priceTicks);
    return at == 0 ? NIL : entries[at - 1].priceTicks;
  }

  void set(int32_t priceTicks, int32_t value) {
    const size_t at = find(priceTicks);
    if (isAt(at, priceTicks)) entries[at].value = value;
    else entries.insert(entries.begin() + static_cast<int32_t>(at), {priceTicks, value});
  }

  void remove(int32_t priceTicks) {
    const size_t at = find(priceTicks);
    if (isAt(at, priceTicks)) entries.erase(entries.begin() + static_cast<int32_t>(at));
  }

 private:
  struct Entry {
    int32_t priceTicks, value;
  };
  std::vector<Entry> entries;
  int32_t sign;

  /** Place of a price: of itself when it is there, else where it would stand. */
  size_t find(int32_t priceTicks) const {
    size_t low = 0, high = entries.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (sign * (entries[middle].priceTicks - priceTicks) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  bool isAt(size_t at, int32_t priceTicks) const {
    return at < entries.size() && entries[at].priceTicks == priceTicks;
  }
};

}  // namespace mms
