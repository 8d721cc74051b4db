import { MultiBar } from 'cli-progress';

export type Stage = 'submitting' | 'queued' | 'processing' | 'downloading' | 'saved';

/** The part of a terminal stream that is used here. */
export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface Track {
  /** @param percent progress of the processing, if known; otherwise the bar moves by the elapsed time */
  at(stage: Stage, percent?: number): void;
}

export interface Progress {
  track(title: string): Track;
  /** Leaves the bars as they are and shows the cursor again. */
  stop(): void;
}

/** Where each stage begins on the bar, in percent. Processing without a known percentage moves towards its end and never reaches it. */
const START: Readonly<Record<Stage, number>> = {
  submitting: 0,
  queued: 5,
  processing: 10,
  downloading: 90,
  saved: 100,
};
/** Without a known percentage, the processing part of the bar is about two thirds full after this time. */
const EASE_MS = 2_500;
const TICK_MS = 100;

/** On a terminal: bars. Elsewhere: one plain line for each new stage, so that logs stay readable. */
export function showProgress(screen: Screen, now: () => number = Date.now, easeMs = EASE_MS): Progress {
  return screen.isTTY === true ? bars(screen, now, easeMs) : lines(screen, now);
}

function bars(screen: Screen, now: () => number, easeMs: number): Progress {
  const multi = new MultiBar({
    stream: screen,
    format: '  {title} {bar} {percentage}%  {stage}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    gracefulExit: false,
    autopadding: true,
  });
  const ticks: NodeJS.Timeout[] = [];
  return {
    track(title) {
      let stage: Stage = 'submitting';
      let since = now();
      let known: number | undefined;
      const bar = multi.create(100, 0, { title: title.padEnd(8), stage });
      const draw = (): void => bar.update(percent(stage, now() - since, known, easeMs), { stage });
      ticks.push(setInterval(draw, TICK_MS));
      return {
        at(next, told) {
          if (next !== stage) since = now();
          stage = next;
          known = told;
          draw();
        },
      };
    },
    stop() {
      for (const tick of ticks) clearInterval(tick);
      multi.stop();
    },
  };
}

function lines(screen: Screen, now: () => number): Progress {
  return {
    track(title) {
      const begun = now();
      let last: Stage | undefined;
      return {
        at(stage) {
          if (stage === last) return;
          last = stage;
          screen.write(`  ${title}: ${stage} after ${((now() - begun) / 1000).toFixed(1)} s\n`);
        },
      };
    },
    stop() {},
  };
}

/** A value between the start of this stage and the start of the next one. */
export function percent(stage: Stage, elapsedMs: number, known?: number, easeMs = EASE_MS): number {
  if (stage !== 'processing') return START[stage];
  const part = known === undefined ? 1 - Math.exp(-elapsedMs / easeMs) : Math.min(100, known) / 100;
  return Math.floor(START.processing + part * (START.downloading - START.processing - 1));
}
