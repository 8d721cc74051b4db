import { pino } from 'pino';
import type { Log } from './log.ts';
import { createStderrSink } from './stderr-sink.ts';

/** JSON lines on stderr: stdout belongs to the ready line and to what commands print. `level` is asked at each line. */
export function createLog(level: () => string): Log {
  const logger = pino(
    {
      base: null,
      level: 'debug',
      timestamp: pino.stdTimeFunctions.isoTime,
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
