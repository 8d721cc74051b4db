export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code that a shell expects from a program that the signal ended; undefined if there was no signal. */
  exitCode(): number | undefined;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Turns the first Ctrl-C (or SIGTERM, SIGHUP) into an abort, so that there is time to clean up. The second one exits. */
export function listenForInterrupt(also?: AbortSignal): Interrupt {
  const stop = new AbortController();
  let code: number | undefined;
  const listeners = Object.entries(EXIT_CODES).map(([name, exitCode]) => {
    const listener = (): void => {
      if (code !== undefined) process.exit(exitCode);
      code = exitCode;
      stop.abort(new Error('interrupted'));
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: also === undefined ? stop.signal : AbortSignal.any([stop.signal, also]),
    exitCode: () => code,
    [Symbol.dispose]: () => {
      for (const remove of listeners) remove();
    },
  };
}
