// The work of native-bench/paths.cpp by QuantLib's path generator, as its manual has it: geometric Brownian motion, Mersenne
// twister and inverse normal law. Same answers for every line that comes in. Built where libquantlib0-dev is installed.
#include <ql/quantlib.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>

using namespace QuantLib;

int main() {
  const Size STEPS = 252, PATHS = 100'000;
  const auto process = ext::make_shared<GeometricBrownianMotionProcess>(100.0, 0.05, 0.2);
  char line[16];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    PathGenerator<PseudoRandom::rsg_type> paths(process, 1.0, STEPS, PseudoRandom::make_sequence_generator(STEPS, 1), false);
    double terminals = 0, maxima = 0;
    for (Size i = 0; i < PATHS; i++) {
      const Path& path = paths.next().value;
      terminals += path.back();
      maxima += *std::max_element(path.begin(), path.end());
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const double ns = 1e9 * static_cast<double>(end.tv_sec - start.tv_sec) + static_cast<double>(end.tv_nsec - start.tv_nsec);
    std::printf("%.6f %.9f %.9f %.9f/%.9f\n", ns / static_cast<double>(PATHS * STEPS), terminals / PATHS, maxima / PATHS,
                terminals / PATHS, maxima / PATHS);
    std::fflush(stdout);
  }
  return 0;
}
