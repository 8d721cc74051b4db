import { connect, type Socket } from 'node:net';
import { rawRequest } from './load.ts';
import { monotonicMs } from './provided.ts';

/** A process that keeps many event streams open and reports when each of them heard of an end. */
export type StreamsQuestion =
  | {
      readonly ask: 'open';
      readonly port: number;
      readonly key: string;
      /** One stream for each id. */
      readonly ids: readonly string[];
    }
  /** Waits for this many streams to end, and forgets them. */
  | { readonly ask: 'ended'; readonly count: number }
  | { readonly ask: 'close' };

/** For each stream that ended, the time of the first byte about its end, in order. */
export type StreamsAnswer = readonly number[];

/** The number of connections opened at once: more would overflow the listening socket's queue and wait a second. */
const AT_ONCE = 100;

let sockets: Socket[] = [];
let ended: number[] = [];
let heard = (): void => {};

export async function answerStreams(question: StreamsQuestion): Promise<StreamsAnswer> {
  switch (question.ask) {
    case 'open': {
      const { port, key, ids } = question;
      const left = [...ids];
      const lane = async (): Promise<void> => {
        for (let id = left.pop(); id !== undefined; id = left.pop()) sockets.push(await open(port, key, id));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      return [];
    }
    case 'ended': {
      while (ended.length < question.count) {
        const { promise, resolve } = Promise.withResolvers<void>();
        heard = resolve;
        await promise;
      }
      const moments = ended;
      ended = [];
      return moments;
    }
    case 'close':
      for (const socket of sockets) socket.destroy();
      sockets = [];
      return [];
  }
}

/** Resolves at the first event, which gives the job's present state. */
function open(port: number, key: string, id: string): Promise<Socket> {
  const path = `/v1/generations/${id}/events`;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let told = '';
    let isOpen = false;
    socket.on('connect', () =>
      socket.write(rawRequest({ method: 'GET', path, headers: { authorization: `Bearer ${key}` } })),
    );
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (isOpen && !chunk.includes('event: ended')) return;
      if (isOpen) {
        ended.push(monotonicMs());
        socket.destroy();
        heard();
        return;
      }
      told += chunk.toString('latin1');
      if (!told.startsWith('HTTP/1.1 200')) reject(new Error(told));
      if (!told.includes('event: created')) return;
      told = '';
      isOpen = true;
      resolve(socket);
    });
  });
}
