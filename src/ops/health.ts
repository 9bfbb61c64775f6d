/** Health: is the process alive, and may it get work; every "no" comes with its reason. */

/** A sentence why the part is not well, or null. */
export type Check = () => string | null;

export interface Reason {
  readonly component: string;
  readonly reason: string;
}

export interface Readiness {
  readonly ready: boolean;
  /** What keeps it from being ready. */
  readonly reasons: readonly Reason[];
  /** What is worse than it should be while work goes on. */
  readonly degraded: readonly Reason[];
}

export interface Health {
  /** The part must be well for the service to be ready. */
  require(component: string, check: Check): void;
  /** The part may fail without stopping the service: told, not fatal. */
  observe(component: string, check: Check): void;
  /** All parts that may fail without stopping the service. */
  observed(): readonly string[];
  /** From now on never ready again: the process is stopping. */
  stopping(): void;
  ready(): Readiness;
}

/** Checks are called on every question, in the order they were added; one that throws counts as not well. */
export function createHealth(): Health {
  const required: [string, Check][] = [];
  const observed: [string, Check][] = [];
  let isStopping = false;
  return {
    require: (component, check) => void required.push([component, check]),
    observe: (component, check) => void observed.push([component, check]),
    observed: () => observed.map(([component]) => component),
    stopping() {
      isStopping = true;
    },
    ready() {
      const reasons = ask(required);
      if (isStopping) reasons.unshift({ component: 'process', reason: 'The service is stopping.' });
      return { ready: reasons.length === 0, reasons, degraded: ask(observed) };
    },
  };
}

function ask(checks: readonly [string, Check][]): Reason[] {
  return checks.flatMap(([component, check]) => {
    let reason: string | null;
    try {
      reason = check();
    } catch (error) {
      reason = `The check itself failed: ${(error as Error).message}`;
    }
    return reason === null ? [] : [{ component, reason }];
  });
}
