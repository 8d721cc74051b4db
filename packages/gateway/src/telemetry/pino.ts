import { pino } from 'pino';
import type { Log } from './log.ts';
import { createStderrSink } from './stderr-sink.ts';

/** The time as a member of the log line, formatted once per millisecond: under load many lines have the same one. */
function createTimestamp(): () => string {
  let at = Number.NaN;
  let member = '';
  return () => {
    const now = Date.now();
    if (now !== at) member = `,"time":"${new Date(now).toISOString()}"`;
    at = now;
    return member;
  };
}

/** JSON lines on stderr, because stdout is for the ready line and for the output of commands. `level` is asked for each line. */
export function createLog(level: () => string): Log {
  const logger = pino(
    {
      base: null,
      level: 'debug',
      timestamp: createTimestamp(),
      formatters: { level: (label) => ({ level: label }) },
    },
    createStderrSink(),
  );
  const order = ['debug', 'info', 'warn', 'error', 'silent'];
  const wanted = (at: string): boolean => order.indexOf(at) >= order.indexOf(level());
  return {
    debug: (fields, event) => wanted('debug') && logger.debug(fields, event),
    info: (fields, event) => wanted('info') && logger.info(fields, event),
    warn: (fields, event) => wanted('warn') && logger.warn(fields, event),
    error: (fields, event) => wanted('error') && logger.error(fields, event),
    isOn: wanted,
  };
}
