/** The life of a process that dies within a test: without a word, in the middle of whatever it does. */
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

/** Stands between a process and a call of its to what outlives it. */
export type Around = (name: string, call: () => unknown) => unknown;

const never = (): Promise<never> => new Promise(() => {});

/**
 * What outlives a process, as that one reaches it: once its life is over no call of it gets there, no answer comes back, and nothing
 * that it left to be called is called.
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
