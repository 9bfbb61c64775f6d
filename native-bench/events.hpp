// The event stream: layout of its records and their hash. Twin of src/core/book/events.ts, where the words
// are explained.
#pragma once
#include <cstdint>

#include "codes.hpp"

namespace mms {

enum : int32_t {
  EVENT_REST,
  EVENT_CANCEL,
  EVENT_REDUCE,
  EVENT_FILL,
  EVENT_DONE,
  EVENT_REJECT,
  EVENT_STOP,
  EVENT_STOP_END,
};
enum : int32_t {
  CAUSE_CANCEL,
  CAUSE_REPLACE,
  CAUSE_SELF_TRADE,
  CAUSE_PARTNER,
  CAUSE_EXPIRED,
  CAUSE_MASS,
  CAUSE_TRIGGER,
};
enum : int32_t { SIDE_SHIFT = 8, CAUSE_SHIFT = 16, EVENT_WORDS = 8, EVENTS_END = 4096 };
constexpr int32_t WORDS_USED[] = {5, 5, 5, 7, 5, 5, 5, 5};

/** Continues a hash over the used words of some records. */
inline uint32_t hashEvents(uint32_t hash, const int32_t* records, int32_t words) {
  for (int32_t at = 0; at < words; at += EVENT_WORDS) {
    for (int32_t i = 0; i < WORDS_USED[records[at] & 255]; i++) hash = mix(hash, records[at + i]);
  }
  return hash;
}

}  // namespace mms
