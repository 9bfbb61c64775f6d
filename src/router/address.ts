/** What nodes connect to: a wildcard that a socket is bound to is no address that anybody can call. */

export interface Addresses {
  /** For a node on this machine. */
  readonly address: string;
  /** For a node on another machine; the same as `address` unless the router listens on every interface. */
  readonly joinAddress: string;
}

const WILDCARD = /^tcp:\/\/(?:\*|0\.0\.0\.0|\[::\]):(\d+)$/;

/** The command that adds another machine: the public key of the router, the file of a secret one. */
export function joinCommand(
  address: string,
  how: { readonly serverKey: string; readonly node: string } | 'plain' | 'insecure',
): string {
  const command = `mms node --router ${address}`;
  if (how === 'plain') return command;
  if (how === 'insecure') return `${command} --insecure`;
  return `${command} --server-key ${how.serverKey} --key-file ${how.node}.key`;
}

/** `endpoint` as the bound socket tells it, with the real port; `host` is this machine's name. */
export function addressesOf(endpoint: string, host: string): Addresses {
  const port = WILDCARD.exec(endpoint)?.[1];
  if (port === undefined) return { address: endpoint, joinAddress: endpoint };
  return { address: `tcp://127.0.0.1:${port}`, joinAddress: `tcp://${host}:${port}` };
}
