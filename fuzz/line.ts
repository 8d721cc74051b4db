import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf, type Reply, ReplyReader } from './reply.ts';

export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly ms: number }
  | { readonly kind: 'closed' | 'silent'; readonly ms: number };

export interface Sending {
  /** Written one after the other, with a short pause in between. */
  readonly pieces: readonly Buffer[];
  /** For a HEAD, whose answer has no body. */
  readonly bodyless: boolean;
  readonly timeoutMs: number;
}

const BETWEEN_PIECES_MS = 15;

/** One connection to the server that is reused, for one request at a time. */
export class Line {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #reader = new ReplyReader();

  constructor(url: URL) {
    this.#host = url.hostname.replace(/^\[|\]$/g, '');
    this.#port = Number(url.port || 80);
  }

  async send(sending: Sending): Promise<Outcome> {
    const used = this.#socket !== undefined;
    const outcome = await this.#exchange(sending);
    // The server may close an idle connection just at this moment, which says nothing about the request.
    return used && outcome.kind === 'closed' && outcome.ms < 1_000 ? this.#exchange(sending) : outcome;
  }

  /**
   * Everything that comes back until the other side closes, or has been quiet for some time: for bytes that may be any number of requests.
   */
  async sendAlone(bytes: Buffer, bodyless: boolean, quietMs: number): Promise<readonly Reply[]> {
    this.close();
    const socket = await this.#open();
    const reader = this.#reader;
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.write(bytes);
    const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
    for (let seen = -1; reader.rest !== seen; ) {
      seen = reader.rest;
      if (await Promise.race([closed, sleep(quietMs, false)])) break;
    }
    this.close();
    const replies: Reply[] = [];
    for (let reply = reader.take(bodyless, true); reply !== undefined; reply = reader.take(bodyless, true))
      replies.push(reply);
    return replies;
  }

  /** Sends the beginning of a request and closes the connection. */
  async cut(bytes: Buffer): Promise<void> {
    this.close();
    const socket = await this.#open();
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
    this.close();
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(): Promise<Socket> {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    await once(socket, 'connect');
    // A closed connection is an outcome like any other, reported by `close`.
    socket.on('error', () => {});
    this.#socket = socket;
    this.#reader = new ReplyReader();
    return socket;
  }

  async #exchange({ pieces, bodyless, timeoutMs }: Sending): Promise<Outcome> {
    const socket = this.#socket ?? (await this.#open());
    const reader = this.#reader;
    const startedAt = performance.now();
    const passed = (): number => performance.now() - startedAt;
    const result = new Promise<Outcome>((resolve) => {
      const done = (outcome: Outcome): void => {
        clearTimeout(timer);
        socket.off('data', onData).off('close', onClose);
        resolve(outcome);
      };
      const take = (ended: boolean): boolean => {
        const reply = reader.take(bodyless, ended);
        if (reply !== undefined) done({ kind: 'reply', reply, ms: passed() });
        return reply !== undefined;
      };
      const onData = (chunk: Buffer): void => {
        reader.push(chunk);
        take(false);
      };
      const onClose = (): void => {
        this.#socket = undefined;
        if (!take(true)) done({ kind: 'closed', ms: passed() });
      };
      const timer = setTimeout(() => {
        this.close();
        done({ kind: 'silent', ms: passed() });
      }, timeoutMs);
      socket.on('data', onData).on('close', onClose);
      if (socket.destroyed) onClose();
    });
    await write(socket, pieces);
    const outcome = await result;
    if (outcome.kind !== 'reply') this.close();
    else {
      if (reader.rest > 0) {
        this.close();
        return {
          ...outcome,
          reply: { ...outcome.reply, faults: [...outcome.reply.faults, 'bytes behind the answer'] },
        };
      }
      if (/\bclose\b/i.test(headerOf(outcome.reply, 'connection') ?? '')) this.close();
    }
    return outcome;
  }
}

async function write(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await sleep(BETWEEN_PIECES_MS);
    if (!socket.destroyed) socket.write(piece);
  }
}
