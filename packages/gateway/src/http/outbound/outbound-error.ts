export type OutboundReason =
  /** The URL, or the address behind it, may not be called. */
  | 'refused'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'too_large'
  | 'redirect'
  | 'aborted'
  /** The answer broke off, or is not valid HTTP. */
  | 'protocol';

/** Why an outbound call failed. The message may be logged and shown: it names the host, but never an address. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly reason: OutboundReason;
  /** The status of the answer, if one had begun when the call failed. */
  readonly status: number | undefined;

  constructor(reason: OutboundReason, message: string, status?: number) {
    super(message);
    this.reason = reason;
    this.status = status;
  }

  /** Adds the status that was read before the failure. */
  withStatus(status: number): OutboundError {
    return new OutboundError(this.reason, this.message, status);
  }
}

const TEXTS: Readonly<Record<OutboundReason, string>> = {
  refused: 'address not allowed',
  dns: 'host name not found',
  connect: 'connection failed',
  tls: 'TLS failed',
  timeout: 'timed out',
  too_large: 'answer too large',
  redirect: 'bad redirect',
  aborted: 'aborted',
  protocol: 'invalid answer',
};

export function outboundError(reason: OutboundReason, url: URL, text = TEXTS[reason]): OutboundError {
  // A literal address may be in the private network and may come from a redirect instead of the caller, so it is not shown.
  const literal = url.hostname.startsWith('[') || /^[\d.]+$/.test(url.hostname);
  return new OutboundError(reason, literal ? text : `${text} (${url.hostname})`);
}

/** Sorts errors of undici, the resolver, sockets and zlib. `connecting`: no request had been sent. */
export function sortError(thrown: unknown, url: URL, connecting: boolean): OutboundError {
  if (thrown instanceof OutboundError) return thrown;
  const error = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : undefined;
  const code = error?.code ?? '';
  if (error?.syscall === 'getaddrinfo' || error?.syscall?.startsWith('query') === true)
    return outboundError('dns', url);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return outboundError('timeout', url);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return outboundError('too_large', url, 'answer headers too large');
  if (!connecting) return outboundError('protocol', url);
  const socket = code === 'UND_ERR_CONNECT_TIMEOUT' || /^E[A-Z]+$/.test(code);
  return outboundError(socket && code !== 'EPROTO' ? 'connect' : 'tls', url);
}
