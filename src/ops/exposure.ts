/** Which addresses other machines can reach, and what must stand before one is opened or called. */
import type { ProblemFault } from '../contract/problem.js';
import { MmsError } from '../contract/problem.js';
import type { Config, SettingKey } from './settings.js';

/** True for hosts that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/**
 * True for a tcp://HOST:PORT, or a NATS server without TLS, that goes over a network; false for what is no
 * such address.
 */
export function isRemote(endpoint: string): boolean {
  const host = hostOf(endpoint);
  return host !== null ? !isLoopback(host) : isRemoteNats(endpoint);
}

function isRemoteNats(url: string): boolean {
  const servers = /^nats:\/\/(?:[^@/]*@)?([^/]+)/.exec(url)?.[1]?.split(',') ?? [];
  return servers.some((server) => !isLoopback(server.replace(/:\d+$/, '')));
}

/**
 * What the settings open to other machines: a fault for each address where nothing authenticates the other
 * side, or with `insecure` a warning instead, to be repeated while the service runs.
 */
export function exposure(
  { http, router, nats, insecure }: Config,
  origins: Readonly<Record<SettingKey, string>>,
  hasApiKeys: boolean,
): { readonly faults: readonly ProblemFault[]; readonly warnings: readonly string[] } {
  const faults: ProblemFault[] = [];
  const warnings: string[] = [];
  const expose = (key: SettingKey, value: string, who: string, expected: string, instead: string): void => {
    if (insecure) {
      warnings.push(
        `${key} ${value} is reachable from other machines and ${who} is not authenticated (insecure).`,
      );
      return;
    }
    const message =
      `Expected ${expected} for ${key}; got "${value}" (${origins[key]}). Whoever reaches it could use it, ` +
      `because ${who} is not authenticated. ${instead}, ` +
      `or add --insecure when the network itself keeps strangers out.`;
    faults.push({ pointer: `/${key.replaceAll('.', '/')}`, message });
  };
  if (!isLoopback(http.host) && !hasApiKeys) {
    const make = 'Either make an API key: "mms key create", or keep 127.0.0.1 and put an SSH tunnel in front';
    expose('http.host', http.host, 'a client', 'a loopback address or API keys', make);
  }
  if (nats.url !== null) {
    const tls = 'Either give the NATS server TLS and name it tls://';
    if (isRemoteNats(nats.url))
      expose('nats.url', '(hidden)', 'the NATS server', 'a loopback address or tls://', tls);
  } else if (hostOf(router.bind) === null) {
    const message = `Expected tcp://HOST:PORT for router.bind; got "${router.bind}" (${origins['router.bind']}).`;
    faults.push({ pointer: '/router/bind', message });
  } else if (isRemote(router.bind) && router.keys === null) {
    const keys = `Either make keys and use them: "mms keys new mms-keys", then "mms serve --router ${router.bind} --keys mms-keys"`;
    expose('router.bind', router.bind, 'a node', 'a loopback address or keys', keys);
  }
  return { faults, warnings };
}

/**
 * A node runs what its router sends, strategy code included, so a router on another machine must prove its
 * key. Throws MmsError E_CONFIG otherwise.
 */
export function refuseExposedJoin(router: string, hasKeys: boolean, insecure: boolean): void {
  if (hasKeys || insecure || !isRemote(router)) return;
  if (isRemoteNats(router)) {
    const detail =
      'Expected tls:// to join a NATS server that is not on this machine: without it anybody on the way could pose as ' +
      'the server. Name it tls://, or add --insecure when the network itself keeps strangers out.';
    throw new MmsError('E_CONFIG', detail);
  }
  throw new MmsError(
    'E_CONFIG',
    `Expected keys to join ${router}, which is not on this machine: without them anybody on the way could pose ` +
      'as the router. Join with the line that mms serve prints, ' +
      'or add --insecure when the network itself keeps strangers out.',
  );
}

function hostOf(endpoint: string): string | null {
  return /^tcp:\/\/(\[[^\]]+\]|[^:/]+):(\d{1,5}|\*)$/.exec(endpoint)?.[1] ?? null;
}
