import type { Stage } from '../progress.ts';

/** How a scene reaches the gateway: as a customer of one dialect, with that customer's key. */
export interface Access {
  /** The gateway's origin and the dialect's mount, such as `http://127.0.0.1:4010/kiara`. */
  readonly base: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** What a scene brought home: the generation, and its file as it was downloaded. */
export interface Take {
  readonly generationId: string;
  readonly bytes: Uint8Array;
  /** Of a text. Any other file is measured by decoding it. */
  readonly words?: number;
}

/** What a scene is made of, in any dialect. */
export interface Order {
  readonly title: string;
  readonly file: string;
  /** As the dialect names it. */
  readonly model: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One order of the demo: what is asked for, in which dialect, and the name of the file that it becomes. */
export interface Scene {
  readonly title: string;
  readonly file: string;
  readonly dialect: string;
  /** Where it is served, when that is not its name. */
  readonly mount?: string;
  readonly model: string;
  /** @throws SceneError when the dialect refuses or the generation fails */
  make(access: Access, report: (stage: Stage) => void): Promise<Take>;
}

/** Something that a dialect said no to, in words for the person at the terminal. */
export class SceneError extends Error {
  override name = 'SceneError';
  /** Set once there was a generation, so that the operator's view of it can be asked for. */
  readonly generationId: string | undefined;

  constructor(message: string, generationId?: string) {
    super(message);
    this.generationId = generationId;
  }
}
