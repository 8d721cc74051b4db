import type { Stage } from '../progress.ts';

/** How a scene calls the gateway: as a customer of one dialect, with that customer's key. */
export interface Access {
  /** The gateway's origin and the dialect's mount, such as `http://127.0.0.1:4010/kiara`. */
  readonly base: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** The result of a scene: the generation, and its file as downloaded. */
export interface Take {
  readonly generationId: string;
  readonly bytes: Uint8Array;
  /** For a text. Other files are measured by decoding them. */
  readonly words?: number;
}

/** What a scene is made of, in any dialect. */
export interface Order {
  readonly title: string;
  readonly file: string;
  /** The model by the dialect's name for it. */
  readonly model: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One order of the demo: what is ordered, in which dialect, and the name of the resulting file. */
export interface Scene {
  readonly title: string;
  readonly file: string;
  readonly dialect: string;
  /** Where the dialect is served, if that is not its name. */
  readonly mount?: string;
  readonly model: string;
  /** @throws SceneError if the dialect refuses or the generation fails */
  make(access: Access, report: (stage: Stage) => void): Promise<Take>;
}

/** A refusal or failure in a dialect, in words for the person at the terminal. */
export class SceneError extends Error {
  override name = 'SceneError';
  /** Set once there is a generation, so that the operator's view of it can be fetched. */
  readonly generationId: string | undefined;

  constructor(message: string, generationId?: string) {
    super(message);
    this.generationId = generationId;
  }
}
