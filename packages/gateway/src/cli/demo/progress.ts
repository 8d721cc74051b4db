import { MultiBar } from 'cli-progress';
import type { Stage } from './scene.ts';

/** The part of a terminal stream that is used here. */
export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface Track {
  at(stage: Stage): void;
}

export interface Progress {
  track(title: string): Track;
  /** Leaves the bars as they stand and gives the cursor back. */
  stop(): void;
}

/** How far along a stage is. No dialect here tells a percentage, so processing creeps towards its end and never gets there. */
const START: Readonly<Record<Stage, number>> = {
  submitting: 0,
  queued: 5,
  processing: 10,
  downloading: 90,
  saved: 100,
};
/** After this long the processing part of the bar is about two thirds full. */
const EASE_MS = 2_500;
const TICK_MS = 100;

/** Bars on a terminal; one plain line for each new stage elsewhere, so that logs stay readable. */
export function showProgress(screen: Screen, now: () => number = Date.now): Progress {
  return screen.isTTY === true ? bars(screen, now) : lines(screen, now);
}

function bars(screen: Screen, now: () => number): Progress {
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
      const bar = multi.create(100, 0, { title: title.padEnd(8), stage });
      const draw = (): void => bar.update(percent(stage, now() - since), { stage });
      ticks.push(setInterval(draw, TICK_MS));
      return {
        at(next) {
          if (next === stage) return;
          stage = next;
          since = now();
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

/** Between the start of a stage and the start of the next one. */
export function percent(stage: Stage, elapsedMs: number): number {
  if (stage !== 'processing') return START[stage];
  const part = 1 - Math.exp(-elapsedMs / EASE_MS);
  return Math.floor(START.processing + part * (START.downloading - START.processing - 1));
}
