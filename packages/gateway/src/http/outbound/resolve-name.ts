import { promises as dns, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';

type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface ResolverParts {
  /** Default: those of the system. */
  readonly servers?: readonly string[];
  /** The resolver of the system, which takes a thread. */
  readonly system?: Lookup;
  /** Names that the operator has given addresses on this machine. */
  readonly hostsFile?: string;
}

const HOSTS_FILE = '/etc/hosts';
/** Each server is asked twice, for this long and then for about twice as long. */
const ASK_MS = 1_500;
const TRIES = 2;
/** The caller has given up after waiting so long for the resolver of the system. */
const MAX_WAIT_MS = 10_000;

/**
 * Finds the addresses of a name that a caller wrote.
 *
 * The resolver of the system blocks a thread for each name, and a process has two of them for all of its names, those of providers
 * included: a few names whose name servers never answer would keep every new connection waiting. So the name servers are asked without a
 * thread. Names of this machine, and what only the system can find (search domains), are looked up as usual, one at a time.
 */
export function createNameResolver({
  servers,
  system = (hostname) => dns.lookup(hostname, { all: true }),
  hostsFile = HOSTS_FILE,
}: ResolverParts = {}): Lookup {
  let turn: Promise<unknown> = Promise.resolve();
  const bySystem: Lookup = (hostname) => {
    const until = performance.now() + MAX_WAIT_MS;
    const found = turn.then(() => {
      if (performance.now() > until) throw new Error('the name could not be looked up in time');
      return system(hostname);
    });
    turn = found.catch(() => {});
    return found;
  };
  const isOfThisMachine = async (hostname: string): Promise<boolean> => {
    if (!hostname.includes('.')) return true;
    const hosts = await readFile(hostsFile, 'utf8').catch(() => '');
    return hosts.toLowerCase().split(/\s+/).includes(hostname.toLowerCase());
  };
  return async (hostname) => {
    if (await isOfThisMachine(hostname)) return bySystem(hostname);
    const found = await ask(hostname, servers);
    return found.length > 0 ? found : bySystem(hostname);
  };
}

/** Made for each name, because it reads only once which name servers there are. */
async function ask(hostname: string, servers: readonly string[] | undefined): Promise<LookupAddress[]> {
  const resolver = new dns.Resolver({ timeout: ASK_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const [four, six] = await Promise.all([
    resolver.resolve4(hostname).catch(() => []),
    resolver.resolve6(hostname).catch(() => []),
  ]);
  return [
    ...four.map((address) => ({ address, family: 4 })),
    ...six.map((address) => ({ address, family: 6 })),
  ];
}
