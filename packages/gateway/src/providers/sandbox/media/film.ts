import { drawCamera, drawLayer, drawMote } from './motion.ts';
import { random } from './random.ts';
import { emptyYuv, type Yuv, type YuvLayer } from './yuv.ts';

/** The layers that a clip is made from: rendered once, then only moved. */
export type Stage = { behind: Yuv; things: YuvLayer | undefined };

const MOTES = 26;

/**
 * A slow push-in towards a point off the centre, with the things swaying and dust drifting in the light. At time 0 nothing has moved and no
 * light is added, so the first frame is the stage itself.
 */
export function film(stage: Stage, prompt: string, seed: number, durationSeconds: number) {
  const { behind, things } = stage;
  const { width: w, height: h } = behind;
  const r = random(`film ${prompt}`, seed);
  const frame = emptyYuv(w, h);
  const target = { x: r.between(0.15, 0.85), y: r.between(0.25, 0.6) };
  const reach = 0.1 + 0.02 * Math.min(6, durationSeconds);
  const sway = { amount: w * r.between(0.008, 0.016), every: r.between(3.2, 4.6), side: r.pick([-1, 1]) };
  const unit = Math.min(w, h);
  const motes = Array.from({ length: MOTES }, () => ({
    x: r.between(0, w),
    y: r.between(0, h),
    dx: unit * r.between(-0.02, 0.02),
    dy: unit * r.between(-0.05, -0.015),
    radius: Math.max(2, unit * r.between(0.004, 0.014)),
    strength: r.between(24, 70),
    phase: r.between(0, 6.28),
  }));

  /** Returns the same buffer each time, so encode a frame before the next call. */
  return (seconds: number): Yuv => {
    const done = seconds / durationSeconds;
    const eased = done * done * (3 - 2 * done) * 0.4 + done * 0.6;
    drawCamera(frame, behind, { zoom: 1 + reach * eased, ...target });
    if (things) {
      const swing = Math.sin((seconds / sway.every) * 2 * Math.PI);
      drawLayer(
        frame,
        things,
        sway.side * sway.amount * swing,
        -0.5 * sway.amount * (1 - Math.cos(seconds * 2.1)),
      );
    }
    const fade = Math.min(1, seconds / 0.8);
    for (const mote of motes) {
      drawMote(frame, {
        x: wrap(mote.x + mote.dx * seconds, w),
        y: wrap(mote.y + mote.dy * seconds, h),
        radius: mote.radius,
        strength: mote.strength * fade * (0.6 + 0.4 * Math.sin(seconds * 1.7 + mote.phase)),
      });
    }
    return frame;
  };
}

function wrap(value: number, size: number): number {
  return ((value % size) + size) % size;
}
