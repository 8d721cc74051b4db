/** The life of a process that dies during a test: without notice, in the middle of whatever it does. */
export interface Life {
  readonly isOver: () => boolean;
  end(): void;
}

export function newLife(): Life {
  let over = false;
  return {
    isOver: () => over,
    end() {
      over = true;
    },
  };
}

/** Wraps a call from the process to something that outlives it. */
export type Around = (name: string, call: () => unknown) => unknown;

const never = (): Promise<never> => new Promise(() => {});

/**
 * What outlives a process, as the process sees it: once its life is over, its calls do not arrive, answers do not come back, and its
 * callbacks are not called.
 */
export function mortal<Target extends object>(
  target: Target,
  life: Life,
  around: Around = (_, call) => call(),
): Target {
  const ofTheLiving = (one: unknown): unknown =>
    typeof one === 'function' ? (...args: unknown[]) => (life.isOver() ? undefined : one(...args)) : one;
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (life.isOver()) return never();
        const answer = around(String(name), () => member.apply(target, args.map(ofTheLiving)));
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (value) => (life.isOver() ? never() : value),
          (error) => (life.isOver() ? never() : Promise.reject(error)),
        );
      };
    },
  });
}
