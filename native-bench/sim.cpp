// Twin of the bench cases of tests/bench/sim-cases.ts, `sim serve sim-fixed|sim-adaptive|sim-limited SIZE`, of the Hawkes
// process in tests/bench/flow-cases.ts and of the likelihood in fit-cases.ts, `sim serve hawkes-process|hawkes-likelihood
// SIZE`, and of the strategy passes of bar-cases.ts, `sim serve bars-dual-average|bars-macd|bars-rsi SIZE`: runs the whole
// for every line that comes in and answers nanoseconds of processor time per event or bar and the digest.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "bars.hpp"
#include "hawkes_univariate.hpp"
#include "hawkes_process.hpp"
#include "sim_loop.hpp"

using namespace mms;

namespace {

const FlowRates RATES = {
    {1.85, 1.51, 1.09, 0.88, 0.77, 0.76, 0.7, 0.65, 0.61, 0.58},
    {0.71, 0.81, 0.68, 0.56, 0.47, 0.47, 0.47, 0.47, 0.47, 0.47},
    0.94,
    10,
};
constexpr uint64_t SEED = 1;

/** Time that this process has had of a processor: other work on the machine does not count. */
double cpuNs() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e9 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec);
}

/** Hash of the bits of numbers as doubles, in order. Twin of hashOfDoubles in tests/bench/sim-cases.ts. */
uint32_t hashOf(const std::vector<double>& values) {
  uint32_t h = 2166136261u;
  for (const double value : values) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    h = mix(mix(h, static_cast<int32_t>(bits)), static_cast<int32_t>(bits >> 32));
  }
  return h;
}

template <class Quoter>
std::string digestOf(Simulation<Quoter>& simulation, uint32_t book, double endNs) {
  const Ledger& l = simulation.ledger;
  RunMetrics& m = simulation.metrics;
  const TraderLimits& limits = simulation.limits();
  const auto d = [](int64_t n) { return static_cast<double>(n); };
  std::vector<double> values = {
      d(l.makerLots), d(l.takerLots), d(l.makerNotionalTickLots), d(l.takerNotionalTickLots),
      d(l.spreadCaptureHalfTickLots), d(l.inventoryGainHalfTickLots), d(l.midHalfTicks),
      l.feesTickLots(), l.pnlTickLots(),
      d(m.ordersPlaced), d(m.placedLots), d(m.ordersRejected), d(m.ordersCancelled), m.maxDrawdownTickLots,
      d(m.increments), m.incrementSum, m.incrementSumSquares, m.incrementDownSquares, d(m.maxAbsInventoryLots),
      d(m.latencyHalfTickLots), d(m.shortfallHalfTickLots), m.waitLotNs,
      d(m.marketTrades), d(m.visibleLots), d(m.hiddenLots), d(m.notionalTickLots),
      m.meanAbsInventoryLots(endNs),
      d(simulation.takerOrders), d(simulation.takerLotsSent), limits.stoppedNs, d(limits.heldMessages),
  };
  for (const int64_t sum : m.markouts.halfTickLots) values.push_back(d(sum));
  for (const int64_t lots : m.markouts.lots) values.push_back(d(lots));
  for (size_t h = 0; h < m.markouts.lots.size(); h++) values.push_back(d(m.markouts.total(h, l.midHalfTicks)));
  values.insert(values.end(), m.kept.begin(), m.kept.end());
  char text[128];
  std::snprintf(text, sizeof text, "%08" PRIx32 "-%" PRId64 "-%" PRId32 "-%" PRId64 "-%" PRId64 "-%08" PRIx32, book,
                m.fills, l.inventoryLots, l.cashTickLots, simulation.events, hashOf(values));
  return text;
}

/** Twin of PreparedProcess in tests/bench/flow-cases.ts. */
int serveHawkes(int64_t size) {
  Draws draws;
  HawkesProcess process({3.34, 3.34, 0.46, 0.46, 3.2, 3.2},
                        {{0.3, 0.05, 0.1, 0.6, 0.2, 0.05},
                         {0.05, 0.3, 0.6, 0.1, 0.05, 0.2},
                         {0.01, 0, 0.3, 0.02, 0, 0.01},
                         {0, 0.01, 0.02, 0.3, 0.01, 0},
                         {0.25, 0.05, 0.05, 0.3, 0.2, 0.05},
                         {0.05, 0.25, 0.3, 0.05, 0.05, 0.2}},
                        10, draws);
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    const double start = cpuNs();
    constexpr uint32_t FLOW = 1;
    draws.key(SEED, 0, FLOW);
    process.clear();
    process.draw();
    double sum = 0;
    int32_t counts[6] = {};
    for (int64_t i = 0; i < size; i++) {
      sum += process.nextNs();
      counts[process.take()]++;
      process.draw();
    }
    const double ns = (cpuNs() - start) / static_cast<double>(size);
    const auto d = [&](int32_t type) { return static_cast<double>(counts[type]); };
    const uint32_t hash = hashOf({sum, process.nextNs(), d(0), d(1), d(2), d(3), d(4), d(5)});
    std::printf("%.4f %08" PRIx32 "\n", ns, hash);
    std::fflush(stdout);
  }
  return 0;
}

/** Twin of PreparedLikelihood in tests/bench/fit-cases.ts. */
int serveLikelihood(int64_t size) {
  std::vector<double> times;
  double state = 1, t = 0;
  for (int i = 0; i < 10'000; i++) {
    state = std::fmod(state * 48271, 2147483647);
    times.push_back(t += -mms::log(state / 2147483647));
  }
  const int64_t passes = std::max<int64_t>(1, size / 10'000);
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    const double start = cpuNs();
    double sum = 0, gradient[3] = {}, information[9] = {}, bends[2] = {};
    for (int64_t pass = 0; pass < passes; pass++) {
      const double parameters[3] = {0.5, 0.4 + 0.001 * static_cast<double>(pass % 100), 1.2};
      sum += univariateLikelihood(times, t, parameters, gradient, information, bends);
    }
    const double ns = (cpuNs() - start) / static_cast<double>(passes * 10'000);
    std::vector<double> all{sum};
    all.insert(all.end(), gradient, gradient + 3);
    all.insert(all.end(), information, information + 9);
    all.insert(all.end(), bends, bends + 2);
    const uint32_t hash = hashOf(all);
    std::printf("%.4f %08" PRIx32 "\n", ns, hash);
    std::fflush(stdout);
  }
  return 0;
}

/** Twin of walk() and prepareBars() in tests/bench/bar-cases.ts; answers the quickest of some passes. */
int serveBars(const std::string& name, size_t rows) {
  BarPrices prices;
  double state = 1, price = 100;
  const auto uniform = [&] { return (state = std::fmod(state * 48271, 2147483647)) / 2147483647; };
  for (size_t i = 0; i < rows; i++) {
    prices.fill.push_back(price * (1 + 0.0002 * (uniform() - 0.5)));
    price *= 1 + 0.004 * (uniform() - 0.5);
    prices.close.push_back(price);
  }
  std::vector<double> equity(rows);
  const BarRules rules{0.0005, -1};
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    double least = INFINITY;
    BarAccount account;
    for (int pass = 0; pass < 8; pass++) {
      const double start = cpuNs();
      if (name == "bars-macd") {
        account = macdCross(prices, 12, 26, 9, rules, equity.data());
      } else if (name == "bars-rsi") {
        account = rsiReversal(prices, 14, 30, 70, rules, equity.data());
      } else {
        account = dualAverage(prices, 20, 100, rules, equity.data());
      }
      least = std::min(least, cpuNs() - start);
    }
    double sum = 0;
    for (const double value : equity) sum += value;
    const uint32_t hash = hashOf({account.cash, account.position, account.fees, static_cast<double>(account.trades), sum,
                                  equity[rows - 1]});
    std::printf("%.4f %08" PRIx32 "\n", least / static_cast<double>(rows), hash);
    std::fflush(stdout);
  }
  return 0;
}

template <class Quoter>
int serve(double size, const Quoter& quoter, bool limited = false) {
  GeneratedMarket<Simulation<Quoter>> market(RATES, 10'000, 60);
  const double endNs = std::floor(size / 58 * 1e9 + 0.5);
  SimulationOptions options{endNs, 500'000, 500'000, -0.2, 0.3, 100, 1e9, true, 1e9, 1e9};
  if (limited) {
    options.maxLossTickLots = 400;
    options.flattenOnLoss = true;
    options.messagesPerS = 4;
    options.messageBurst = 5;
  }
  std::atomic<int32_t> control[2] = {};
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    const double start = cpuNs();
    market.start(SEED, 0);
    Simulation<Quoter> simulation(market, quoter, options);
    simulation.run(control, 0, 1);
    const double ns = cpuNs() - start;
    const std::string digest = digestOf(simulation, market.book.stateHash(), endNs);
    std::printf("%.4f %s\n", ns / static_cast<double>(simulation.events), digest.c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const double size = argc == 4 ? std::atof(argv[3]) : 0;
  const std::string name = size >= 1 && std::strcmp(argv[1], "serve") == 0 ? argv[2] : "";
  if (name == "hawkes-process") return serveHawkes(static_cast<int64_t>(size));
  if (name == "hawkes-likelihood") return serveLikelihood(static_cast<int64_t>(size));
  if (name == "bars-dual-average" || name == "bars-macd" || name == "bars-rsi") {
    return serveBars(name, static_cast<size_t>(size));
  }
  if (name == "sim-fixed") return serve(size, FixedQuoter(1, 10));
  if (name == "sim-limited") return serve(size, FixedQuoter(1, 10), true);
  if (name == "sim-adaptive") return serve(size, AdaptiveQuoter(0.02, 1.5, 60, 10, VolatilityEstimator(0.5, 1, 60)));
  std::fprintf(stderr, "usage: sim serve sim-fixed|sim-adaptive|sim-limited|hawkes-process|hawkes-likelihood|"
                       "bars-dual-average|bars-macd|bars-rsi SIZE\n");
  return 2;
}
